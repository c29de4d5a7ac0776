"""`make tour`: the app's own tour, from a sheet of leads to paid invoices, on a throw-away site."""

from __future__ import annotations

import subprocess
import sys

from tooling.bench import find_bench, why_no_bench
from tooling.paths import PACKAGE
from tooling.shell import ToolingError, say
from tooling.test_site import site_with_app


def main() -> int:
	bench = find_bench()
	if not bench:
		raise ToolingError(f"{why_no_bench()}. Set FRAPPE_BENCH to a bench with ERPNext, or run `make site`.")
	if not (PACKAGE / "setup" / "tour.py").exists():
		raise ToolingError("This version of the app has no tour (dafater_crm/setup/tour.py).")
	with site_with_app(bench) as ready:
		say(f"tour on {ready.versions}\n")
		try:
			ready.runner.call(ready.site.name, "dafater_crm.setup.tour.run")
		except subprocess.CalledProcessError as error:
			say("\ntour: FAILED")
			return error.returncode
	say("\ntour: passed")
	return 0


if __name__ == "__main__":
	sys.exit(main())
