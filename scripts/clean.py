"""`make clean`: environments, scratch files and kept test sites of this checkout. The snapshot stays (see the cache)."""

from __future__ import annotations

import shutil

from tooling.bench import find_bench
from tooling.database import connect_admin
from tooling.paths import APP, ROOT, WORK
from tooling.private_site import drop_all
from tooling.services import ensure_services
from tooling.shell import say

SCRATCH = (
	".venv",
	".venv-lint",
	".venv-site",
	".venv-bench",
	".pytest_cache",
	".ruff_cache",
	".import_linter_cache",
)


def main() -> None:
	bench = find_bench()
	if bench and any(WORK.glob("sites-*")):
		ensure_services(bench)
		drop_all(bench, connect_admin(bench.db_host, bench.db_port))
	left = [path for path in WORK.glob("sites-*") if path.exists()]
	for name in (*SCRATCH, ".hypothesis", f"{APP}.egg-info", *([] if left else [".work"])):
		shutil.rmtree(ROOT / name, ignore_errors=True)
	if left:
		say(
			f"left alone, a run is using them or no bench is there to drop them: {', '.join(p.name for p in left)}"
		)


if __name__ == "__main__":
	main()
