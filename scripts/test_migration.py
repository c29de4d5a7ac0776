"""`make test-migration FROM=<tag>`: a site of an earlier release, migrated to this checkout, passes the site tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling.bench import find_bench, why_no_bench
from tooling.paths import ROOT, WORK
from tooling.pytest_runs import run_site
from tooling.shell import ToolingError, output, say
from tooling.test_site import site_with_app


def main() -> int:
	tag = os.environ.get("FROM") or latest_tag()
	if not tag:
		say("migration: NOT run (there is no earlier release)")
		return 0
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	with release(tag) as previous, site_with_app(bench, previous) as ready:
		code = run_site(ready)
	say(f"\nmigration from {tag}: {'FAILED' if code else 'ran'} on {ready.versions}")
	return code


def latest_tag() -> str:
	return output(["git", "describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^"], cwd=ROOT)[1].strip()


@contextmanager
def release(tag: str) -> Iterator[Path]:
	"""The files of a release, beside this checkout's own."""
	path = WORK / f"release-{os.getpid()}"
	code, _out, err = output(["git", "worktree", "add", "--detach", str(path), tag], cwd=ROOT)
	if code:
		raise ToolingError(f"{tag} cannot be checked out: {err.strip()}")
	try:
		yield path
	finally:
		output(["git", "worktree", "remove", "--force", str(path)], cwd=ROOT)


if __name__ == "__main__":
	sys.exit(main())
