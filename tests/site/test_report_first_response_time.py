"""First Response Time for Opportunity: exact rows and figures, permissions, bad input, a fixed number of statements."""

from __future__ import annotations

from datetime import date

import frappe
import pytest

from dafater_crm.dafater_crm.report.dafater_first_response_time_for_opportunity import (
	dafater_first_response_time_for_opportunity as report,
)
from dafater_crm.queries import granted
from dafater_crm.queries import report_response as response
from tests.site.engagement_rows import (
	OPPORTUNITY,
	activity_row,
	card,
	count_answers,
	make_territory,
	many,
	opportunity_row,
	restricted,
)
from tests.site.factories import AE, COMPANY, MANAGER, make_user
from tests.site.statements import counted

BOSS, OWN, NOBODY = "manager@response.example", "executive@response.example", "stock@response.example"
MARCH = {"from_date": "2015-03-01", "to_date": "2015-03-31"}
HOUR = 3600


@pytest.fixture(autouse=True)
def people():
	make_user(BOSS, MANAGER)
	make_user(OWN, AE)
	make_user(NOBODY, "Stock User")


@pytest.fixture
def territory() -> str:
	return make_territory()


def run(territory: str, **filters) -> tuple:
	"""With medians, after the times were counted."""
	count_answers()
	return execute(territory, **filters)


def execute(territory: str, **filters) -> tuple:
	return report.execute({**MARCH, "territory": territory, "medians": 1, **filters})


def figures(result: tuple) -> list[tuple]:
	names = ("period", "opportunities", "answered", "unanswered", "mean", "median", "p90")
	return [tuple(r[name] for name in names) for r in result[1]]


@pytest.fixture
def story(territory: str) -> None:
	"""3 March: answered after 1, 2 and 6 hours, one not. 31 March, last second: one answered after 10 hours."""
	opportunity_row(territory, "2015-03-03 00:00:00", opportunity_owner=OWN, first_response_time=HOUR)
	opportunity_row(territory, "2015-03-03 12:00:00", first_response_time=6 * HOUR)
	# Frappe's stamp alone, as a moment
	opportunity_row(territory, "2015-03-03 09:00:00", first_responded_on="2015-03-03 11:00:00")
	opportunity_row(territory, "2015-03-03 23:59:59", status="Lost")
	opportunity_row(territory, "2015-03-31 23:59:59.900000", first_response_time=10 * HOUR)
	opportunity_row(territory, "2015-04-01 00:00:00", first_response_time=99 * HOUR)
	opportunity_row(territory, "2015-02-28 23:59:59", first_response_time=99 * HOUR)


THIRD = (date(2015, 3, 3), 4, 3, 1, 3 * HOUR, 2 * HOUR, 6 * HOUR)
LAST = (date(2015, 3, 31), 1, 1, 0, 10 * HOUR, 10 * HOUR, 10 * HOUR)


def test_exact_rows_and_summary(territory, story):
	result = run(territory)
	assert figures(result) == [THIRD, LAST]
	labels = ("Opportunities", "Answered", "Unanswered")
	assert [card(result, label) for label in labels] == [5, 4, 1]
	times = ("Average Response Time", "Median Response Time", "90% Answered Within")
	assert [card(result, label) for label in times] == [4.75 * HOUR, 4 * HOUR, 10 * HOUR]
	assert result[3]["data"]["datasets"][0]["values"] == [2, 10]
	assert {column["fieldname"] for column in result[0]} == set(result[1][0])


def test_a_call_or_meeting_is_an_answer_too_and_the_earlier_one_counts(territory):
	called = opportunity_row(territory, "2015-03-03 08:00:00")
	activity_row(OPPORTUNITY, called, "2015-03-03 10:00:00")
	activity_row(OPPORTUNITY, called, "2015-03-03 09:30:00", activity_type="Visit")
	before_mail = opportunity_row(territory, "2015-03-04 08:00:00", first_response_time=5 * HOUR)
	activity_row(OPPORTUNITY, before_mail, "2015-03-04 09:00:00", activity_type="Meeting")
	after_mail = opportunity_row(territory, "2015-03-05 08:00:00", first_response_time=HOUR)
	activity_row(OPPORTUNITY, after_mail, "2015-03-05 20:00:00")
	earlier = opportunity_row(territory, "2015-03-06 08:00:00")
	activity_row(OPPORTUNITY, earlier, "2015-03-05 08:00:00")
	no_answer = opportunity_row(territory, "2015-03-07 08:00:00")
	activity_row(OPPORTUNITY, no_answer, "2015-03-07 09:00:00", activity_type="Note")
	activity_row(OPPORTUNITY, no_answer, None, status="Open")
	assert [r["median"] for r in run(territory)[1]] == [1.5 * HOUR, HOUR, HOUR, 0, None]


@pytest.fixture
def week() -> None:
	"""Sunday to Thursday from eight to five, no holidays; the days of these tests are in March 2015."""
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.update({"holiday_list": None, "working_hours": [], "working_seasons": []})
	for day in ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday"):
		settings.append("working_hours", {"weekday": day, "from_time": "08:00:00", "to_time": "17:00:00"})
	settings.save()


def hours(result: tuple) -> list[tuple]:
	names = ("mean", "business_mean", "business_median", "business_p90")
	return [tuple(r[name] for name in names) for r in result[1]]


def test_business_hours_leave_out_the_night_the_weekend_and_holidays(territory, week):
	# Tuesday 16:00 to Wednesday 10:00; Thursday 16:30 to Sunday 09:00; Friday, answered on the same day
	opportunity_row(territory, "2015-03-03 16:00:00", first_response_time=18 * HOUR)
	opportunity_row(territory, "2015-03-05 16:30:00", first_response_time=64.5 * HOUR)
	opportunity_row(territory, "2015-03-06 10:00:00", first_response_time=HOUR)
	assert hours(run(territory)) == [
		(18 * HOUR, 3, 3, 3),
		(64.5 * HOUR, 1.5, 1.5, 1.5),
		(HOUR, 0, 0, 0),
	]
	result = run(territory, group_by="Month")
	assert hours(result) == [(100_200, 1.5, 1.5, 3)]
	assert card(result, "Average Business Hours") == card(result, "Median Business Hours") == 1.5
	assert card(result, "90% Within Business Hours") == 3
	assert [line["values"] for line in result[3]["data"]["datasets"]] == [[18], [1.5]]
	assert (result[3]["type"], run(territory)[3]["type"]) == ("bar", "line")


def test_the_company_holiday_list_is_taken_unless_the_settings_name_one(territory, week):
	opportunity_row(territory, "2015-03-03 16:00:00", first_response_time=42 * HOUR, company=COMPANY)
	assert hours(run(territory))[0][1] == 12
	frappe.db.set_value("Company", COMPANY, "default_holiday_list", holiday_list("2015-03-04"))
	assert hours(run(territory, company=COMPANY))[0][1] == 3
	frappe.db.set_single_value("Dafater CRM Settings", "holiday_list", holiday_list("2015-03-05"))
	assert hours(run(territory, company=COMPANY))[0][1] == 10


def holiday_list(day: str) -> str:
	values = {"from_date": "2015-01-01", "to_date": "2015-12-31"}
	row = {"holiday_date": day, "description": "عيد"}
	name = f"Holidays {frappe.generate_hash(length=6)}"
	doc = {"doctype": "Holiday List", "holiday_list_name": name, **values, "holidays": [row]}
	return frappe.get_doc(doc).insert().name


def test_a_season_and_days_with_several_windows(territory, week):
	settings = frappe.get_doc("Dafater CRM Settings")
	season = {"from_date": "2015-03-04", "to_date": "2015-03-04"}
	settings.append("working_seasons", {**season, "from_time": "10:00:00", "to_time": "12:00:00"})
	settings.append("working_seasons", {**season, "from_time": "21:00:00", "to_time": "00:00:00"})
	settings.save()
	opportunity_row(territory, "2015-03-03 16:00:00", first_response_time=42 * HOUR)
	assert hours(run(territory))[0][1] == 1 + 2 + 3 + 2


def test_without_working_hours_the_report_says_so(territory, week, story):
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.working_hours = []
	settings.save()
	columns, rows, message, chart, summary = run(territory)
	assert "No working hours are set" in message
	assert not [column for column in columns if column["fieldname"].startswith("business")]
	assert rows[0]["mean"] == 3 * HOUR and "business_mean" not in rows[0]
	assert len(chart["data"]["datasets"]) == 1 and len(summary) == 6


@pytest.mark.parametrize(
	("rows", "seasons", "message"),
	[
		([("Sunday", "17:00", "08:00")], [], "ends before it starts"),
		([("Sunday", "08:00", "12:00"), ("Sunday", "11:59", "17:00")], [], "rows 1 and 2 overlap on Sunday"),
		([], [("2026-03-10", "2026-03-09", "10:00", "16:00")], "season in row 1 ends before it begins"),
		([], [("2026-03-10", "2026-03-19", "16:00", "10:00")], "ends before it starts"),
		(
			[],
			[("2026-03-10", "2026-03-19", "10:00", "12:00"), ("2026-03-19", "2026-03-20", "13:00", "14:00")],
			"share some of their days",
		),
		(
			[],
			[("2026-03-10", "2026-03-19", "10:00", "12:00"), ("2026-03-10", "2026-03-19", "11:00", "14:00")],
			"hours of the seasons in rows 1 and 2 overlap",
		),
	],
)
def test_hours_that_cannot_be_are_refused(rows, seasons, message):
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.working_hours, settings.working_seasons = [], []
	for weekday, start, end in rows:
		settings.append("working_hours", {"weekday": weekday, "from_time": start, "to_time": end})
	for first, last, start, end in seasons:
		times = {"from_time": start, "to_time": end}
		settings.append("working_seasons", {"from_date": first, "to_date": last, **times})
	with pytest.raises(frappe.ValidationError, match=message):
		settings.save()


def test_a_new_site_works_from_sunday_to_thursday():
	settings = frappe.get_doc("Dafater CRM Settings")
	days = [(row.weekday, str(row.from_time), str(row.to_time)) for row in settings.working_hours]
	week = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")
	assert days == [(day, "8:00:00", "17:00:00") for day in week]


def test_an_answer_within_the_second_is_one(territory):
	moment = "2015-03-03 08:00:00"
	opportunity_row(territory, moment, first_responded_on=moment, first_response_time=0)
	assert figures(run(territory)) == [(date(2015, 3, 3), 1, 1, 0, 0, 0, 0)]


def test_ninety_percent_is_the_ninth_of_ten_and_the_median_between_the_middle_ones(territory):
	for hours in range(1, 11):
		opportunity_row(territory, "2015-03-03 08:00:00", first_response_time=hours * HOUR)
	assert figures(run(territory))[0][4:] == (5.5 * HOUR, 5.5 * HOUR, 9 * HOUR)


def test_months_of_a_long_period_stay_apart_by_year(territory, story):
	opportunity_row(territory, "2016-03-10 08:00:00", first_response_time=HOUR)
	result = run(territory, from_date="2014-01-01", to_date="2016-06-30")
	assert [(r["first_day"], r["opportunities"], r["answered"]) for r in result[1]] == [
		(date(2015, 2, 1), 1, 1),
		(date(2015, 3, 1), 5, 4),
		(date(2015, 4, 1), 1, 1),
		(date(2016, 3, 1), 1, 1),
	]
	assert (result[1][1]["first_day"], result[1][1]["last_day"]) == (date(2015, 3, 1), date(2015, 3, 31))
	assert result[1][1]["median"] == 4 * HOUR
	assert len(run(territory, group_by="Month")[1]) == 1


def test_the_list_behind_a_part_of_a_month_has_the_same_part(territory, story):
	opportunity_row(territory, "2015-04-21 08:00:00")
	rows = run(territory, from_date="2015-03-02", to_date="2015-04-20", group_by="Month")[1]
	assert [(r["first_day"], r["last_day"]) for r in rows] == [
		(date(2015, 3, 2), date(2015, 3, 31)),
		(date(2015, 4, 1), date(2015, 4, 20)),
	]
	behind = [
		len(
			frappe.get_all(
				"Dafater Opportunity",
				{"territory": territory, "creation": ("between", [r["first_day"], r["last_day"]])},
			)
		)
		for r in rows
	]
	assert [r["opportunities"] for r in rows] == behind


def test_owner_and_territories_below(territory, story):
	below = make_territory(parent=territory)
	opportunity_row(below, "2015-03-09 08:00:00")
	assert [r["opportunities"] for r in run(territory)[1]] == [4, 1, 1]
	only = run(territory, opportunity_owner=OWN)
	assert figures(only) == [(date(2015, 3, 3), 1, 1, 0, HOUR, HOUR, HOUR)]


def test_who_sees_what(territory, story, as_user):
	with as_user(BOSS):
		assert figures(run(territory)) == [THIRD, LAST]
	with as_user(OWN):
		result = run(territory)
		assert figures(result) == [(date(2015, 3, 3), 1, 1, 0, HOUR, HOUR, HOUR)]
		assert card(result, "Opportunities") == 1
	with restricted(OWN, make_territory()), as_user(OWN):
		assert run(territory)[1] == []
	with as_user(NOBODY):
		_columns, rows, message, chart, summary = run(territory)
		assert (rows, chart, summary) == ([], None, [])
		assert "may not read opportunities" in message


@pytest.mark.parametrize("size", [10, 1000])
def test_statements_do_not_grow(territory, size, as_user):
	moment = "2015-03-03 08:00:00"
	base = {"territory": territory, "creation": moment, "modified": moment, "owner": OWN}
	many(
		OPPORTUNITY,
		[{"name": f"FR-{size}-{n}", "first_response_time": n, **base} for n in range(1, size + 1)],
	)
	count_answers()
	# averages need one, medians the times themselves and a setting; the restrictions of a user another one
	assert (count(territory, size, 0), count(territory, size, 1)) == (1, 3)
	with restricted(OWN, territory), as_user(OWN):
		assert (count(territory, size, 0), count(territory, size, 1)) == (2, 4)


def count(territory: str, size: int, medians: int) -> int:
	execute(territory, medians=medians)
	granted.forget()  # kept for one request only
	with counted() as statements:
		result = execute(territory, medians=medians)
	assert tuple(result[1][0][name] for name in ("opportunities", "answered", "unanswered")) == (
		size,
		size,
		0,
	)
	assert result[1][0]["mean"] == round((size + 1) / 2)
	assert result[1][0].get("p90") == (size * 9 // 10 if medians else None)
	return len(statements)


def test_averages_alone_unless_medians_are_asked_for(territory, week, story):
	result = run(territory, medians=0)
	names = ("opportunities", "answered", "unanswered", "mean", "business_mean")
	assert [tuple(row[name] for name in names) for row in result[1]] == [
		# 3 March: 00:00 to 01:00, 12:00 to 18:00 of which five are worked, 09:00 to 11:00
		(4, 3, 1, 3 * HOUR, 2.33),
		# until 10:00 of the next day
		(1, 1, 0, 10 * HOUR, 2),
	]
	assert {column["fieldname"] for column in result[0]} == set(result[1][0])
	assert [found["label"] for found in result[4]][3:] == ["Average Response Time", "Average Business Hours"]
	assert (
		card(result, "Average Response Time") == 4.75 * HOUR
		and card(result, "Average Business Hours") == 2.25
	)
	assert [line["values"] for line in result[3]["data"]["datasets"]] == [[3, 10], [2.33, 2]]


def test_a_text_that_the_server_cuts_off_is_no_report(territory, story, monkeypatch):
	monkeypatch.setattr(response, "LONGEST", 20)
	with pytest.raises(frappe.ValidationError, match="shorter period"):
		run(territory)


def test_nothing_to_show(territory):
	result = run(territory)
	assert (result[1], result[3], card(result, "Opportunities")) == ([], None, 0)
	opportunity_row(territory, "2015-03-03 08:00:00", party_type="Dafater Lead", party_name="DLEAD-DELETED")
	result = run(territory)
	assert figures(result) == [(date(2015, 3, 3), 1, 0, 1, None, None, None)]
	assert (result[3], card(result, "Median Response Time")) == (None, None)


@pytest.mark.parametrize(
	("filters", "message"),
	[
		({}, "first and the last day"),
		({"from_date": "2015-02-01", "to_date": "2015-01-01"}, "before it begins"),
		({**MARCH, "company": "لا توجد"}, "does not exist"),
	],
)
def test_bad_filters_get_a_message(filters, message):
	with pytest.raises(frappe.ValidationError, match=message):
		report.execute(filters)


def test_the_desk_runs_it(territory, story, as_user):
	from frappe.desk.query_report import run as run_report

	filters = {**MARCH, "territory": territory}
	with as_user(OWN):
		result = run_report(
			"Dafater First Response Time for Opportunity", filters=filters, ignore_prepared_report=True
		)
	assert [r["opportunities"] for r in result["result"]] == [1]
