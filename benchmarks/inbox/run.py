"""`python -m benchmarks.inbox.run SITE RESULT`, from a sites directory: both parts, the targets, and a file with the figures."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import frappe

from benchmarks.inbox import accept, fill, lists
from benchmarks.inbox.targets import checks


def main(site: str, path: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	# what else the machine did: above the number of cores the seconds are too high
	result = {"accept": None, "filled": None, "lists": [], "load_before": round(os.getloadavg()[0], 1)}
	print(f"load of the machine before: {result['load_before']}, {os.cpu_count()} cores", flush=True)
	only = os.environ.get("ONLY") or "accept,lists"
	if "accept" in only:
		result["accept"] = accept.measure(site)
		show_accept(result["accept"])
	if "lists" in only:
		result["filled"] = fill.ensure()
		if result["filled"]:
			print(
				f"{fill.CONVERSATIONS * fill.EACH:,} messages filled in {result['filled']:.0f} s", flush=True
			)
		result["lists"] = lists.measure()
		show_lists(result["lists"])
	Path(path).write_text(json.dumps(result, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
	return report(checks(result))


def show_accept(found: dict) -> None:
	half, drained = found["half"], found["drain"]
	print(f"ping     {found['ping']:7.0f} answers a second")
	print(f"webhook  {found['webhook']:7.0f} deliveries a second, {found['ratio']:.2f} of ping")
	print(
		f"at half  {half['asked']:7.0f} a second: p50 {half['p50'] * 1000:.0f} ms, p99 {half['p99'] * 1000:.0f} ms ({half['rate']:.0f} answered)"
	)
	print(f"taken    {found['accepted']:7,} of which {found['rows']:,} are kept; {found['refused']} refused")
	print(
		f"drain    {drained['rate']:7.0f} messages a second in one worker, {drained['processor'] * 1000:.1f} ms of it and {drained['statements']:.1f} statements each",
		flush=True,
	)


def show_lists(found: list[dict]) -> None:
	print(f"\n{'view':<18}{'who':<9}{'ms':>7}{'statements':>12}{'rows':>6}{'rows read':>11}")
	for one in found:
		print(
			f"{one['view']:<18}{one['who']:<9}{one['seconds'] * 1000:>7.1f}{one['statements']:>12}{one['rows']:>6}{one['reads']:>11,}"
		)


def report(found: list[dict]) -> int:
	print()
	for check in found:
		print(f"{'PASS' if check['passed'] else 'FAIL'}  {check['target']}: {check['found']}")
	return 0 if all(check["passed"] for check in found) else 1


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
