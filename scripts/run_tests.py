"""`make test`, `make test-unit`, `make test-site`: run_tests.py [unit] [site].

Unit tests always run. Site tests run where a bench is found; asked for alone, their absence is a failure.
"""

from __future__ import annotations

import sys

from tooling.bench import find_bench, why_no_bench
from tooling.pytest_runs import pytest_args, run_site, run_unit
from tooling.shell import ToolingError, say
from tooling.test_site import site_with_app


def main(asked: list[str]) -> int:
	wanted = asked or ["unit", "site"]
	lines, codes = [], []
	if "unit" in wanted:
		code = run_unit()
		lines.append(f"unit tests: {word(code)}")
		codes.append(code or 0)
	if "site" in wanted:
		line, code = site_part(required=wanted == ["site"])
		lines.append(f"site tests: {line}")
		codes.append(code)
	say("\n" + "; ".join(lines))
	return next((code for code in codes if code), 0)


def site_part(required: bool) -> tuple[str, int]:
	bench = find_bench()
	if not bench:
		if required:
			raise ToolingError(
				f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`."
			)
		return f"NOT run ({why_no_bench()})", 0
	if pytest_args("tests/site") is None:
		return word(None), 0
	with site_with_app(bench) as ready:
		code = run_site(ready)
		return f"{word(code)} on {ready.versions}", code


def word(code: int | None) -> str:
	if code is None:
		return "NOT run (PYTEST_ARGS names none of them)"
	return "ran" if code == 0 else "FAILED"


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
