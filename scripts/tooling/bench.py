"""Finding a bench: a directory with Frappe, ERPNext, sites and a Python environment."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

REQUIRED = ("apps/frappe", "apps/erpnext", "sites", "env/bin/python")


@dataclass(frozen=True)
class Bench:
	"""A bench on this machine. Reading it never changes it."""

	path: Path

	@property
	def python(self) -> Path:
		return self.path / "env" / "bin" / "python"

	@property
	def sites(self) -> Path:
		return self.path / "sites"

	@property
	def apps(self) -> Path:
		return self.path / "apps"

	@property
	def config(self) -> dict:
		"""common_site_config.json, or nothing where the bench has none yet."""
		file = self.sites / "common_site_config.json"
		return json.loads(file.read_text()) if file.exists() else {}

	def version(self, app: str) -> str:
		"""Version as the app's own source states it; no import, so any Python can ask."""
		text = (self.apps / app / app / "__init__.py").read_text()
		match = re.search(r"^__version__\s*=\s*[\"']([^\"']+)", text, re.M)
		return match.group(1) if match else "unknown"

	@property
	def db_host(self) -> str:
		return os.environ.get("DB_HOST") or self.config.get("db_host") or "127.0.0.1"

	@property
	def db_port(self) -> int:
		return int(os.environ.get("DB_PORT") or self.config.get("db_port") or 3306)

	def redis_url(self, role: str) -> str:
		"""URL of `cache` or `queue`, with the ports that `bench init` uses where none is set."""
		default = {"cache": "redis://127.0.0.1:13000", "queue": "redis://127.0.0.1:11000"}[role]
		return self.config.get(f"redis_{role}") or default


def bench_path() -> Path:
	"""Where a bench is expected: $FRAPPE_BENCH, else ~/frappe-bench."""
	return Path(os.environ.get("FRAPPE_BENCH") or Path.home() / "frappe-bench").expanduser().absolute()


def missing_parts(path: Path) -> list[str]:
	return [part for part in REQUIRED if not (path / part).exists()]


def find_bench() -> Bench | None:
	path = bench_path()
	return None if missing_parts(path) else Bench(path)


def why_no_bench() -> str:
	path = bench_path()
	if not path.exists():
		return f"no bench found at {path}"
	return f"{path} is not a complete bench: {', '.join(missing_parts(path))} missing"
