"""Calling pytest: unit tests anywhere, site tests on a site."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

from tooling.paths import ROOT
from tooling.shell import ToolingError, status
from tooling.test_site import ReadySite
from tooling.venvs import unit_venv

NOTHING_COLLECTED = 5
# for faketime: files keep their times, so that pytest and Frappe know which is the newer
ONLY_THE_CLOCK = {"NO_FAKE_STAT": "1"}


def pytest_args(folder: str) -> list[str] | None:
	"""PYTEST_ARGS for one of the two folders; None when they name files of the other folder only.

	Paths are made absolute: site tests start from the site's directory, not from the checkout.
	"""
	arguments, named, mine = [], 0, 0
	for argument in shlex.split(os.environ.get("PYTEST_ARGS", "")):
		path = ROOT / argument.split("::")[0]
		if argument.startswith("-") or not is_there(path) or path == ROOT:
			arguments.append(argument)
			continue
		named += 1
		if path.is_relative_to(ROOT / folder) or (ROOT / folder).is_relative_to(path):
			mine += 1
			arguments.append(str(ROOT / argument))
	if named and not mine:
		return None
	return arguments if mine else [*arguments, str(ROOT / folder)]


def is_there(path: Path) -> bool:
	"""Whether there is such a file; the words of a long `-k` are none, though no file may have so long a name."""
	try:
		return path.exists()
	except OSError:
		return False


def command(python: Path, arguments: list[str]) -> list[str]:
	config = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
	return [str(python), "-m", "pytest", *config, *arguments]


def honest(code: int) -> int:
	"""A selection by PYTEST_ARGS may leave nothing in one of the folders; without one, nothing collected is a failure."""
	return 0 if code == NOTHING_COLLECTED and os.environ.get("PYTEST_ARGS") else code


def at_clock(arguments: list[str]) -> list[str]:
	"""The command under the clock of CLOCK, a time in Riyadh like '2026-12-31 23:50', from which it runs on.

	What a test may owe to the hour or the day is found this way: late in the evening, on a Friday, in Ramadan, at the end of a year.
	The database keeps the machine's clock, so the time has to lie ahead.
	"""
	moment = os.environ.get("CLOCK", "").strip()
	if not moment:
		return arguments
	if not shutil.which("faketime"):
		raise ToolingError("CLOCK needs the program faketime. On Debian: apt-get install faketime.")
	return ["faketime", f'TZ="Asia/Riyadh" {moment}', *arguments]


def run_unit() -> int | None:
	arguments = pytest_args("tests/unit")
	if arguments is None:
		return None
	# Site tests in the same shell must not leak in: the unit environment has no Frappe.
	env = {"DAFATER_TEST_SITE": "", "DAFATER_TEST_SITES": ""}
	tests = at_clock(command(unit_venv(), arguments))
	return honest(status(tests, cwd=ROOT, env={**env, **ONLY_THE_CLOCK}))


def run_site(ready: ReadySite) -> int:
	arguments = pytest_args("tests/site") or [str(ROOT / "tests/site")]
	# Frappe's own log files and pytest's cache: both beside the site, so that two runs do not meet.
	cache = ["-o", f"cache_dir={ROOT / '.pytest_cache'}"]
	env = {**ready.site.env, "DAFATER_TEST_VERSIONS": ready.versions}
	tests = at_clock(command(ready.runner.python, [*cache, *arguments]))
	return honest(ready.runner.status(tests, {**env, **ONLY_THE_CLOCK}))
