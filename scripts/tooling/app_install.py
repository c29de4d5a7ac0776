"""This checkout as an app of a bench: linked, importable, listed, installed on a site, its assets built."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tooling.bench import Bench
from tooling.frappe_cli import FrappeRunner
from tooling.paths import APP, PACKAGE, ROOT
from tooling.shell import ToolingError, output, run, say, which
from tooling.test_site import source_hash
from tooling.venvs import packages_of


class Record:
	"""What was done last time, beside the bench's own configuration, so that a second run has nothing to do."""

	def __init__(self, bench: Bench) -> None:
		self.path = bench.path / "config" / f"{APP}.json"
		self.values = json.loads(self.path.read_text()) if self.path.exists() else {}

	def is_current(self, key: str, value: str) -> bool:
		return self.values.get(key) == value

	def store(self, key: str, value: str) -> None:
		self.values[key] = value
		self.path.write_text(json.dumps(self.values, indent=1))


def link_checkout(bench: Bench) -> None:
	"""apps/dafater_crm leads to this checkout. A directory of its own there is somebody's work: left alone."""
	path = bench.apps / APP
	if path.is_symlink():
		if path.resolve() == ROOT:
			return
		say(f"apps/{APP} led to {path.resolve()}; it leads to {ROOT} now")
		path.unlink()
	elif path.exists():
		if path.resolve() == ROOT:
			return
		raise ToolingError(
			f"{path} is a directory, not a link to this checkout. Run `make site` there, or move it away."
		)
	path.symlink_to(ROOT)


def install_package(bench: Bench, record: Record) -> None:
	"""Editable, with its dependencies, into the bench's environment."""
	state = hashlib.sha256(f"{ROOT}\n{(ROOT / 'pyproject.toml').read_text()}".encode()).hexdigest()
	if record.is_current("package", state) and imported_from(bench) == PACKAGE.resolve():
		return
	say(f"installing {APP} into the bench's Python environment")
	installer = [str(bench.python), "-m", "pip", "install", "--quiet"]
	if output([bench.python, "-m", "pip", "--version"])[0]:
		# Environments made by uv have no pip.
		installer = [which("uv") or "uv", "pip", "install", "--quiet", "--python", str(bench.python)]
	run([*installer, "--editable", str(ROOT)], quiet=True)
	repoint_path_file(bench)
	found = imported_from(bench)
	if found != PACKAGE.resolve():
		raise ToolingError(
			f"{bench.python} imports {APP} from {found}, not from {PACKAGE}: remove what leads there."
		)
	record.store("package", state)


def imported_from(bench: Bench) -> Path | None:
	"""Directory from which the bench's Python takes the app; None when it, or what it needs, is not there."""
	code, out, _err = output(
		[bench.python, "-c", f"import {APP}, hijridate, phonenumbers; print({APP}.__file__)"], cwd=bench.path
	)
	return Path(out.strip()).resolve().parent if code == 0 else None


def repoint_path_file(bench: Bench) -> None:
	"""A path file of an older installation wins over pip's: it must not lead to another checkout."""
	path = Path(packages_of(bench.python)) / f"{APP}.pth"
	if path.exists():
		path.write_text(f"{ROOT}\n")


def list_app(bench: Bench) -> None:
	"""sites/apps.txt; its last line may lack a newline, and appending would glue two names together."""
	path = bench.sites / "apps.txt"
	apps = path.read_text().split()
	if APP not in apps:
		path.write_text("\n".join([*apps, APP]) + "\n")


def build_assets(bench: Bench, record: Record) -> None:
	"""Frappe's own assets where there are none yet, then ours; skipped when no file of ours changed."""
	runner = FrappeRunner(bench.python, bench.sites)
	if not (bench.sites / "assets" / "assets.json").exists():
		say("building the assets of all apps (some minutes)")
		runner.frappe("build")
	state = source_hash(PACKAGE / "public")
	linked = bench.sites / "assets" / APP
	if (
		linked.exists()
		and linked.resolve() == (PACKAGE / "public").resolve()
		and record.is_current("assets", state)
	):
		return
	say("building assets")
	(PACKAGE / "public").mkdir(exist_ok=True)
	if linked.is_symlink():
		linked.unlink()
	runner.frappe("build", "--app", APP)
	record.store("assets", state)


def install_on_site(bench: Bench, site: str, installed: list[str], record: Record) -> bool:
	"""Install or migrate; tells whether anything was done."""
	runner = FrappeRunner(bench.python, bench.sites)
	state = source_hash()
	if APP in installed and record.is_current(f"site {site}", state):
		return False
	# The list of modules is cached; with the old one the first install would create no DocType, silently.
	runner.frappe("clear-cache", site=site)
	if APP in installed:
		say(f"migrating {site}")
		runner.frappe("migrate", site=site)
	else:
		say(f"installing {APP} on {site}")
		runner.frappe("install-app", APP, site=site)
	record.store(f"site {site}", state)
	return True
