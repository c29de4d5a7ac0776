"""`make bench-duplicates`: benchmarks/duplicates in the environment of the unit tests. BENCH_ARGS are passed on."""

from __future__ import annotations

import sys

from tooling.paths import ROOT
from tooling.shell import status
from tooling.venvs import unit_venv

if __name__ == "__main__":
	sys.exit(
		status(
			[unit_venv(), "benchmarks/duplicates/run.py", *sys.argv[1:]],
			cwd=ROOT,
			env={"PYTHONPATH": str(ROOT)},
		)
	)
