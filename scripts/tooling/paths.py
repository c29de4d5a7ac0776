"""Where things lie: this checkout, its scratch directory, and the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

APP = "dafater_crm"
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / APP
WORK = ROOT / ".work"
FRAPPE_SIDE = ROOT / "scripts" / "frappe_side"


def cache_dir() -> Path:
	"""Shared by all checkouts of one user: the snapshot of an ERPNext site is the same for each."""
	base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
	path = Path(base) / APP
	path.mkdir(parents=True, exist_ok=True)
	return path


def env_flag(name: str) -> bool:
	return os.environ.get(name, "").strip().lower() not in ("", "0", "no", "false")
