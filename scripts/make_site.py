"""`make site`: a served site with ERPNext, this app and sample data. Every step looks first whether it is done."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from tooling import processes
from tooling.app_install import (
	Record,
	build_assets,
	install_on_site,
	install_package,
	link_checkout,
	list_app,
)
from tooling.bench import Bench, bench_path, find_bench
from tooling.company import site_language, wizard_args
from tooling.database import Admin, connect_admin
from tooling.frappe_cli import FrappeRunner
from tooling.new_bench import install_system_packages, make_bench
from tooling.paths import PACKAGE
from tooling.services import ensure_services
from tooling.shell import ToolingError, as_root, output, say, which

SITE = os.environ.get("SITE") or "dafater.localhost"
PASSWORD = os.environ.get("ADMIN_PASSWORD") or "admin"


def main() -> int:
	site_language()
	bench = find_bench() or make_bench(bench_path())
	if not (which("mariadbd", "mysqld") and which("redis-server", "valkey-server")):
		install_system_packages()
	say(f"bench: {bench.path} (Frappe {bench.version('frappe')}, ERPNext {bench.version('erpnext')})")
	ensure_services(bench)
	admin = connect_admin(bench.db_host, bench.db_port)
	record = Record(bench)
	ensure_site(bench, admin)
	link_checkout(bench)
	install_package(bench, record)
	list_app(bench)
	changed = install_on_site(bench, SITE, state_of(bench)["apps"], record)
	build_assets(bench, record)
	load_samples(bench)
	configure(bench)
	if changed:
		# Web and worker import an app once: they must start again to see the new code.
		processes.stop(bench)
	processes.start(bench, SITE)
	resolve_name()
	tell(bench)
	return 0


def ensure_site(bench: Bench, admin: Admin) -> None:
	"""The site with ERPNext, set up for the Saudi company."""
	runner = FrappeRunner(bench.python, bench.sites)
	if not (bench.sites / SITE / "site_config.json").exists():
		create_site(bench, admin, runner)
	state = state_of(bench)
	if "erpnext" not in state["apps"]:
		say(f"installing ERPNext on {SITE}")
		runner.frappe("install-app", "erpnext", site=SITE)
	if not state["companies"]:
		say(f"setting up the company {wizard_args()['company_name']}")
		runner.script("setup_company.py", SITE, json.dumps(wizard_args(), ensure_ascii=False))


def create_site(bench: Bench, admin: Admin, runner: FrappeRunner) -> None:
	say(f"creating site {SITE} with ERPNext (some minutes)")
	with admin.temporary_superuser() as superuser:
		try:
			runner.frappe(
				"new-site",
				SITE,
				*("--db-root-username", superuser.user, "--db-root-password", superuser.password),
				*("--admin-password", PASSWORD),
				*("--install-app", "erpnext"),
			)
		except BaseException:
			discard_half_made(bench, admin)
			raise


def discard_half_made(bench: Bench, admin: Admin) -> None:
	"""A site that failed halfway would look finished to the next run."""
	config = bench.sites / SITE / "site_config.json"
	if config.exists():
		admin.drop(json.loads(config.read_text())["db_name"])
		config.rename(config.with_suffix(".failed"))


def state_of(bench: Bench) -> dict:
	command = [bench.python, Path(__file__).parent / "frappe_side" / "site_state.py", SITE]
	code, out, err = output(command, cwd=bench.sites)
	if code:
		raise ToolingError(
			f"Site {SITE} exists in {bench.sites} but cannot be opened:\n{err.strip()[-600:]}\n"
			f"If nothing in it is needed, drop it (bench drop-site {SITE} --force) and run `make site` again."
		)
	return json.loads(out.strip().splitlines()[-1])


def load_samples(bench: Bench) -> None:
	if not (PACKAGE / "setup" / "demo.py").exists():
		say("no sample data in this version of the app")
		return
	say("loading the sample data")
	FrappeRunner(bench.python, bench.sites).call(SITE, "dafater_crm.setup.demo.load", quiet=True)


def configure(bench: Bench) -> None:
	"""Links in e-mails and QR codes name the address at which the site is served."""
	path = bench.sites / SITE / "site_config.json"
	config = json.loads(path.read_text())
	address = f"http://{SITE}:{processes.web_port(bench)}"
	if config.get("host_name") != address:
		path.write_text(json.dumps({**config, "host_name": address}, indent=1))


def resolve_name() -> None:
	"""Browsers know *.localhost by themselves; other programs ask the system."""
	try:
		socket.getaddrinfo(SITE, None)
	except OSError:
		line = f"127.0.0.1\t{SITE}\n"
		if write := as_root(["tee", "-a", "/etc/hosts"]):
			output(write, stdin=line)
			say(f"added to /etc/hosts: {line.strip()}")
		else:
			say(f"{SITE} does not resolve for every program. As root: echo '{line.strip()}' >> /etc/hosts")


def tell(bench: Bench) -> None:
	say(
		f"\n  address   http://{SITE}:{processes.web_port(bench)}\n"
		"  user      Administrator\n"
		f"  password  {PASSWORD} (as given when the site was made)\n"
		"\n  make stop ends the server, make start begins it again"
	)


if __name__ == "__main__":
	sys.exit(main())
