"""Running commands and talking to the person at the terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

VERBOSE = os.environ.get("VERBOSE", "") not in ("", "0")


class ToolingError(SystemExit):
	"""Stops the command with a message that says what to do next; the exit code is 1."""

	def __init__(self, message: str) -> None:
		say("")
		say(f"ERROR: {message}")
		super().__init__(1)


def say(message: str) -> None:
	"""Print at once: long steps follow, and output of children must not overtake it."""
	print(message, flush=True)


def merged_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
	return {**os.environ, **(extra or {})}


def run(
	command: Sequence[str | Path],
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
	quiet: bool = False,
	stdin: str | None = None,
) -> None:
	"""Run a command and raise on failure. A quiet command shows its output only when it fails."""
	args = [str(part) for part in command]
	started = time.monotonic()
	hide = quiet and not VERBOSE
	result = subprocess.run(
		args,
		cwd=cwd,
		env=merged_env(env),
		input=stdin,
		text=True,
		stdout=subprocess.PIPE if hide else None,
		stderr=subprocess.STDOUT if hide else None,
		check=False,
	)
	if result.returncode:
		if hide:
			say(result.stdout)
		raise subprocess.CalledProcessError(result.returncode, shlex.join(args))
	if VERBOSE:
		say(f"  [{time.monotonic() - started:.1f} s] {shlex.join(args[:6])}")


def status(
	command: Sequence[str | Path], cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> int:
	"""Run a command with its output visible and hand back its exit code."""
	sys.stdout.flush()
	return subprocess.run(
		[str(part) for part in command], cwd=cwd, env=merged_env(env), check=False
	).returncode


def output(
	command: Sequence[str | Path],
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
	stdin: str | None = None,
	timeout: float | None = None,
) -> tuple[int, str, str]:
	"""Exit code, standard output and standard error of a command; never raises for its failure."""
	try:
		result = subprocess.run(
			[str(part) for part in command],
			cwd=cwd,
			env=merged_env(env),
			input=stdin,
			text=True,
			capture_output=True,
			timeout=timeout,
			check=False,
		)
	except FileNotFoundError as error:
		return 127, "", str(error)
	except subprocess.TimeoutExpired:
		return 124, "", f"no answer within {timeout:.0f} s"
	return result.returncode, result.stdout, result.stderr


def which(*names: str) -> str | None:
	"""First of these programs that exists; servers live in sbin, which is not on every user's PATH."""
	path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
	for name in names:
		if found := shutil.which(name, path=path):
			return found
	return None


def is_root() -> bool:
	return os.geteuid() == 0


def as_root(command: Sequence[str]) -> list[str] | None:
	"""The command as root: as it is for root, through passwordless sudo, or None where there is neither."""
	if is_root():
		return list(command)
	if which("sudo") and output(["sudo", "-n", "true"])[0] == 0:
		return ["sudo", "-n", *command]
	return None
