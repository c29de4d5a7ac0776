"""`make bench-duplicates`: benchmarks/duplicates in the environment of the unit tests. BENCH_ARGS are passed on.

With SITE_RUN=1 the nightly search of a site that holds these leads, on a throw-away site; BENCH_ARGS then name levels.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tooling.bench import find_bench, why_no_bench
from tooling.paths import ROOT, env_flag
from tooling.shell import ToolingError, say, status
from tooling.test_site import site_with_app
from tooling.venvs import unit_venv

sys.path.insert(0, str(ROOT))

from benchmarks import render, results


def main(arguments: list[str]) -> int:
	return on_site(arguments) if env_flag("SITE_RUN") else in_memory(arguments)


def in_memory(arguments: list[str]) -> int:
	command = [unit_venv(), "-m", "benchmarks.duplicates.run", *arguments]
	return status(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def on_site(levels: list[str]) -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	with site_with_app(bench) as ready, tempfile.TemporaryDirectory() as folder:
		say(f"nightly search for duplicates on {ready.versions}\n")
		path = Path(folder) / "duplicates.json"
		command = [ready.runner.python, "-m", "benchmarks.duplicates.site", ready.site.name, path, *levels]
		code = ready.runner.status(command)
		if path.exists() and not os.environ.get("ROWS"):
			stored = results.store_duplicates(results.read(path))
			render.write(ROOT / "docs" / "benchmarks.md", results.stored(), results.stored_duplicates())
			say(f"\nstored in {stored.relative_to(ROOT)} and docs/benchmarks.md")
		return code


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
