"""Install → use → uninstall → install, on a throw-away site of its own.

An uninstall drops tables, so it cannot run on the site that the other tests use.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tooling.bench import find_bench
from tooling.database import connect_admin
from tooling.private_site import dropped_at_end, lay_out, new_private_site, restore_site
from tooling.snapshot import ensure_snapshot
from tooling.test_site import APPS, runner_for

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
APP = "dafater_crm"

# where rows about our records would be left behind
POINTERS = {
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"Dynamic Link": "link_doctype",
	"Tag Link": "document_type",
	"ToDo": "reference_type",
	"Version": "ref_doctype",
}


class Site:
	"""A private site and the commands of a cycle on it."""

	def __init__(self, runner, name: str) -> None:
		self.runner, self.name = runner, name

	def frappe(self, *arguments: str) -> subprocess.CompletedProcess:
		command = ["-m", "frappe.utils.bench_helper", "frappe", "--site", self.name, *arguments]
		return self._run(command)

	def done(self, *arguments: str) -> None:
		result = self.frappe(*arguments)
		assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]

	def uninstall(self, *options: str) -> subprocess.CompletedProcess:
		return self.frappe("uninstall-app", APP, "--yes", "--no-backup", *options)

	def call(self, function: str, **keywords):
		script = Path(__file__).parents[2] / "scripts/frappe_side/call.py"
		result = self._run([str(script), self.name, function, json.dumps(keywords)])
		assert result.returncode == 0, result.stderr[-2000:]
		return json.loads(result.stdout or "null")

	def script(self, name: str):
		result = self._run([str(HERE / name), self.name])
		assert result.returncode == 0, result.stderr[-2000:]
		return json.loads(result.stdout.splitlines()[-1])

	def shape(self) -> dict[str, set[str]]:
		return {part: set(lines) for part, lines in self.script("site_shape.py").items()}

	def count(self, doctype: str, **filters) -> int:
		return self.call("frappe.client.get_count", doctype=doctype, filters=filters)

	def _run(self, arguments: list[str]) -> subprocess.CompletedProcess:
		return subprocess.run(
			[sys.executable, *arguments],
			cwd=self.runner.sites,
			env={**os.environ, **self.runner.env},
			capture_output=True,
			text=True,
			check=False,
		)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
	bench = find_bench()
	admin = connect_admin(bench.db_host, bench.db_port)
	private = new_private_site(bench, "cycle")
	with dropped_at_end(bench, admin, private):
		lay_out(bench, private, APPS)
		restore_site(admin, private, ensure_snapshot(bench, admin))
		yield Site(runner_for(private, Path(sys.executable)), private.name)


def test_install_uninstall_install(site: Site) -> None:
	before = site.shape()

	site.done("install-app", APP)
	assert site.count("Dafater Sales Stage") == 6
	assert site.count("Dafater Region") == 13

	listed = site.uninstall("--dry-run")
	assert listed.returncode == 0, listed.stderr[-2000:]
	assert site.count("Dafater Sales Stage") == 6
	assert site.count("Role", name=["like", "Dafater %"]) == 5

	removed = site.uninstall()
	assert removed.returncode == 0, removed.stderr[-2000:]
	after = site.shape()
	for part in ("columns", "indexes", "rows"):
		assert after[part] ^ before[part] == set(), part

	site.done("install-app", APP)
	assert site.count("Dafater Sales Stage") == 6
	assert site.count("Kanban Board", reference_doctype="Dafater Opportunity") == 1


def test_uninstall_refuses_then_repoints_quotations(site: Site) -> None:
	"""Goes on with the site that the test above leaves: the app installed, no records."""
	stuck, converted = site.script("cycle_steps.py")

	refused = site.uninstall()
	assert refused.returncode != 0
	assert stuck in refused.stdout + refused.stderr
	assert converted not in refused.stdout + refused.stderr
	assert site.count("Quotation", quotation_to=["like", "Dafater %"]) == 2

	site.call("frappe.delete_doc", doctype="Quotation", name=stuck)
	listed = site.uninstall("--dry-run")
	assert "1 quotations" in listed.stdout
	assert site.count("Quotation", quotation_to="Dafater Lead") == 1

	removed = site.uninstall()
	assert removed.returncode == 0, removed.stderr[-2000:]
	assert site.count("Quotation", name=converted, quotation_to="Customer") == 1
	left = {line for line in site.shape()["rows"] if "Dafater " in line}
	assert left == set()
	for doctype, field in POINTERS.items():
		assert site.count(doctype, **{field: ["like", "Dafater %"]}) == 0, doctype
	assert site.count("Communication", content="hello") == 1
