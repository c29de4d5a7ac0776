"""Measures the pairs: seconds in turn, statements, rows, and the memory of one run.

Each run begins like a request of its own: as the user, with nothing cached in the process but what Redis holds.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import time

import frappe

from benchmarks.counting import counted
from benchmarks.on_site import fill
from benchmarks.on_site.children import Outcome, in_child, one_line
from benchmarks.on_site.pairs import Pair
from benchmarks.results import median
from dafater_crm.queries import granted

RUNS = int(os.environ.get("RUNS") or 5)
OUR_LIMIT = 600.0
# ERPNext keeps exchange rates under these bare keys in the shared Redis, for ever and for every site
RATE_KEYS = ("USD", "EUR", "SAR")


def measure(pair: Pair, limit: float, peer: bool = True) -> dict:
	"""Ours and, if wanted, the peer as Administrator: {"ours": {...}, "theirs": {...}}; see `results.py` for the keys."""
	forget_rates()
	probe = in_child(once, pair, "theirs", limit=limit) if peer else None
	sides = (
		["ours", "theirs"]
		if probe and probe.kind == "ok" and probe.seconds * (RUNS + 1) < limit * 3
		else ["ours"]
	)
	timed = in_child(in_turn, pair, "Administrator", sides, limit=OUR_LIMIT)
	found = {"ours": _side(timed, "ours")}
	found["ours"]["memory"] = _memory(pair, "ours", OUR_LIMIT)
	if probe:
		found["theirs"] = _side(timed, "theirs") if "theirs" in sides else _probe(probe)
		if probe.kind == "ok":
			found["theirs"]["memory"] = _memory(pair, "theirs", limit)
	forget_rates()
	return found


def measure_as(pair: Pair, user: str) -> dict:
	"""Ours as another user."""
	found = _side(in_child(in_turn, pair, user, ["ours"], limit=OUR_LIMIT), "ours")
	return {**found, "memory": _memory(pair, "ours", OUR_LIMIT, user)}


def in_turn(pair: Pair, user: str, sides: list[str]) -> dict:
	"""One untimed run of each side, then RUNS of each in turn. A peer that fails stops alone, with its error."""
	found: dict = {side: {"seconds": []} for side in sides}
	for number in range(RUNS + 1):
		for side in [side for side in sides if "error" not in found[side]]:
			try:
				one = run(pair, side, user)
			except Exception as error:
				if side == "ours":
					raise
				found[side]["error"] = one_line(error)
				continue
			if number:
				found[side]["seconds"].append(one.pop("seconds"))
				found[side].update(one)
	return found


def once(pair: Pair, side: str) -> dict:
	return run(pair, side, "Administrator")


def run(pair: Pair, side: str, user: str) -> dict:
	"""One run: seconds, statements, rows of the report, and reads (rows that MariaDB's handlers read for it)."""
	execute, filters = pair.execute(side), pair.filters(side)
	as_new_request(user, side)
	reads = handler_reads()
	with counted() as counter:
		started = time.perf_counter()
		result = execute(filters)
		seconds = time.perf_counter() - started
	reads = handler_reads() - reads
	return {"seconds": seconds, "statements": counter[0], "rows": len(result[1]), "reads": reads}


def handler_reads() -> int:
	"""Rows read so far by this connection; unlike seconds, it does not depend on what else the machine does."""
	return sum(int(value) for _name, value in frappe.db.sql("show session status like 'Handler_read%%'"))


def as_new_request(user: str, side: str) -> None:
	fill.use_messages_of(side)
	frappe.set_user(user)
	frappe.local.lang = "en"
	frappe.local.message_log = []
	frappe.db.value_cache.clear()
	granted.forget()
	gc.collect()


def _side(outcome: Outcome, side: str) -> dict:
	if outcome.kind != "ok":
		return _probe(outcome)
	found = outcome.value[side]
	if "error" in found:
		return {"outcome": "error", "error": found["error"], "seconds": found["seconds"] or [0.0]}
	return {"outcome": "ok", "median": median(found["seconds"]), **found}


def _probe(outcome: Outcome) -> dict:
	"""A side that was run once only: it failed, was too late, or takes too long for more."""
	if outcome.kind == "ok":
		found = dict(outcome.value)
		seconds = found.pop("seconds")
		return {"outcome": "ok", "median": seconds, "seconds": [seconds], **found}
	return {"outcome": outcome.kind, "error": outcome.error, "seconds": [outcome.seconds]}


def _memory(pair: Pair, side: str, limit: float, user: str = "Administrator") -> float | None:
	"""Megabytes by which the peak of a fresh child grew above what it had before the run; None where it failed."""
	outcome = in_child(peak_growth, pair, side, user, limit=limit)
	return outcome.value if outcome.kind == "ok" else None


def peak_growth(pair: Pair, side: str, user: str) -> float:
	execute, filters = pair.execute(side), pair.filters(side)
	as_new_request(user, side)
	# memory that the process holds but does not use would hide what a run takes
	with contextlib.suppress(OSError, AttributeError):
		ctypes.CDLL("libc.so.6").malloc_trim(0)
	# from here on Linux notes the peak anew
	with open("/proc/self/clear_refs", "w") as handle:
		handle.write("5")
	before = _status("VmRSS")
	result = execute(filters)
	after = _status("VmHWM")
	return round(max(after - before, 0) / 1024, 1) if result else 0.0


def _status(name: str) -> int:
	"""Kilobytes."""
	with open("/proc/self/status") as handle:
		return next(int(line.split()[1]) for line in handle if line.startswith(f"{name}:"))


def forget_rates() -> None:
	frappe.cache.delete(*RATE_KEYS)


def warm_up(pairs: list[Pair]) -> None:
	"""Import every report and run ours once over one day, so that a child's memory is that of its run."""
	for pair in pairs:
		pair.execute("theirs")
		filters = pair.filters("ours")
		if filters.get("to_date"):
			filters["from_date"] = filters["to_date"]
		else:
			filters["lead"] = "none"
		as_new_request("Administrator", "ours")
		pair.execute("ours")(filters)
