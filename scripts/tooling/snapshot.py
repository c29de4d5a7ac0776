"""A ready ERPNext site as a compressed dump: made once in minutes, restored in seconds."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tooling.bench import Bench
from tooling.company import fingerprint, wizard_args
from tooling.database import Admin, dump
from tooling.frappe_cli import FrappeRunner
from tooling.lock import file_lock
from tooling.paths import cache_dir
from tooling.private_site import ADMIN_PASSWORD, dropped_at_end, lay_out, new_private_site
from tooling.shell import say


def snapshot_path(bench: Bench) -> Path:
	versions = f"{bench.version('frappe')}-{bench.version('erpnext')}"
	return cache_dir() / f"erpnext-{versions}-{fingerprint()}.sql.gz"


def ensure_snapshot(bench: Bench, admin: Admin) -> Path:
	"""The cached snapshot for this bench and company; made now where there is none."""
	path = snapshot_path(bench)
	with file_lock(path.with_suffix(".lock"), "a snapshot of an ERPNext site is being made"):
		if not path.exists():
			say(f"making a snapshot of a new ERPNext site, once for these versions (some minutes): {path}")
			started = time.monotonic()
			_make(bench, admin, path)
			say(f"snapshot made in {time.monotonic() - started:.0f} s")
	return path


def _make(bench: Bench, admin: Admin, path: Path) -> None:
	site = new_private_site(bench, "snapshot")
	with dropped_at_end(bench, admin, site):
		lay_out(bench, site, ["frappe", "erpnext"])
		runner = FrappeRunner(bench.python, site.sites, private=True)
		with admin.temporary_superuser() as superuser:
			runner.frappe(
				"new-site",
				site.name,
				*("--db-name", site.login.user, "--db-password", site.login.password),
				*("--db-root-username", superuser.user, "--db-root-password", superuser.password),
				*("--admin-password", ADMIN_PASSWORD),
				*("--install-app", "erpnext"),
			)
		runner.script("setup_company.py", site.name, json.dumps(wizard_args(), ensure_ascii=False))
		dump(site.login, path)
