"""The walks of tests/browser: what they need, what is missing of it, and running one on a served site."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass

from tooling.bench import Bench
from tooling.paths import FRAPPE_SIDE, ROOT
from tooling.private_site import ADMIN_PASSWORD
from tooling.shell import merged_env, output, say, which

WALKS_AT = ROOT / "tests" / "browser"
# that of playwright-core
MINIMUM_NODE = 20
NPM_SECONDS = 120
DEMO_PASSWORD = "Dafater-Demo-2026"


@dataclass(frozen=True)
class Walk:
	"""A walk that makes its own people and records, or one that needs the sample data."""

	name: str
	sample_data: bool = False

	@property
	def password(self) -> str:
		return DEMO_PASSWORD if self.sample_data else ADMIN_PASSWORD


# the sample data comes last: a walk without it finds a site as it was installed
WALKS = {
	walk.name: walk for walk in (Walk("inbox"), Walk("selling"), Walk("leads", True), Walk("reports", True))
}


def why_no_browser(bench: Bench) -> str:
	"""What a walk needs and does not find here, in a few words; "" when nothing is missing. Fetches playwright-core where it is absent."""
	if not which("redis-server", "valkey-server"):
		return "redis-server is missing"
	node = output(["node", "--version"])[1].strip().lstrip("v")
	if int(node.split(".")[0] or 0) < MINIMUM_NODE:
		return f"Node {MINIMUM_NODE} or newer is needed, here is {node or 'none'}"
	if not chromium():
		return "no Chromium found; CHROMIUM=/path names one"
	if not (bench.sites / "assets" / "assets.json").exists():
		return f"the desk's assets are not built in {bench.path}; `make site` or `bench build` builds them"
	if not (bench.apps / "frappe" / "node_modules" / "socket.io").exists():
		return f"Frappe's realtime server is not installed in {bench.path}; `bench setup requirements --node` does it"
	return why_no_playwright()


def chromium() -> str | None:
	return os.environ.get("CHROMIUM") or which(
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
	)


def why_no_playwright() -> str:
	"""playwright-core from npm, once. Without a registry in reach this is a reason, not an error."""
	if (WALKS_AT / "node_modules" / "playwright-core" / "package.json").exists():
		return ""
	if not which("npm"):
		return "npm is missing, it would fetch playwright-core"
	say("fetching playwright-core from npm")
	# npm would otherwise try an address that does not answer for many minutes
	quick = ["--fetch-retries=1", "--fetch-timeout=30000"]
	command = ["npm", "ci", "--no-audit", "--no-fund", *quick]
	code, _out, error = output(command, cwd=WALKS_AT, timeout=NPM_SECONDS)
	lines = [line for line in error.strip().splitlines() if "error" in line.lower()] or [
		f"npm ended with {code}"
	]
	return f"npm could not fetch playwright-core: {lines[0]}" if code else ""


def run_walk(walk: Walk, address: str, arguments: list[str]) -> tuple[int, int]:
	"""Walk with the output visible; exit code and number of checks that passed."""
	names = ["--require", str(FRAPPE_SIDE / "localhost.cjs")]
	command = [which("node") or "node", *names, f"{walk.name}.mjs", "--url", address]
	checks = 0
	with subprocess.Popen(
		[*command, "--password", walk.password, *arguments],
		cwd=WALKS_AT,
		env=merged_env({"CHROMIUM": chromium() or ""}),
		stdout=subprocess.PIPE,
		text=True,
		encoding="utf-8",
	) as process:
		for line in process.stdout:
			say(line.rstrip())
			if counted := re.match(r"(\d+) checks passed", line):
				checks = int(counted.group(1))
	return process.returncode, checks
