"""The tour's sheet and plan agree with themselves, and its table keeps its columns with Arabic in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from dafater_crm.domain import emails, phones, saudi_ids
from dafater_crm.setup.tour_table import cell_text, table, width

DATA = Path(__file__).parents[2] / "dafater_crm" / "setup" / "data"
VAT = 0.15


@pytest.fixture(scope="module")
def sheet() -> dict[str, dict]:
	with (DATA / "tour_leads.csv").open(encoding="utf-8", newline="") as file:
		return {row["no"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def plan() -> dict:
	return json.loads((DATA / "tour_plan.json").read_text(encoding="utf-8"))


def test_twenty_five_leads_each_with_a_plan(sheet: dict, plan: dict) -> None:
	assert len(sheet) == 25
	assert list(sheet) == list(plan["leads"])


def test_the_sheet_is_real_looking(sheet: dict, plan: dict) -> None:
	rows = list(sheet.values())
	assert len({row["mobile_no"] for row in rows}) == len({row["email_id"].lower() for row in rows}) == 25
	arabic = [row for row in rows if not row["lead_name"].isascii()]
	assert 10 <= len(arabic) <= 20
	for number, row in sheet.items():
		assert phones.to_e164(row["mobile_no"]) == plan["leads"][number]["expect"]["lead"]["mobile_no"]
		assert emails.normalise(row["email_id"]) == row["email_id"].lower()
		saudi_ids.validate_cr(row["cr_number"])
		saudi_ids.validate_vat(row["vat_number"])


def test_vat_is_fifteen_percent_in_every_expected_document(plan: dict) -> None:
	for number, lead in plan["leads"].items():
		for label, expected in lead["expect"].items():
			if isinstance(expected, dict) and "net_total" in expected:
				net, vat = expected["net_total"], expected["total_taxes_and_charges"]
				assert vat == pytest.approx(net * VAT), (number, label)
				assert expected["grand_total"] == pytest.approx(net + vat), (number, label)


def test_totals_are_the_sums_of_the_rows(plan: dict) -> None:
	rows = [lead["expect"]["row"] for lead in plan["leads"].values()]
	for field in ("amount", "invoiced", "paid", "outstanding"):
		assert sum(row[field] for row in rows) == pytest.approx(plan["totals"][field]), field
	for row in rows:
		assert row["invoiced"] == pytest.approx(row["paid"] + row["outstanding"])
	assert sum(lead["expect"]["issues"] for lead in plan["leads"].values()) == plan["totals"]["issues"]


def test_weighted_total_is_the_sum_of_the_opportunities(plan: dict) -> None:
	found = [
		expected["weighted_amount"]
		for lead in plan["leads"].values()
		for expected in lead["expect"].values()
		if isinstance(expected, dict) and "weighted_amount" in expected
	]
	assert sum(found) == pytest.approx(plan["totals"]["weighted"])


def test_marks_and_controls_take_no_column() -> None:
	assert width("مؤسسة") == 5
	assert width("مُؤَسَّسَة") == 5
	assert width("\u202aabc\u202c") == 3
	assert width("漢") == 2


def test_columns_stay_in_place_with_arabic_cells() -> None:
	text = table(
		["lead", "party", "paid"], [["L1", "مؤسسة", 1234.5], ["L22", "Oasis", 0.0]], ["sum", "", 1234.5]
	)
	lines = [line.replace("\u200e", "") for line in text.splitlines()]
	assert lines[0] == "lead | party |     paid"
	assert lines[2] == "L1   | مؤسسة | 1,234.50"
	assert lines[3] == "L22  | Oasis |"
	assert lines[5] == "sum  |       | 1,234.50"


def test_amounts_have_two_decimals_and_nothing_is_empty() -> None:
	assert [cell_text(cell) for cell in (1000, 0, None, "x", -1196)] == ["1,000.00", "", "", "x", "-1,196.00"]
