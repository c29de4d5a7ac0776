"""Frappe's commands, called through the bench's Python.

Not through the `bench` program: it refuses to run as root, and it always works in the bench's own sites directory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.paths import FRAPPE_SIDE
from tooling.shell import run, status


@dataclass(frozen=True)
class FrappeRunner:
	"""Runs Frappe in one sites directory, with one Python, and optionally with the app's code from one place."""

	python: Path
	sites: Path
	code: Path | None = None
	private: bool = False

	@property
	def env(self) -> dict[str, str]:
		env = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
		if self.code:
			inherited = os.environ.get("PYTHONPATH")
			env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(self.code), inherited]))
		if self.private:
			# Frappe's own switch: locks and logs go beside the private sites, not into the bench.
			env["FRAPPE_BENCH_ROOT"] = str(self.sites.parent)
		return env

	def frappe(self, *arguments: str, site: str | None = None, quiet: bool = True) -> None:
		"""`bench --site SITE ARGUMENTS`, from the sites directory."""
		on_site = ["--site", site] if site else []
		command = [self.python, "-m", "frappe.utils.bench_helper", "frappe", *on_site, *arguments]
		run(command, cwd=self.sites, env=self.env, quiet=quiet)

	def script(self, name: str, *arguments: str, quiet: bool = True) -> None:
		"""One of scripts/frappe_side, which import Frappe."""
		run([self.python, FRAPPE_SIDE / name, *arguments], cwd=self.sites, env=self.env, quiet=quiet)

	def call(self, site: str, function: str, kwargs: dict | None = None, quiet: bool = False) -> None:
		"""Call a function by its dotted path as Administrator, and commit."""
		self.script("call.py", site, function, json.dumps(kwargs or {}), quiet=quiet)

	def status(self, command: Sequence[str | Path], env: dict[str, str] | None = None) -> int:
		return status(command, cwd=self.sites, env={**self.env, **(env or {})})
