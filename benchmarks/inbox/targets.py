"""What the inbox has to reach. No Frappe, no database."""

from __future__ import annotations

from typing import Any

# the webhook does more than ping: three reads, a signature, an insert, a commit that is on disk
RATIO = 0.7
P50, P99 = 0.1, 0.25
STATEMENTS, SECONDS = 10, 0.2
# one worker, on a core of its own
DRAINED = 100


def checks(result: dict[str, Any]) -> list[dict[str, Any]]:
	"""[{"target", "passed", "found"}] of the parts that were measured."""
	found = _accept(result["accept"]) if result["accept"] else []
	return [*found, *(_lists(result["lists"]) if result["lists"] else [])]


def _accept(accept: dict[str, Any]) -> list[dict[str, Any]]:
	half = accept["half"]
	return [
		_check(f"at least {RATIO:g} of the rate of ping", accept["ratio"] >= RATIO, f"{accept['ratio']:.2f}"),
		_check(
			f"at half the rate p50 at most {P50 * 1000:g} ms",
			half["p50"] <= P50,
			f"{half['p50'] * 1000:.0f} ms",
		),
		_check(
			f"at half the rate p99 at most {P99 * 1000:g} ms",
			half["p99"] <= P99,
			f"{half['p99'] * 1000:.0f} ms",
		),
		_check(
			"every delivery that was taken is kept",
			_kept(accept),
			f"{accept['rows']} of {accept['accepted']}",
		),
		_check(
			f"one worker drains at least {DRAINED} messages a second",
			accept["drain"]["rate"] >= DRAINED,
			f"{accept['drain']['rate']:.0f}",
		),
	]


def _kept(accept: dict[str, Any]) -> bool:
	return accept["rows"] == accept["accepted"] > 0 and not accept["refused"]


def _lists(lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
	most = max(lists, key=lambda one: one["statements"])
	slowest = max(lists, key=lambda one: one["seconds"])
	return [
		_check(
			f"fewer than {STATEMENTS} statements a view",
			most["statements"] < STATEMENTS,
			_named(most, f"{most['statements']}"),
		),
		_check(
			f"less than {SECONDS * 1000:g} ms a view",
			slowest["seconds"] < SECONDS,
			_named(slowest, f"{slowest['seconds'] * 1000:.0f} ms"),
		),
	]


def _named(one: dict[str, Any], figure: str) -> str:
	return f"{figure} ({one['view']}, {one['who']})"


def _check(target: str, passed: bool, found: str) -> dict[str, Any]:
	return {"target": target, "passed": passed, "found": found}
