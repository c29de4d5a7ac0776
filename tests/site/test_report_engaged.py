"""Prospects Engaged But Not Converted: exact rows and figures, permissions, bad input, a fixed number of statements."""

from __future__ import annotations

from datetime import datetime

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from dafater_crm.dafater_crm.report.dafater_prospects_engaged_but_not_converted import (
	dafater_prospects_engaged_but_not_converted as report,
)
from dafater_crm.queries import granted
from tests.site.engagement_rows import (
	LEAD,
	OPPORTUNITY,
	activity_row,
	card,
	lead_row,
	make_territory,
	many,
	message_row,
	opportunity_row,
	restricted,
)
from tests.site.factories import AE, MANAGER, make_user
from tests.site.report_cases import show
from tests.site.statements import counted

BOSS, OWN, NOBODY = "manager@engaged.example", "executive@engaged.example", "stock@engaged.example"
OLD = "2015-03-01 08:00:00"


@pytest.fixture(autouse=True)
def people():
	make_user(BOSS, MANAGER)
	make_user(OWN, AE)
	make_user(NOBODY, "Stock User")


@pytest.fixture
def territory() -> str:
	return make_territory()


def run(territory: str, least=2, age=30, **filters) -> tuple:
	return report.execute(
		{"minimum_interactions": least, "minimum_age": age, "territory": territory, **filters}
	)


def figures(result: tuple) -> list[tuple]:
	return [(r["title"], r["interactions"], str(r["last_contact"]), r["channel"]) for r in result[1]]


@pytest.fixture
def story(territory: str) -> dict[str, str]:
	"""Three interactions last by visit, two last by e-mail; one with one only, and those that are left out."""
	busy = lead_row(territory, OLD, title="نشط", lead_owner=OWN)
	deal = opportunity_row(territory, OLD, busy)
	message_row(LEAD, busy, "2015-03-02 08:00:00")
	message_row(OPPORTUNITY, deal, "2015-03-03 08:00:00", communication_medium="Phone")
	activity_row(OPPORTUNITY, deal, "2015-03-05 08:00:00", activity_type="Visit")
	activity_row(LEAD, busy, "2015-03-06 08:00:00", activity_type="Task")
	activity_row(LEAD, busy, None, status="Open")
	message_row(LEAD, busy, "2015-03-07 08:00:00", communication_type="Comment")
	message_row(LEAD, busy, f"{add_days(nowdate(), 9)} 08:00:00")

	calm = lead_row(territory, OLD, title="هادئ", organisation_name="<b>مؤسسة</b>")
	activity_row(LEAD, calm, "2015-03-02 08:00:00")
	message_row(LEAD, calm, None, creation="2015-03-04 09:00:00.123456")

	once = lead_row(territory, OLD, title="مرة")
	message_row(LEAD, once, "2015-03-02 08:00:00")
	# the same name in another DocType is somebody else
	message_row("Contact", once, "2015-03-02 08:00:00")
	for status in ("Converted", "Disqualified", "Do Not Contact"):
		talk(lead_row(territory, OLD, status=status))
	talk(lead_row(territory, OLD, do_not_contact=1))
	return {"busy": busy, "calm": calm, "once": once}


def talk(lead: str, times: int = 2) -> str:
	for hour in range(times):
		message_row(LEAD, lead, f"2015-03-02 {hour:02d}:00:00")
	return lead


BUSY = ("نشط", 3, "2015-03-05 08:00:00", "Visit")
CALM = ("هادئ", 2, "2015-03-04 09:00:00.123456", "E-mail")
ONCE = ("مرة", 1, "2015-03-02 08:00:00", "E-mail")


def test_exact_rows_and_summary(territory, story):
	result = run(territory)
	assert figures(result) == [BUSY, CALM]
	first = result[1][0]
	age = (getdate() - getdate(OLD)).days
	assert (first["lead"], first["age"], first["status"], first["source"]) == (
		story["busy"],
		age,
		"Open",
		"Not Specified",
	)
	labels = ("Engaged Leads", "Interactions", "Average Interactions", "Average Age (Days)")
	assert [card(result, label) for label in labels] == [2, 5, 2.5, age]
	assert result[3]["data"] == {
		"labels": ["E-mail", "Visit"],
		"datasets": [{"name": "Engaged Leads", "values": [1, 1]}],
	}
	assert isinstance(first["last_contact"], datetime)


def test_cells_are_the_stored_text(territory, story):
	assert [r["organisation_name"] for r in run(territory)[1]] == [None, "<b>مؤسسة</b>"]


def test_at_least_so_many_interactions(territory, story):
	assert figures(run(territory, least=1)) == [BUSY, CALM, ONCE]
	assert figures(run(territory, least=3)) == [BUSY]
	assert figures(run(territory, least=4)) == []


def test_the_minimum_age_is_a_minimum(territory):
	exactly = talk(lead_row(territory, f"{add_days(nowdate(), -30)} 23:59:59"))
	younger = talk(lead_row(territory, f"{add_days(nowdate(), -29)} 00:00:00"))
	assert [r["lead"] for r in run(territory)[1]] == [exactly]
	assert {r["lead"] for r in run(territory, age=0)[1]} == {exactly, younger}
	assert [r["age"] for r in run(territory)[1]] == [30]


def test_filters(territory, story):
	below = make_territory(parent=territory)
	talk(lead_row(below, OLD, title="فرع"))
	assert {r["title"] for r in run(territory)[1]} == {"نشط", "هادئ", "فرع"}
	assert figures(run(territory, lead_owner=OWN)) == [BUSY]
	assert figures(run(territory, lead=story["calm"])) == [CALM]
	given = {"minimum_interactions": 1, "territory": territory}
	report.execute(given)
	assert given == {"minimum_interactions": 1, "territory": territory}


def test_who_sees_what(territory, story, as_user):
	with as_user(BOSS):
		assert figures(run(territory)) == [BUSY, CALM]
	with as_user(OWN):
		result = run(territory)
		assert figures(result) == [BUSY]
		assert card(result, "Interactions") == 3
	with restricted(OWN, make_territory()), as_user(OWN):
		assert run(territory)[1] == []
	with restricted(BOSS, territory), as_user(BOSS):
		assert figures(report.execute({})) == [BUSY, CALM]
	with as_user(NOBODY):
		_columns, rows, message, chart, summary = run(territory)
		assert (rows, chart, summary) == ([], None, [])
		assert "may not read leads" in message


def test_most_rows_cuts_the_rows_and_not_the_figures(territory, story):
	result = run(territory, least=1, most_rows=2)
	assert figures(result) == [BUSY, CALM]
	assert (card(result, "Engaged Leads"), card(result, "Interactions")) == (3, 6)
	assert result[3]["data"]["datasets"][0]["values"] == [2, 1]
	assert "The 2 leads with the most interactions of 3 are shown" in result[2]
	assert "are shown" not in run(territory, least=1, most_rows="many")[2]


def test_names_of_any_length_and_script(territory):
	names = ["عميل " * 28, "x", "DLEAD-9"]
	for name in names:
		talk(lead_row(territory, OLD, name=name.strip()))
	assert {r["lead"] for r in run(territory)[1]} == {name.strip() for name in names}


@pytest.mark.parametrize("size", [10, 1000])
def test_statements_do_not_grow(territory, size, as_user):
	names = [f"EN-{size}-{number}" for number in range(size)]
	base = {"creation": OLD, "modified": OLD, "owner": OWN}
	many(LEAD, [{"name": n, "title": n, "status": "Open", "territory": territory, **base} for n in names])
	mail = {"communication_type": "Communication", "communication_date": OLD, "reference_doctype": LEAD}
	many("Communication", [{"name": f"M{n}", "reference_name": n, **mail, **base} for n in names])
	assert len(count(territory, size)) == 2
	with restricted(OWN, territory), as_user(OWN):
		found = count(territory, size)
		assert len(found) == 3, show(found)


def count(territory: str, size: int) -> list[str]:
	run(territory, least=1)
	granted.forget()  # kept for one request only
	with counted() as statements:
		assert len(run(territory, least=1)[1]) == size
	return statements


def test_nothing_to_show(territory):
	result = run(territory)
	assert (result[1], result[3], card(result, "Engaged Leads")) == ([], None, 0)
	assert card(result, "Average Interactions") is None


@pytest.mark.parametrize("name", ["minimum_interactions", "minimum_age"])
@pytest.mark.parametrize("value", ["-1", -1, "كثير", "1.5", 2.5])
def test_bad_numbers_get_a_message(name, value):
	with pytest.raises(frappe.ValidationError, match="Enter a whole number"):
		report.execute({name: value})


def test_a_company_that_is_none():
	with pytest.raises(frappe.ValidationError, match="does not exist"):
		report.execute({"company": "لا توجد"})


def test_the_desk_runs_it_in_arabic(territory, story, as_user):
	from frappe.desk.query_report import run as run_report

	with restricted(OWN, territory), as_user(OWN):
		frappe.local.lang = "ar"
		result = run_report(
			"Dafater Prospects Engaged But Not Converted",
			filters={"territory": territory},
			ignore_prepared_report=True,
		)
	assert [r["title"] for r in result["result"]] == ["نشط"]
	assert result["result"][0]["status"] != "Open"
