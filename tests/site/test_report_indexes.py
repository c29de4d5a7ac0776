"""A week out of two years is read by an index, whatever report asks for it: what MariaDB says of each statement it gets.

The rows are committed, since MariaDB counts them for its plans only then, and deleted afterwards. A report that must look at every
document by its definition is named with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import cint

from tests.site import report_volume as volume
from tests.site.engagement_rows import LEAD, OPPORTUNITY
from tests.site.factories import COMPANY, SELLER, make_user
from tests.site.test_reports_all_nine import ENGAGED, REPORTS, execute

SELF = "seller@volume.example"
# about thirty leads and sixty opportunities are of the week; more than a tenth means that the period did not choose them
SIZE, PREFIX = 3000, "EXPLAINED"
MOST = SIZE // 10
WEEK = {"from_date": "2013-06-03", "to_date": "2013-06-09", "company": COMPANY}
CHOICES = {"based_on": "Owner", "measure": "Amount"}
DOCUMENTS = ("Quotation", "Sales Order", "Communication", "Dafater Activity", "Issue")
CHILDREN = ("Dafater Opportunity Lost Reason Detail", "Dafater Opportunity Competitor")
# what the leads of the week brought is dated on any later day, and known by following each document to its lead
FOLLOWED = {OPPORTUNITY, "Quotation", "Sales Order"}
READ_WHOLE = {
	"Dafater Campaign Efficiency": FOLLOWED,
	"Dafater Lead Owner Efficiency": FOLLOWED,
	# an order is the first one only if none before the week is
	"Dafater Lead Conversion Time": {"Sales Order"},
}
# Engaged leads have no period
OF_A_PERIOD = [report for report in REPORTS if report != ENGAGED]


@pytest.fixture(scope="module")
def two_years(frappe_site: None) -> Iterator[None]:
	frappe.set_user("Administrator")
	_delete()
	root = frappe.db.get_value("Territory", {"parent_territory": ("in", ("", None))}, "name")
	volume.fill(PREFIX, root, SIZE, SELF)
	frappe.db.commit()
	for doctype in (LEAD, OPPORTUNITY, *DOCUMENTS, *CHILDREN):
		frappe.db.sql(f"analyze table `tab{doctype}`")
	yield
	frappe.db.rollback()
	_delete()


def _delete() -> None:
	for doctype in (LEAD, OPPORTUNITY, *DOCUMENTS):
		frappe.db.delete(doctype, {"name": ("like", f"{PREFIX}-%")})
	for doctype in CHILDREN:
		frappe.db.delete(doctype, {"parent": ("like", f"{PREFIX}-%")})
	frappe.db.commit()


@contextmanager
def sent() -> Iterator[list[str]]:
	"""The reads that go to the server within the block, with their values."""
	reads: list[str] = []
	real = frappe.db.sql

	def record(*args, **kwargs):
		answer = real(*args, **kwargs)
		text = frappe.db._cursor._executed
		text = text.decode() if isinstance(text, bytes) else text
		# a setting in front of a read is not part of it
		text = re.sub(r"^set statement .*? for ", "", text, flags=re.DOTALL)
		if text.lstrip("( ").lower().startswith("select"):
			reads.append(text)
		return answer

	frappe.db.sql = record
	try:
		yield reads
	finally:
		del frappe.db.sql


def read_whole(statement: str) -> set[str]:
	"""The filled tables of which the plan reads more than a small part in one go."""
	found = set()
	for step in frappe.db.sql(f"explain {statement}", as_dict=True):
		doctype = (step.table or "").removeprefix("tab")
		if doctype in (LEAD, OPPORTUNITY, *DOCUMENTS) and (step.type == "ALL" or cint(step.rows) > MOST):
			found.add(doctype)
	return found


@pytest.mark.parametrize("reader", ["Administrator", SELF])
@pytest.mark.parametrize("report", OF_A_PERIOD)
def test_a_week_of_two_years_is_read_by_an_index(report, reader, two_years, as_user):
	make_user(SELF, *SELLER)
	with as_user(reader), sent() as statements:
		rows = execute(report, {**WEEK, **CHOICES})[1]
	assert rows and statements
	whole = set().union(*map(read_whole, statements))
	assert whole <= READ_WHOLE.get(report, set()), statements
