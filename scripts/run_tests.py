"""`make test`, `make test-unit`, `make test-site`: run_tests.py [unit] [site] [browser].

Unit tests always run. Site tests run where a bench is found; asked for alone, their absence is a failure. The browser tests, here the
walk of the inbox, run where the bench, Node and Chromium are found.
"""

from __future__ import annotations

import os
import sys

from test_browser import asked_for, walked
from tooling.bench import find_bench, why_no_bench
from tooling.browser_walks import why_no_browser
from tooling.pytest_runs import pytest_args, run_site, run_unit
from tooling.shell import ToolingError, say
from tooling.test_site import site_with_app


def main(asked: list[str]) -> int:
	wanted = asked or ["unit", "site", "browser"]
	lines, codes = [], []
	if "unit" in wanted:
		code = run_unit()
		lines.append(f"unit tests: {word(code)}")
		codes.append(code or 0)
	if "site" in wanted:
		line, code = site_part(required=wanted == ["site"])
		lines.append(f"site tests: {line}")
		codes.append(code)
	if "browser" in wanted:
		line, code = browser_part()
		lines.append(f"browser tests: {line}")
		codes.append(code)
	say("\n" + "\n".join(lines))
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


def browser_part() -> tuple[str, int]:
	bench = find_bench()
	if os.environ.get("PYTEST_ARGS"):
		return "NOT run (PYTEST_ARGS selects others; `make test-browser` runs them)", 0
	if reason := why_no_browser(bench) if bench else why_no_bench():
		return f"NOT run ({reason})", 0
	return walked(bench, asked_for("inbox"))


def word(code: int | None) -> str:
	if code is None:
		return "NOT run (PYTEST_ARGS names none of them)"
	return "ran" if code == 0 else "FAILED"


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
