"""What is kept of a run (`results/<size>.json`), and the targets that it has to meet. No Frappe, no database."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "results"
SIZES = ("s", "m", "l")
LEVELS = ("easy", "normal", "hard")
STATEMENTS = {"ours": 4, "manager": 4, "executive": 4}
MEGABYTES = 100
SECONDS = {"m": 1.0, "l": 5.0}


def median(values: list[float]) -> float:
	"""Raises StatisticsError for none at all."""
	return statistics.median(values)


def store(result: dict, folder: Path = FOLDER) -> Path:
	"""Write one size's result; those of other sizes stay."""
	folder.mkdir(exist_ok=True)
	path = folder / f"{result['size']}.json"
	path.write_text(json.dumps(result, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
	return path


def read(path: Path) -> dict:
	return json.loads(path.read_text())


def stored(folder: Path = FOLDER) -> dict[str, dict]:
	"""Size -> result, smallest first."""
	paths = ((size, folder / f"{size}.json") for size in SIZES)
	return {size: read(path) for size, path in paths if path.exists()}


def store_duplicates(result: dict, folder: Path = FOLDER) -> Path:
	"""Write the levels that were run in place of what is stored of them; others stay."""
	before = stored_duplicates(folder) or {"levels": []}
	ran = {one["level"] for one in result["levels"]}
	levels = [*(one for one in before["levels"] if one["level"] not in ran), *result["levels"]]
	path = folder / "duplicates.json"
	whole = {**result, "levels": sorted(levels, key=lambda one: LEVELS.index(one["level"]))}
	path.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n")
	return path


def stored_duplicates(folder: Path = FOLDER) -> dict | None:
	"""The last run of the nightly search for duplicates on a site; None before the first one."""
	path = folder / "duplicates.json"
	return read(path) if path.exists() else None


def ratio(pair: dict) -> float | None:
	"""How many times longer the peer takes; None where it gave no figure."""
	ours, theirs = pair["ours"].get("median"), pair.get("theirs", {}).get("median")
	return theirs / ours if ours and theirs else None


def grown(pair_key: str, results: dict[str, dict]) -> dict[str, float]:
	"""Size -> median seconds of ours."""
	found = {}
	for size, result in results.items():
		pair = next((pair for pair in result["pairs"] if pair["key"] == pair_key), None)
		if pair and pair["ours"].get("median"):
			found[size] = pair["ours"]["median"]
	return found


def checks(result: dict, results: dict[str, dict]) -> list[dict]:
	"""Every target of this size: {"target", "passed", "missed": what missed it}. Seconds are promised for m and l only."""
	size = result["size"]
	found = []
	if size in SECONDS:
		found.append(
			_check(
				f"each of ours takes at most {SECONDS[size]:g} s, warm",
				[_seconds_missed(pair, who, SECONDS[size]) for pair in result["pairs"] for who in STATEMENTS],
			)
		)
	for who, most in STATEMENTS.items():
		found.append(
			_check(
				f"at most {most} statements, {who}",
				[_over(pair, who, "statements", most) for pair in result["pairs"]],
			)
		)
	found.append(
		_check(
			f"at most {MEGABYTES} MB",
			[_over(pair, who, "memory", MEGABYTES) for pair in result["pairs"] for who in STATEMENTS],
		)
	)
	if any("theirs" in pair for pair in result["pairs"]):  # PEER=0 compares with nobody
		found.append(_check("none slower than its peer", [_slower(pair) for pair in result["pairs"]]))
	if size == "l" and "s" in results:
		factor = result["volume"]["leads"] / results["s"]["volume"]["leads"]
		found.append(
			_check(
				f"from s to l at most {factor:g} times the seconds",
				[_growth(pair, results, factor) for pair in result["pairs"]],
			)
		)
	return found


def _check(target: str, missed: list[str | None]) -> dict:
	real = [text for text in missed if text]
	return {"target": target, "passed": not real, "missed": real}


def _seconds_missed(pair: dict, who: str, most: float) -> str | None:
	found = pair.get(who)
	if not found:
		return None
	if found["outcome"] != "ok":
		return f"{pair['title']} ({who}): {found['error'] or 'over the time limit'}"
	return _over(pair, who, "median", most)


def _over(pair: dict, who: str, figure: str, most: float) -> str | None:
	value = pair.get(who, {}).get(figure)
	return f"{pair['title']} ({who}): {value:.4g}" if value is not None and value > most else None


def _slower(pair: dict) -> str | None:
	times = ratio(pair)
	return f"{pair['title']}: {times:.2f} times the peer's speed" if times is not None and times < 1 else None


def _growth(pair: dict, results: dict[str, dict], factor: float) -> str | None:
	seconds = grown(pair["key"], results)
	if "s" not in seconds or "l" not in seconds or seconds["l"] <= factor * seconds["s"]:
		return None
	return f"{pair['title']}: {seconds['l'] / seconds['s']:.0f} times"
