"""`python -m benchmarks.on_site.measure SITE RESULT.json`, from a sites directory: measure a filled site, write the result.

A process of its own: one that has filled a site keeps free memory, in which a report could grow unseen.
Environment: PEER=0 leaves the peer out, PEER_LIMIT=300 changes its 60 seconds, RUNS=1 the five runs, ONLY=lost,details
measures these pairs.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import frappe

from benchmarks import sizes, words
from benchmarks.on_site import fill, honesty, pairs, runs, truth

PEER_LIMIT = 60.0
WHO = ("ours", "theirs", "manager", "executive")


def main(site: str, path: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	filled = fill.filled()
	result = {
		"size": filled["size"],
		"seed": filled["seed"],
		"filled_in": filled["seconds"],
		"last_day": filled["last_day"],
		"day": str(date.today()),
		"runs": runs.RUNS,
		# processes that waited for a core in the minute before: above 1 the seconds are those of a busy machine
		"load": round(os.getloadavg()[0], 1),
		"volume": sizes.volume(filled["size"]),
		"machine": machine(),
		"honest": honesty.checked(),
		**measured(filled),
	}
	Path(path).write_text(json.dumps(result, ensure_ascii=False))
	return 0


def measured(filled: dict) -> dict:
	peer = os.environ.get("PEER", "1") != "0"
	limit = float(os.environ.get("PEER_LIMIT") or PEER_LIMIT)
	only = [key for key in os.environ.get("ONLY", "").split(",") if key]
	last_day = date.fromisoformat(filled["last_day"])
	chosen = [pair for pair in pairs.all_pairs(fill.company(), last_day) if not only or pair.key in only]
	runs.warm_up(chosen)
	found = [one(pair, limit, peer) for pair in chosen]
	figures = truth.compared(fill.company(), last_day, found, limit) if peer else []
	fill.use_messages_of("ours")
	return {"peer_limit": limit, "pairs": found, "truths": figures}


def one(pair: pairs.Pair, limit: float, peer: bool) -> dict:
	found = {"key": pair.key, "title": pair.title, **runs.measure(pair, limit, peer)}
	for who, user in (("manager", words.MANAGER), ("executive", words.EXECUTIVE)):
		found[who] = runs.measure_as(pair, user)
	say(f"{pair.title}\n  " + "\n  ".join(f"{who:10}{shown(found[who])}" for who in WHO if who in found))
	return found


def shown(side: dict) -> str:
	if side["outcome"] != "ok":
		return f"{side['outcome']} {side['error']} after {side['seconds'][0]:.1f} s"
	return (
		f"{side['median']:.3f} s, {side['statements']} statements, {side['rows']:,} rows, "
		f"{side['reads']:,} rows read, {side.get('memory')} MB"
	)


def machine() -> dict:
	"""What the seconds depend on; no name of the machine."""
	with open("/proc/cpuinfo") as handle:
		model = next((line.split(":", 1)[1].strip() for line in handle if line.startswith("model name")), "")
	with open("/proc/meminfo") as handle:
		kilobytes = int(handle.readline().split()[1])
	pool = frappe.db.sql("select @@innodb_buffer_pool_size")[0][0]
	return {
		"cpu": model or platform.machine(),
		"cores": os.cpu_count(),
		"memory_gb": round(kilobytes / 1024**2),
		"buffer_pool_gb": round(pool / 1024**3, 1),
		"python": platform.python_version(),
		"mariadb": frappe.db.sql("select version()")[0][0].split("-")[0],
		**{app: import_module(app).__version__ for app in ("frappe", "erpnext", "dafater_crm")},
	}


def say(text: str) -> None:
	print(text, flush=True)


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
