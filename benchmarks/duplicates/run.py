"""Measure duplicate detection: precision, recall, seconds, memory. `make bench-duplicates`.

	PYTHONPATH=. python benchmarks/duplicates/run.py [--rows 50000] [--seeds 1 2 3] [--levels easy normal hard] [--show 20]

Precision: the share of pairs of rows put into one group that are one person or branch. Recall: the share of true pairs
that are in one group. Cluster figures count whole groups that are exactly right. CPU
seconds are those of cleaning and matching together, for a machine that does other things too. Exit code 1 when a
level misses the target.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter

from benchmarks.duplicates.generator import HEADINGS, LEVELS, Data, Generator
from benchmarks.duplicates.scores import TARGET, TARGET_SECONDS, pairs_of, precision_and_recall, true_groups
from dafater_crm.domain import duplicates, headings, matching
from dafater_crm.domain import profiles as prepared
from dafater_crm.intake.rows import RowCleaner
from dafater_crm.intake.table import Row


def measure(level: str, seed: int, rows: int, show: int) -> bool:
	data = Generator(seed, LEVELS[level]).generate(rows)
	columns = headings.recognise(HEADINGS, data.rows[:100])
	cleaner = RowCleaner(columns)
	started, cpu = time.monotonic(), time.process_time()
	clean = [cleaner.clean(Row(place + 2, list(cells))) for place, cells in enumerate(data.rows)]
	profiles = [prepared.profile(row.record()) for row in clean]
	cleaned = time.monotonic()
	result = duplicates.find(profiles)
	done = time.monotonic()
	used = time.process_time() - cpu
	truth = true_groups(data.truth)
	expected, found = pairs_of(truth), pairs_of(result.groups)
	precision, recall = precision_and_recall(found, expected)
	exact = len({tuple(group) for group in truth} & {tuple(group) for group in result.groups})
	possible = {pair for pair, match in result.pairs.items() if match.decision == matching.POSSIBLE} - found
	print(
		f"{level:7}{seed:5}{rows:8}{precision:11.4f}{recall:9.4f}{exact / max(1, len(result.groups)):9.4f}"
		f"{exact / max(1, len(truth)):9.4f}{len(possible):10}{len(possible & expected):7}"
		f"{cleaned - started:9.1f}{done - cleaned:9.1f}{used:8.1f}"
		f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f}",
		flush=True,
	)
	if show:
		explain(data, expected, found, result, profiles, show)
	return min(precision, recall) >= TARGET and used < TARGET_SECONDS


def explain(data: Data, expected, found, result, profiles, show: int) -> None:
	"""Print what went wrong, by the changes that were made, with some examples."""
	frequencies = duplicates.count(profiles)
	for title, wrong in (("MISSED", sorted(expected - found)), ("WRONG", sorted(found - expected))):
		kinds = Counter(
			change for one, other in wrong for change in {*data.changes[one], *data.changes[other]}
		)
		print(title, len(wrong), kinds.most_common(12))
		for one, other in wrong[:show]:
			known = result.pairs.get((one, other))
			match = known or matching.score(profiles[one], profiles[other], frequencies)
			print(
				"  ",
				"blocked" if known else "NOT IN PAIRS",
				round(match.score, 2),
				match.decision,
				*match.reasons,
			)
			print("      ", data.rows[one], data.changes[one])
			print("      ", data.rows[other], data.changes[other])


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--rows", type=int, default=50_000)
	parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
	parser.add_argument("--levels", nargs="+", choices=tuple(LEVELS), default=list(LEVELS))
	parser.add_argument("--show", type=int, default=0, help="examples of errors to print")
	options = parser.parse_args()
	print(
		"level   seed    rows  precision   recall  groups+  groups%  possible  (true)    clean s  match s   CPU s MB peak\n"
		"                      (pairs)    (pairs)  (precis.) (recall)"
	)
	failed = False
	for level in options.levels:
		for seed in options.seeds:
			failed |= not measure(level, seed, options.rows, options.show)
	print(
		f"target: precision and recall of pairs at least {TARGET} in under {TARGET_SECONDS} CPU s, at every level"
	)
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
