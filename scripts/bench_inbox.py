"""`make bench-inbox`: the webhook beside ping, and the inbox's lists over a million messages. ONLY=accept or ONLY=lists measures one part."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tooling.bench import find_bench, why_no_bench
from tooling.paths import ROOT
from tooling.shell import ToolingError, say
from tooling.test_site import site_with_app


def main() -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	with site_with_app(bench) as ready, tempfile.TemporaryDirectory() as folder:
		say(f"inbox on {ready.versions}\n")
		path = Path(folder) / "inbox.json"
		command = [ready.runner.python, "-m", "benchmarks.inbox.run", ready.site.name, path]
		code = ready.runner.status(command)
		if path.exists() and not os.environ.get("ONLY"):
			(ROOT / "benchmarks" / "results" / "inbox.json").write_text(path.read_text())
			say("\nstored in benchmarks/results/inbox.json")
		return code


if __name__ == "__main__":
	sys.exit(main())
