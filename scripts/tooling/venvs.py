"""Python environments made from pyproject.toml, rebuilt only when it changes."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from tooling.bench import Bench
from tooling.lock import file_lock
from tooling.paths import ROOT, WORK
from tooling.shell import ToolingError, output, run, say, which

MINIMUM = (3, 10)


def requirements(*extras: str) -> list[str]:
	"""The app's dependencies and those of the named extras.

	Read with a pattern rather than tomllib, which Python 3.10 does not have.
	"""
	text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
	found: list[str] = []
	for name in ("dependencies", *extras):
		match = re.search(rf"^{name} = (\[.*?^\])", text, re.M | re.S)
		if not match:
			raise ToolingError(f"pyproject.toml has no list named {name!r}.")
		found += ast.literal_eval(match.group(1))
	return found


def unit_venv() -> Path:
	"""Python of .venv: the app's pure dependencies and pytest."""
	return _ensure(ROOT / ".venv", Path(sys.executable), requirements("test"))


def lint_venv() -> Path:
	"""Python of .venv-lint. Apart from .venv, since semgrep pins much that tests must not inherit."""
	return _ensure(ROOT / ".venv-lint", Path(sys.executable), requirements("lint"))


def site_venv(bench: Bench) -> Path:
	"""Python of .venv-site: sees everything of the bench's environment, adds what the app needs, changes nothing there."""
	link = f"import site; site.addsitedir({packages_of(bench.python)!r})\n"
	return _ensure(ROOT / ".venv-site", bench.python, requirements("test"), link)


def packages_of(python: Path) -> str:
	"""The site-packages directory of an environment."""
	code, out, err = output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
	if code:
		raise ToolingError(f"{python} does not run: {err.strip()}")
	return out.strip()


def _ensure(target: Path, python: Path, wanted: Iterable[str], link: str = "") -> Path:
	"""Make the environment unless its stamp says that it is the one asked for."""
	wanted = list(wanted)
	stamp = target / "stamp"
	result = target / "bin" / "python"
	version = output([python, "--version"])[1].strip()
	key = hashlib.sha256("\n".join([str(python), version, link, *wanted]).encode()).hexdigest()
	with file_lock(WORK / f"{target.name}.lock", f"{target.name} is being made"):
		if result.exists() and stamp.exists() and stamp.read_text() == key:
			return result
		say(f"making {target.name} ({version})")
		create(target, python)
		if link:
			# Named so that it is read last: the environment's own packages win over the bench's.
			Path(packages_of(result), "zz_bench.pth").write_text(link)
		_install(result, wanted)
		stamp.write_text(key)
	return result


def create(target: Path, python: Path) -> None:
	"""Make an environment with pip in it, and in place of what lies there. Raises ToolingError where this machine cannot."""
	if python == Path(sys.executable) and sys.version_info < MINIMUM:
		raise ToolingError(
			f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; python3 here is {sys.version.split()[0]}."
		)
	if target.exists():
		shutil.rmtree(target)
	code, _out, err = output([python, "-m", "venv", str(target)])
	if code == 0 and (target / "bin" / "pip").exists():
		return
	# Debian splits ensurepip off into python3-venv; uv and virtualenv do without it.
	shutil.rmtree(target, ignore_errors=True)
	if which("uv"):
		run(["uv", "venv", "--seed", "--python", python, target], quiet=True)
	elif which("virtualenv"):
		run(["virtualenv", "--python", python, target], quiet=True)
	else:
		raise ToolingError(
			f"{python} cannot make a virtual environment ({err.strip().splitlines()[-1:] or 'no pip in it'}). "
			"Install python3-venv (as root: apt-get install python3-venv) or virtualenv."
		)


def _install(python: Path, wanted: list[str]) -> None:
	env = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
	run([python, "-m", "pip", "install", "--quiet", *wanted], env=env, quiet=True)
