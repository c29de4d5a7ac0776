"""`make test-browser`: walks in Chromium on a served throw-away site. WALK=inbox, or several of inbox,selling,leads,reports; WALK=all.

WALK_ARGS is passed on to the walk, for example '--shots /tmp/shots'. KEEP_SITE and REUSE as for the site tests; the kept site is another one.
"""

from __future__ import annotations

import os
import shlex
import sys

from tooling.bench import Bench, find_bench, why_no_bench
from tooling.browser_walks import WALKS, Walk, run_walk, why_no_browser
from tooling.desk_assets import use_own_assets
from tooling.served_site import served
from tooling.shell import ToolingError, say
from tooling.test_site import ReadySite, site_with_app


def main() -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	walks = asked_for(os.environ.get("WALK") or "inbox")
	if reason := why_no_browser(bench):
		raise ToolingError(f"The browser tests cannot run: {reason}.")
	line, code = walked(bench, walks)
	say(f"\nbrowser tests: {line}")
	return code


def asked_for(names: str) -> list[Walk]:
	wanted = list(WALKS) if names == "all" else names.replace(",", " ").split()
	if unknown := [name for name in wanted if name not in WALKS]:
		raise ToolingError(f"There is no walk {', '.join(unknown)}. There are: {', '.join(WALKS)}, all.")
	return [walk for name, walk in WALKS.items() if name in wanted]


def walked(bench: Bench, walks: list[Walk]) -> tuple[str, int]:
	"""Run the walks on one site; a line that says how each ended, and the exit code."""
	lines, codes = [], []
	with site_with_app(bench, kept_as="browser") as ready:
		use_own_assets(bench, ready.site)
		with served(bench, ready) as address:
			say(f"{ready.site.name} is served at {address}")
			for walk in walks:
				if walk.sample_data:
					load_samples(ready)
				say(f"\nwalk: {walk.name}")
				code, checks = run_walk(walk, address, shlex.split(os.environ.get("WALK_ARGS", "")))
				lines.append(f"{walk.name} FAILED" if code else f"{walk.name} ran, {checks} checks passed")
				codes.append(code)
	return f"{'; '.join(lines)} on {ready.versions}", next((code for code in codes if code), 0)


def load_samples(ready: ReadySite) -> None:
	"""The loader itself knows what is there already."""
	ready.runner.call(ready.site.name, "dafater_crm.setup.demo.load", quiet=True)


if __name__ == "__main__":
	sys.exit(main())
