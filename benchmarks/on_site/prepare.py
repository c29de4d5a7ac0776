"""`python -m benchmarks.on_site.prepare SITE SIZE`, from a sites directory: fill the site, hold a sample against the controllers."""

from __future__ import annotations

import sys

import frappe

from benchmarks.on_site import fill, honesty
from dafater_crm.records import response_times


def main(site: str, size: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	before = fill.filled()
	filled = fill.ensure(size)
	fill.use_messages_of("ours")
	count_answers()
	if not before:
		print(f"filled in {filled['seconds']} s", flush=True)
	problems = honesty.problems()
	print(
		f"{honesty.checked():,} filled documents held against the controllers: {len(problems)} differ",
		flush=True,
	)
	for problem in problems[:20]:
		print(f"  {problem}")
	return 1 if problems else 0


def count_answers() -> None:
	"""The fill writes past the controllers: have the app count what it keeps on opportunities, unless it was counted before."""
	uncounted = {"first_response_time": (">", 0), "answer_time": ("is", "not set")}
	if frappe.db.exists("Dafater Opportunity", uncounted):
		print(f"response times of {response_times.recount_all():,} opportunities counted", flush=True)
		frappe.db.sql_ddl("ANALYZE TABLE `tabDafater Opportunity`")


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
