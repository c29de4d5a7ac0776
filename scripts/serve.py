"""`make start` and `make stop`: serve.py start|stop."""

from __future__ import annotations

import os
import sys

from tooling import processes
from tooling.bench import find_bench, why_no_bench
from tooling.shell import ToolingError, say


def main(action: str) -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. `make site` makes one.")
	if action == "stop":
		say("stopped: " + (", ".join(processes.stop(bench)) or "nothing was running"))
		return 0
	site = os.environ.get("SITE") or "dafater.localhost"
	if not (bench.sites / site).exists():
		raise ToolingError(f"There is no site {site} in {bench.sites}. `make site` makes it.")
	processes.start(bench, site)
	say(f"http://{site}:{processes.web_port(bench)}")
	return 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1]))
