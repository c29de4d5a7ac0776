"""`make bench-import`: our import of leads beside Frappe's Data Import into ERPNext's Lead, on one throw-away site. ROWS=50000."""

from __future__ import annotations

import os
import sys

from tooling.bench import find_bench, why_no_bench
from tooling.shell import ToolingError, say
from tooling.test_site import site_with_app


def main() -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	with site_with_app(bench) as ready:
		say(f"import of leads on {ready.versions}\n")
		rows = os.environ.get("ROWS") or "50000"
		return ready.runner.status(
			[ready.runner.python, "-m", "benchmarks.imports.run", ready.site.name, rows]
		)


if __name__ == "__main__":
	sys.exit(main())
