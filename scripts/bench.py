"""`make bench SIZE=m`: our nine reports beside ERPNext's nine, on the same data, on a throw-away or kept site."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tooling.bench import find_bench, why_no_bench
from tooling.paths import ROOT
from tooling.shell import ToolingError, say
from tooling.test_site import ReadySite, site_with_app

sys.path.insert(0, str(ROOT))

from benchmarks import render, results, sizes


def main() -> int:
	size = os.environ.get("SIZE") or "m"
	if size not in sizes.LEADS:
		raise ToolingError(f"SIZE is one of {', '.join(sizes.LEADS)}, for example `make bench SIZE=s`.")
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	with site_with_app(bench) as ready:
		say(f"benchmark of size {size} on {ready.versions}\n")
		result = run(ready, size)
	if os.environ.get("ONLY"):
		say("\nONLY measures some reports: nothing is stored.")
		return 0
	results.store(result)
	all_results = results.stored()
	render.write(ROOT / "docs" / "benchmarks.md", all_results, results.stored_duplicates())
	say(f"\nstored in benchmarks/results/{size}.json and docs/benchmarks.md")
	return report(results.checks(result, all_results))


def run(ready: ReadySite, size: str) -> dict:
	"""Fill and measure in a Python with Frappe; what it found comes back through a file."""
	with tempfile.TemporaryDirectory() as folder:
		path = Path(folder) / "result.json"
		for step in (("prepare", ready.site.name, size), ("measure", ready.site.name, path)):
			module, *arguments = step
			command = [ready.runner.python, "-m", f"benchmarks.on_site.{module}", *arguments]
			if ready.runner.status(command):
				raise ToolingError("The benchmark did not come to an end; the reason is above.")
		return results.read(path)


def report(checks: list[dict]) -> int:
	say("")
	for check in checks:
		say(f"{'PASS' if check['passed'] else 'FAIL'}  {check['target']}")
		for missed in check["missed"]:
			say(f"      {missed}")
	return 0 if all(check["passed"] for check in checks) else 1


if __name__ == "__main__":
	sys.exit(main())
