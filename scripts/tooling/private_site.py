"""Throw-away sites in a sites directory of their own: the bench's sites, apps and configuration stay untouched.

Frappe takes the sites directory from where it is started, so a directory with its own apps.txt and
common_site_config.json is all that it needs. Redis is shared with the bench: its keys carry the database's name, and
a `bench_id` of our own keeps the bench's workers away from our jobs.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling.bench import Bench
from tooling.database import Admin, Credentials, restore
from tooling.frappe_cli import FrappeRunner
from tooling.paths import APP, ROOT, WORK
from tooling.shell import say

ADMIN_PASSWORD = "admin"


@dataclass(frozen=True)
class PrivateSite:
	"""One site, the directory it lives in, and the login of its database."""

	home: Path
	name: str
	login: Credentials

	@property
	def sites(self) -> Path:
		return self.home / "sites"

	@property
	def bench_id(self) -> str:
		return f"dafater-{self.login.user}"

	@property
	def env(self) -> dict[str, str]:
		return {"DAFATER_TEST_SITE": self.name, "DAFATER_TEST_SITES": str(self.sites)}


def new_private_site(bench: Bench, prefix: str, token: str = "") -> PrivateSite:
	"""Name a site and its database; names are unique for each run unless a token fixes them."""
	token = token or secrets.token_hex(4)
	database = f"dafater_{prefix}_{token}"
	login = Credentials(database, secrets.token_hex(12), bench.db_host, bench.db_port)
	return PrivateSite(WORK / f"sites-{prefix}-{token}", f"{prefix}-{token}.localhost", login)


def lay_out(bench: Bench, site: PrivateSite, apps: list[str]) -> None:
	"""Write the sites directory, without the site itself."""
	for part in ("sites", "logs", "config/pids", "apps"):
		(site.home / part).mkdir(parents=True, exist_ok=True)
	(site.sites / "apps.txt").write_text("".join(f"{app}\n" for app in apps))
	(site.sites / "common_site_config.json").write_text(json.dumps(_common_config(bench, site), indent=1))
	link(site.sites / "assets", bench.sites / "assets")
	for app in apps:
		link(site.home / "apps" / app, ROOT if app == APP else bench.apps / app)
	(site.home / "run.json").write_text(
		json.dumps(
			{"pid": os.getpid(), "database": site.login.user, "site": site.name, "bench_id": site.bench_id}
		)
	)


def link(path: Path, target: Path) -> None:
	if path.is_symlink() and os.readlink(path) != str(target):
		path.unlink()
	if not path.is_symlink():
		path.symlink_to(target)


def _common_config(bench: Bench, site: PrivateSite) -> dict:
	return {
		"db_host": bench.db_host,
		"db_port": bench.db_port,
		"redis_cache": bench.redis_url("cache"),
		"redis_queue": bench.redis_url("queue"),
		"redis_socketio": bench.redis_url("cache"),
		"bench_id": site.bench_id,
		"background_workers": 1,
		"pause_scheduler": 1,
		"developer_mode": 0,
		# The tests make their own users; Frappe refuses more than 60 an hour as a guard against sign-up spam.
		"throttle_user_limit": 10_000,
		# Nobody works the queues off while tests run; later releases of Frappe refuse the 551st job.
		"max_queued_jobs": 100_000,
	}


def restore_site(admin: Admin, site: PrivateSite, snapshot: Path) -> None:
	"""Make the database and the site's own directory from a snapshot."""
	admin.drop(site.login.user)
	admin.create(site.login.user, site.login.password)
	restore(site.login, snapshot)
	folder = site.sites / site.name
	for part in ("public/files", "private/files", "private/backups", "locks", "logs"):
		(folder / part).mkdir(parents=True, exist_ok=True)
	config = {
		"db_name": site.login.user,
		"db_password": site.login.password,
		"db_type": "mariadb",
		"admin_password": ADMIN_PASSWORD,
		"allow_tests": 1,
		"mute_emails": 1,
	}
	(folder / "site_config.json").write_text(json.dumps(config, indent=1))


def drop_site(bench: Bench, admin: Admin, site: PrivateSite) -> None:
	"""Take away everything a site left: database, user, Redis keys, files. Goes on after a failure of one part."""
	admin.drop(site.login.user)
	if (site.sites / "common_site_config.json").exists():
		runner = FrappeRunner(bench.python, site.sites, private=True)
		with contextlib.suppress(Exception):
			runner.script("forget_site.py", site.name, site.login.user, site.bench_id)
	shutil.rmtree(site.home, ignore_errors=True)


@contextmanager
def dropped_at_end(
	bench: Bench, admin: Admin, site: PrivateSite, keep: bool = False
) -> Iterator[PrivateSite]:
	"""Drop the site on the way out, also after a failure, Ctrl-C or a polite kill."""
	try:
		with stopped_politely():
			yield site
	finally:
		if keep:
			(site.home / "keep").touch()
			say(f"kept: site {site.name}, database {site.login.user}, in {site.home}")
		else:
			drop_site(bench, admin, site)


@contextmanager
def stopped_politely() -> Iterator[None]:
	"""A polite kill ends the program as Ctrl-C does, so that what was begun is cleared away."""

	def stop(_signal: int, _frame: object) -> None:
		raise SystemExit(143)

	previous = signal.signal(signal.SIGTERM, stop)
	try:
		yield
	finally:
		signal.signal(signal.SIGTERM, previous)


def drop_stale(bench: Bench, admin: Admin) -> None:
	"""Drop sites of runs that were killed hard. Kept ones, and those of living runs, stay."""
	for record in WORK.glob("sites-*/run.json"):
		state = json.loads(record.read_text())
		if (record.parent / "keep").exists() or alive(state["pid"]):
			continue
		login = Credentials(state["database"], "", bench.db_host, bench.db_port)
		drop_site(bench, admin, PrivateSite(record.parent, state["site"], login))


def drop_all(bench: Bench, admin: Admin) -> None:
	"""For `make clean`: kept ones too; only sites of living runs stay."""
	for mark in WORK.glob("sites-*/keep"):
		mark.unlink()
	drop_stale(bench, admin)


def alive(pid: int) -> bool:
	try:
		os.kill(pid, 0)
	except ProcessLookupError:
		return False
	except PermissionError:
		return True
	return True
