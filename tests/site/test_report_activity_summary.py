"""Activity Summary: exact counts of what was done, by person and kind and by day, from the reader's own list."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import get_fullname

from dafater_crm.dafater_crm.report.dafater_activity_summary.dafater_activity_summary import execute
from tests.site.factories import make_lead, make_opportunity
from tests.site.people import MANAGING, SELLER_A, SELLER_B, STRANGER, cast  # noqa: F401
from tests.site.statements import counted

PERIOD = {"from_date": "2020-03-01", "to_date": "2020-03-31"}


def done(person: str | None, kind: str, moment: str, **values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Activity",
			"activity_type": kind,
			"subject": kind,
			"status": "Done",
			"assigned_to": person,
			"done_on": moment,
			**values,
		}
	).insert()


@pytest.fixture
def case():
	lead, deal = make_lead(), make_opportunity()
	done(
		SELLER_A,
		"Call",
		"2020-03-01 00:00:00",
		duration=1800,
		reference_doctype=lead.doctype,
		reference_name=lead.name,
	)
	done(
		SELLER_A,
		"Call",
		"2020-03-31 23:59:59",
		duration=5400,
		reference_doctype=deal.doctype,
		reference_name=deal.name,
	)
	done(SELLER_A, "Visit", "2020-03-10 10:00:00")
	done(SELLER_B, "Note", "2020-03-10 11:00:00")
	done(SELLER_A, "Call", "2020-04-01 00:00:00")
	done(SELLER_A, "Call", "2020-03-05", status="Open")
	done(SELLER_A, "Call", "2020-03-05", status="Cancelled")


def counts(**filters) -> dict[str, dict]:
	return {row["person"]: row for row in execute({**PERIOD, **filters})[1]}


def test_exact_counts_by_person_and_kind(case):
	columns, rows, message, chart, summary = execute(PERIOD)
	assert [row["person_name"] for row in rows] == [get_fullname(SELLER_A), get_fullname(SELLER_B)]
	first, second = rows
	assert (first["call"], first["visit"], first["note"], first["total"], first["hours"]) == (2, 1, 0, 3, 2.0)
	assert (second["note"], second["total"], second["hours"]) == (1, 1, 0)
	assert [(item["label"], item["value"]) for item in summary] == [
		("Activities", 4),
		("People", 2),
		("Calls", 2),
		("Visits", 1),
	]
	assert "done" in message and {column["fieldname"] for column in columns} >= {"call", "e_mail", "total"}
	days = dict(zip(chart["data"]["labels"], chart["data"]["datasets"][0]["values"], strict=True))
	assert len(days) == 31 and sum(days.values()) == 4
	assert next(iter(days.values())) == 1 and list(days.values())[9] == 2 and list(days.values())[30] == 1


def test_a_long_period_is_charted_by_week_and_loses_nothing(case):
	chart = execute({"from_date": "2020-01-01", "to_date": "2020-12-31"})[3]
	values = chart["data"]["datasets"][0]["values"]
	assert len(values) == 53 and sum(values) == 5


def test_filters(case):
	assert counts(assigned_to=SELLER_B).keys() == {SELLER_B}
	assert counts(activity_type="Visit")[SELLER_A]["total"] == 1
	assert counts(reference_doctype="Dafater Lead")[SELLER_A]["total"] == 1
	assert execute({"from_date": "2019-01-01", "to_date": "2019-01-31"})[1:4:2] == ([], None)
	with pytest.raises(frappe.ValidationError):
		execute({"from_date": "2020-02-01", "to_date": "2020-01-01"})


def test_a_reader_sees_what_the_list_shows(case, as_user):
	with as_user(SELLER_B):
		listed = frappe.get_list(
			"Dafater Activity", {"status": "Done", "done_on": ("between", list(PERIOD.values()))}
		)
		assert sum(row["total"] for row in counts().values()) == len(listed) == 1
	with as_user(MANAGING):
		assert counts().keys() == {SELLER_A, SELLER_B}
	with as_user(STRANGER):
		assert execute(PERIOD)[1] == []


def test_the_statements_are_fixed(case, as_user):
	def run() -> int:
		with as_user(SELLER_A), counted() as statements:
			execute(PERIOD)
		return len(statements)

	run()
	few = run()
	for day in range(1, 21):
		done(SELLER_A, "Call", f"2020-03-{day:02d} 09:00:00")
	assert few == run() <= 6


def test_it_speaks_arabic(case):
	frappe.local.lang = "ar"
	columns, _rows, message, _chart, summary = execute(PERIOD)
	assert columns[1]["label"] == "مكالمة" and "الأنشطة" in message
	assert [item["label"] for item in summary][2] == "المكالمات"
