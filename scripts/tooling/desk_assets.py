"""The desk's JavaScript and style with this checkout's files in them, built beside a private site.

The bench's own assets stay as they are: they belong to the sites that it serves, perhaps from another checkout.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tooling.bench import Bench
from tooling.paths import APP, PACKAGE
from tooling.private_site import PrivateSite, link
from tooling.shell import run, say, which
from tooling.test_site import source_hash


def use_own_assets(bench: Bench, site: PrivateSite) -> None:
	"""Build what changed, and let the site serve it. Whoever lays the site out again gives it the bench's back."""
	root = site.home / "desk"
	current = f"{source_hash(PACKAGE / 'public')} {(bench.sites / 'assets' / 'assets.json').stat().st_mtime}"
	mark = root / "built"
	if not (mark.exists() and mark.read_text() == current):
		shutil.rmtree(root, ignore_errors=True)
		say("building assets")
		lay_out_for_build(bench, site, root)
		build(bench, root)
		mark.write_text(current)
	link(site.sites / "assets", root / "sites" / "assets")


def lay_out_for_build(bench: Bench, site: PrivateSite, root: Path) -> None:
	"""What Frappe's builder takes for a bench: links to the other apps and their finished assets, and a copy of our files."""
	assets = root / "sites" / "assets"
	own = root / "apps" / APP / APP / "public"
	assets.mkdir(parents=True)
	shutil.copytree(PACKAGE / "public", own, ignore=shutil.ignore_patterns("dist"))
	# by these a builder tells an app, where it does not go by apps.txt
	for name in ("hooks.py", "modules.txt", "patches.txt"):
		shutil.copy(PACKAGE / name, own.parent)
	for app in ("frappe", "erpnext"):
		link(root / "apps" / app, bench.apps / app)
	for part in (bench.sites / "assets").iterdir():
		if part.suffix == ".json":
			shutil.copy(part, assets)
		elif part.name != APP:
			link(assets / part.name, part.resolve())
	link(assets / APP, own)
	for name in ("apps.txt", "common_site_config.json"):
		shutil.copy(site.sites / name, root / "sites")


def build(bench: Bench, root: Path) -> None:
	command = [which("node") or "node", "esbuild", "--production", "--apps", APP, "--run-build-command"]
	# CI: a failing build ends with a code
	run(command, cwd=bench.apps / "frappe", env={"FRAPPE_BENCH_ROOT": str(root), "CI": "1"}, quiet=True)
