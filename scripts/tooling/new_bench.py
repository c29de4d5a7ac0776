"""Making a bench with the official CLI where there is none, on a machine that has the system's packages."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

from tooling.bench import Bench, find_bench, missing_parts, why_no_bench
from tooling.paths import ROOT
from tooling.shell import ToolingError, as_root, is_root, output, run, say, which

BRANCH = "version-15"
MINIMUM_NODE = 18
FRAPPE = "https://github.com/frappe/frappe"
# Debian's and Ubuntu's names. The development files are for Python packages that are compiled while installing.
PACKAGES = {
	"git": "git",
	"mariadbd": "mariadb-server",
	"mariadb": "mariadb-client",
	"redis-server": "redis-server",
	"node": "nodejs",
	"npm": "npm",
	"gcc": "build-essential",
	"pkg-config": "pkg-config",
	"mariadb_config": "libmariadb-dev",
	"wkhtmltopdf": "wkhtmltopdf",
}
SBIN = {"mariadbd": ("mariadbd", "mysqld"), "mariadb": ("mariadb", "mysql")}
OWN_BENCH = """Or provide a bench of your own that has Frappe and ERPNext 15, and name it:
  FRAPPE_BENCH=/path/to/bench make site"""


def make_bench(path: Path) -> Bench:
	"""`bench init` and `bench get-app erpnext`, after everything that would make them fail late was checked."""
	say(f"{why_no_bench()}: making one with the bench CLI")
	refuse_what_cannot_work(path)
	install_system_packages()
	bench = bench_cli()
	if missing_parts(path) and not (path / "apps" / "frappe").exists():
		_step([*bench, "init", "--frappe-branch", BRANCH, str(path)])
	if not (path / "apps" / "erpnext").exists():
		_step([*bench, "get-app", "--branch", BRANCH, "erpnext"], cwd=path)
	made = find_bench()
	if not made:
		raise ToolingError(f"After bench init, {why_no_bench()}. Remove {path} and run `make site` again.")
	return made


def refuse_what_cannot_work(path: Path) -> None:
	"""Say at once what is missing: `bench init` would find out after minutes."""
	if path.exists() and any(path.iterdir()) and not (path / "apps" / "frappe").exists():
		raise ToolingError(
			f"{path} exists and is no bench. Empty it, or set FRAPPE_BENCH to another directory."
		)
	if is_root():
		raise ToolingError(
			"`bench init` refuses to run as root. Run `make site` as an ordinary user (with passwordless sudo, so that "
			f"packages can be installed).\n{OWN_BENCH}"
		)
	if which("git"):
		code, _out, err = output(
			["git", "ls-remote", "--heads", FRAPPE, BRANCH], env={"GIT_TERMINAL_PROMPT": "0"}, timeout=60
		)
		if code:
			raise ToolingError(
				f"Frappe cannot be downloaded from {FRAPPE}: {err.strip().splitlines()[-1:] or code}.\n"
				f"Missing: access to that address. {OWN_BENCH}"
			)


def install_system_packages() -> None:
	missing = [package for program, package in PACKAGES.items() if not which(*SBIN.get(program, (program,)))]
	# Frappe renders PDFs with it when it is there; newer Debian releases no longer carry it.
	optional = [package for package in missing if package == "wkhtmltopdf"]
	needed = [package for package in missing if package not in optional]
	if not missing:
		return
	if not Path(sysconfig.get_path("include"), "Python.h").exists():
		needed += ["python3-dev", "python3-venv"]
	apt = as_root(["apt-get", "install", "--yes", "--no-install-recommends"]) if which("apt-get") else None
	if apt is None:
		if needed:
			raise ToolingError(
				f"These programs are missing and cannot be installed without root: {', '.join(needed)}."
			)
		return
	say(f"installing system packages: {', '.join(missing)}")
	noninteractive = {"DEBIAN_FRONTEND": "noninteractive"}
	output([*apt[:-3], "update"], env=noninteractive)
	if needed:
		run([*apt, *needed], env=noninteractive, quiet=True)
	for package in optional:
		output([*apt, package], env=noninteractive)
	check_node()
	if not which("yarn"):
		npm = as_root(["npm", "install", "--global", "yarn@1"])
		run(npm or ["npm", "install", "--global", "yarn@1"], quiet=True)


def check_node() -> None:
	"""Older releases carry a Node that cannot build Frappe's assets; that would show only after minutes."""
	_code, version, _err = output(["node", "--version"])
	if int(version.strip().lstrip("v").split(".")[0] or 0) < MINIMUM_NODE:
		raise ToolingError(f"Node {MINIMUM_NODE} or newer is needed; here is {version.strip() or 'none'}.")


def bench_cli() -> list[str]:
	"""The bench program: the one on PATH, else from PyPI in an environment of its own."""
	if found := which("bench"):
		return [found]
	target = ROOT / ".venv-bench"
	program = target / "bin" / "bench"
	if not program.exists():
		say("installing the bench CLI into .venv-bench")
		run([sys.executable, "-m", "venv", target], quiet=True)
		run([target / "bin" / "pip", "install", "--quiet", "frappe-bench>=5.22,<6"], quiet=True)
	# bench calls itself by name.
	os.environ["PATH"] = f"{target / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
	return [str(program)]


def _step(command: list[str], cwd: Path | None = None) -> None:
	say("  " + " ".join(command))
	try:
		run(command, cwd=cwd)
	except Exception as error:
		raise ToolingError(
			f"`{' '.join(command)}` failed; its output above says why.\n{OWN_BENCH}"
		) from error
