"""`make lint`: ruff, import-linter, semgrep with the rules in .semgrep/, and the checks in scripts/checks/.

Every step runs, so that one call shows everything; the exit code is 1 when any of them found something.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from checks.registry import run_all
from checks.source import Source
from tooling.paths import APP, ROOT
from tooling.shell import output, say, status
from tooling.venvs import lint_venv

# Semgrep otherwise asks for a newer version of itself, and writes its log and settings into the home directory.
SEMGREP = [
	"--metrics=off",
	"--disable-version-check",
	"--error",
	"--quiet",
	"--strict",
	"--no-git-ignore",
	"--emacs",
]


def main(arguments: list[str]) -> int:
	tools = lint_venv().parent
	if "--fix" in arguments:
		status([tools / "ruff", "check", "--fix", "--quiet", "."], cwd=ROOT)
		return status([tools / "ruff", "format", "."], cwd=ROOT)
	steps = {
		"ruff check": lambda: status(
			[tools / "ruff", "check", "--quiet", "--output-format=concise", "."], cwd=ROOT
		),
		"ruff format": lambda: ruff_format(tools),
		"import-linter": lambda: import_linter(tools),
		"semgrep": lambda: semgrep(tools),
		"own checks": own_checks,
	}
	failed = [name for name, step in steps.items() if not passes(name, step)]
	say(f"\nlint: FAILED in {', '.join(failed)}" if failed else "\nlint: passed")
	return 1 if failed else 0


def passes(name: str, step) -> bool:
	started = time.monotonic()
	code = step()
	say(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)")
	return code == 0


def ruff_format(tools: Path) -> int:
	"""Only the names of the files: `make format` shows and makes the changes."""
	code, out, err = output([tools / "ruff", "format", "--check", "--output-format=concise", "."], cwd=ROOT)
	if code:
		say(f"{out}{err}`make format` puts them right.")
	return code


def import_linter(tools: Path) -> int:
	code, out, err = output(
		[tools / "lint-imports", "--config", "pyproject.toml"], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
	)
	if code:
		say(out + err)
	return code


def semgrep(tools: Path) -> int:
	# Semgrep starts its own core by name: the environment's programs come first on PATH.
	command = [tools / "semgrep", "scan", *SEMGREP, "--config", ".semgrep/rules", APP]
	code, out, err = output(command, cwd=ROOT, env=semgrep_env(tools))
	if code:
		say(out + err)
	return code


def semgrep_env(tools: Path) -> dict[str, str]:
	return {"PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}", "SEMGREP_SEND_METRICS": "off"}


def own_checks() -> int:
	found = run_all(Source(ROOT))
	for name, problems in found.items():
		for problem in problems:
			say(f"{problem}  [{name}]")
	return 1 if any(found.values()) else 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
