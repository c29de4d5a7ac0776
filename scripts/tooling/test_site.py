"""A site with this checkout's app on it, for site tests and for the tour."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling.bench import Bench
from tooling.database import Admin, Credentials, connect_admin
from tooling.frappe_cli import FrappeRunner
from tooling.lock import file_lock
from tooling.paths import APP, PACKAGE, ROOT, WORK, env_flag
from tooling.private_site import (
	PrivateSite,
	drop_site,
	drop_stale,
	dropped_at_end,
	lay_out,
	new_private_site,
	restore_site,
)
from tooling.services import ensure_services
from tooling.shell import say
from tooling.snapshot import ensure_snapshot
from tooling.venvs import site_venv

APPS = ["frappe", "erpnext", APP]


@dataclass
class ReadySite:
	"""What a run on a site needs: the site, and a Python that imports this checkout first."""

	site: PrivateSite
	runner: FrappeRunner
	versions: str


@contextmanager
def site_with_app(bench: Bench, previous: Path | None = None, kept_as: str = "") -> Iterator[ReadySite]:
	"""A site with the app installed from this checkout: thrown away afterwards, or kept under REUSE.

	With `previous`, a directory with an earlier release, that one is installed first and migrated to this checkout. With `kept_as`
	the kept site is one of that name beside the usual one.
	"""
	ensure_services(bench)
	admin = connect_admin(bench.db_host, bench.db_port)
	versions = versions_line(bench, admin)
	python = site_venv(bench)
	drop_stale(bench, admin)
	if env_flag("REUSE") and not previous:
		with reused_site(bench, admin, python, kept_as) as site:
			yield ReadySite(site, runner_for(site, python), versions)
		return
	site = new_private_site(bench, "test")
	with dropped_at_end(bench, admin, site, keep=env_flag("KEEP_SITE")):
		install(bench, admin, site, python, previous or ROOT)
		if previous:
			runner_for(site, python).frappe("migrate", site=site.name)
		yield ReadySite(site, runner_for(site, python), versions)


def runner_for(site: PrivateSite, python: Path, code: Path = ROOT) -> FrappeRunner:
	"""Frappe on a private site; the app's code is this checkout's whatever the bench has installed."""
	return FrappeRunner(python, site.sites, code=code, private=True)


def versions_line(bench: Bench, admin: Admin) -> str:
	return f"Frappe {bench.version('frappe')}, ERPNext {bench.version('erpnext')}, MariaDB {admin.version()}"


def install(bench: Bench, admin: Admin, site: PrivateSite, python: Path, code: Path = ROOT) -> None:
	"""Restore the snapshot and install the app on it."""
	snapshot = ensure_snapshot(bench, admin)
	lay_out(bench, site, APPS)
	started = time.monotonic()
	restore_site(admin, site, snapshot)
	restored = time.monotonic()
	runner_for(site, python, code).frappe("install-app", APP, site=site.name)
	say(
		f"site {site.name}: restored in {restored - started:.0f} s, app installed in {time.monotonic() - restored:.0f} s"
	)


@contextmanager
def reused_site(bench: Bench, admin: Admin, python: Path, kept_as: str = "") -> Iterator[PrivateSite]:
	"""One site for each checkout (and each name in REUSE), kept between runs and synchronised with the source.

	FRESH=1 makes it anew. One run at a time: the next one waits, since both would write to the same database.
	"""
	token = reuse_token() + (f"_{kept_as}" if kept_as else "")
	with file_lock(
		WORK / f"reuse-{token}.lock", "it uses the same kept site (REUSE=<name> gives you another)"
	):
		site = new_private_site(bench, "reuse", token)
		site_config = site.sites / site.name / "site_config.json"
		if env_flag("FRESH"):
			drop_site(bench, admin, site)
		if (site.home / "installed").exists() and admin.database_exists(site.login.user):
			password = json.loads(site_config.read_text())["db_password"]
			site = PrivateSite(
				site.home, site.name, Credentials(site.login.user, password, site.login.host, site.login.port)
			)
			lay_out(bench, site, APPS)
			synchronise(site, python)
		else:
			lay_out(bench, site, APPS)
			(site.home / "keep").touch()
			install(bench, admin, site, python)
			(site.home / "installed").write_text(source_hash())
		yield site


def reuse_token() -> str:
	"""REUSE=1 is the checkout's own site, REUSE=name another one beside it."""
	name = os.environ["REUSE"].strip()
	suffix = "" if name == "1" else "_" + re.sub(r"[^a-z0-9]", "", name.lower())[:12]
	return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8] + suffix


def synchronise(site: PrivateSite, python: Path) -> None:
	"""Bring a kept site up to the source; nothing to do when no file of the app changed."""
	current = source_hash()
	mark = site.home / "installed"
	if mark.read_text() == current:
		return
	started = time.monotonic()
	runner_for(site, python).script("sync_app.py", site.name)
	mark.write_text(current)
	say(f"site {site.name}: synchronised with the source in {time.monotonic() - started:.0f} s")


def source_hash(folder: Path = PACKAGE) -> str:
	"""Changes with any file of the app that ends up in the database or in Frappe's caches."""
	digest = hashlib.sha256()
	for path in sorted(folder.rglob("*")):
		parts = path.relative_to(folder).parts
		if (
			path.is_file()
			and path.suffix not in (".pyc", ".md")
			and not {"node_modules", "dist"}.intersection(parts)
		):
			digest.update("/".join(parts).encode() + b"\0" + path.read_bytes())
	return digest.hexdigest()
