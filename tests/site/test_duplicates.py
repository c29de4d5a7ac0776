"""Doubles are found when a lead is entered and at night; nobody is refused, nothing is doubled in silence."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.api import duplicates
from dafater_crm.domain.blocking import RULES
from dafater_crm.queries.duplicates import (
	CANDIDATE,
	FREQUENCIES,
	FREQUENCIES_KEY,
	KEY,
	LEAD,
	stored_frequencies,
)
from dafater_crm.records import duplicate_search
from tests.site.factories import SELLER, make_lead, make_user, phone, unique
from tests.site.people import MANAGING, SELLER_A, SELLER_B, cast  # noqa: F401
from tests.site.statements import counted
from tests.site.test_concurrency import USER, at_once


@pytest.fixture
def committed(cast):  # noqa: F811
	"""The search runs after a commit, so these tests commit and take their leads away again."""
	made: list[str] = []

	def make(**values) -> str:
		values = {"email_id": None, "organisation_name": None, "mobile_no": None, **values}
		lead = make_lead(**values)
		frappe.db.commit()
		made.append(lead.name)
		return lead.name

	yield make
	frappe.set_user("Administrator")
	for name in made:
		if frappe.db.exists(LEAD, name):
			frappe.delete_doc(LEAD, name, force=1)
	frappe.db.commit()
	assert not frappe.db.count(KEY, {"lead": ("in", made)})
	assert not frappe.db.count(CANDIDATE, {"lead_a": ("in", made)})


def pairs(*names: str) -> list[tuple]:
	rows = frappe.get_all(
		CANDIDATE,
		{"lead_a": ("in", names)},
		["lead_a", "lead_b", "certain", "found_by", "status"],
		order_by="pair",
	)
	return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
	("first", "second"),
	[
		({"lead_name": "محمد القحطاني"}, {"lead_name": "Mohammed Al-Qahtani"}),
		({"lead_name": "فاطمة الزهراني"}, {"lead_name": "الزهراني فاطمه"}),
		({"lead_name": "أحمد عبد الله الغامدي"}, {"lead_name": "احمد عبدالله الغامدى"}),
	],
)
def test_one_person_twice_is_noted_on_entry(committed, first, second):
	number = phone()
	one = committed(**first, mobile_no=number)
	other = committed(**second, mobile_no="00966" + number[-9:])
	assert pairs(one, other) == [(one, other, 1, "Entry", "Open")]


@pytest.mark.parametrize(
	("first", "second", "share"),
	[
		# a family's phone: father and son
		({"lead_name": "محمد علي الشهري"}, {"lead_name": "علي محمد الشهري"}, "mobile_no"),
		({"lead_name": "سارة الدوسري"}, {"lead_name": "خالد المطيري"}, "phone"),
	],
)
def test_people_who_share_a_phone_are_two(committed, first, second, share):
	number = phone() if share == "mobile_no" else "0114123456"
	one, other = committed(**first, **{share: number}), committed(**second, **{share: number})
	assert [row for row in pairs(one, other) if row[2]] == []


def test_two_people_of_a_common_name_are_two(committed):
	one = committed(lead_name="محمد القحطاني", mobile_no=phone(), city="الرياض")
	other = committed(lead_name="محمد القحطاني", mobile_no=phone(), city="جدة")
	assert [row for row in pairs(one, other) if row[2]] == []


STAFF = ("خالد العتيبي", "سارة الدوسري", "نورة الشهري", "فهد المطيري", "هند الغامدي", "ياسر الحربي")
STAFF += ("مها الزهراني", "طلال العنزي", "Omar Farouk", "ريم القرني")


@pytest.mark.parametrize("name", ["محمد القحطاني", "بندر السبيعي", "Ahmed Hassan"])
def test_two_of_one_name_in_one_company_on_a_small_site(committed, name):
	"""Twelve leads of a firm's first week, before and after the night has counted their names."""
	firm = {"organisation_name": "شركة النور", "city": "الرياض"}
	for colleague in STAFF:
		committed(lead_name=colleague, mobile_no=phone())
	duplicate_search.count_names()
	try:
		assert stored_frequencies().records < 100
		one = committed(lead_name=name, mobile_no=phone(), email_id=f"{phone()}@firm.example", **firm)
		other = committed(lead_name=name, mobile_no=phone(), email_id=f"{phone()}@mail.example", **firm)
		assert [row[2] for row in pairs(one, other)] == [0]
		frappe.db.delete(CANDIDATE, {"lead_a": one})
		frappe.db.set_single_value(FREQUENCIES, "last_search_on", "2000-01-01")
		frappe.db.commit()
		duplicate_search.run()
		assert [row[2:4] for row in pairs(one, other)] == [(0, "Nightly Search")]
		same = committed(lead_name=name, mobile_no=frappe.db.get_value(LEAD, one, "mobile_no"), **firm)
		assert (one, same, 1) in [row[:3] for row in pairs(one, other)]
	finally:
		frappe.db.set_single_value(FREQUENCIES, {"records": 0, "counts": None})
		frappe.db.commit()
		frappe.cache.delete_value(FREQUENCIES_KEY)


def test_keys_follow_the_lead(committed):
	number = phone()
	one = committed(lead_name="نورة العتيبي", mobile_no=number)
	other = committed(lead_name="نورة العتيبي", mobile_no=phone(), city="أبها")
	assert [row for row in pairs(one, other) if row[2]] == []
	lead = frappe.get_doc(LEAD, other)
	lead.mobile_no = number
	lead.save()
	frappe.db.commit()
	assert [row[2] for row in pairs(one, other)] == [1]
	before = frappe.db.count(KEY, {"lead": other})
	with counted() as statements:
		lead.city = "أبها"
		lead.save()
	assert not [text for text in statements if KEY in text]
	assert frappe.db.count(KEY, {"lead": other}) == before


def test_the_search_can_be_switched_off(committed):
	frappe.db.set_single_value("Dafater CRM Settings", "find_duplicates", 0)
	number = phone()
	one = committed(lead_name="ريم الحربي", mobile_no=number)
	try:
		other = committed(lead_name="ريم الحربي", mobile_no=number)
		assert pairs(one, other) == []
	finally:
		frappe.db.set_single_value("Dafater CRM Settings", "find_duplicates", 1)
		frappe.db.commit()


def test_a_colleagues_lead_is_told_of_without_its_name(committed):
	number = phone()
	frappe.set_user(SELLER_A)
	one = committed(lead_name="عبير القرني", mobile_no=number, lead_owner=SELLER_A)
	frappe.set_user(SELLER_B)
	other = committed(lead_name="عبير القرني", mobile_no=number, lead_owner=SELLER_B)
	(shown,) = duplicates.of_lead(other)
	assert (shown["readable"], shown["lead"], shown["title"]) == (False, None, None)
	assert shown["owner_name"] == frappe.db.get_value("User", SELLER_A, "full_name")
	assert frappe.get_list(CANDIDATE, {"lead_b": other}) == []
	with pytest.raises(frappe.PermissionError):
		duplicates.of_lead(one)
	frappe.set_user(MANAGING)
	(shown,) = duplicates.of_lead(other)
	assert (shown["lead"], shown["certain"], "same_mobile" in shown["reasons"]) == (one, 1, True)


def test_sixteen_people_enter_one_person_at_the_same_moment(committed):
	number, name = phone(), unique("سلطان العنزي")
	make_user(USER, *SELLER)
	results = at_once("enter_lead", [{"lead_name": name, "mobile_no": number}] * 16)
	names = [result.get("ok") for result in results]
	try:
		assert all(names), results
		assert len(set(names)) == 16
		rows = pairs(*names)
		assert {row[2:] for row in rows} == {(1, "Entry", "Open")}
		assert connected(rows, names)
	finally:
		frappe.set_user("Administrator")
		for lead in filter(None, names):
			frappe.delete_doc(LEAD, lead, force=1)
		frappe.db.commit()


def connected(rows: list[tuple], names: list[str]) -> bool:
	"""Every lead can be reached from every other over the pairs: one set, not several."""
	reached = {names[0]}
	while True:
		more = {name for row in rows if reached & {row[0], row[1]} for name in row[:2]} - reached
		if not more:
			return reached == set(names)
		reached |= more


def test_the_night_files_what_plain_sql_wrote(committed):
	number = phone()
	one = committed(lead_name="هند السبيعي", mobile_no=number)
	other = committed(lead_name="هند السبيعي")
	frappe.db.delete(KEY, {"lead": other})
	frappe.db.set_value(LEAD, other, "mobile_no", frappe.db.get_value(LEAD, one, "mobile_no"))
	frappe.db.commit()
	frappe.db.delete(CANDIDATE, {"lead_a": one})
	frappe.db.commit()
	duplicate_search.run()
	assert (one, other, 1, "Nightly Search", "Open") in pairs(one, other)
	assert stored_frequencies().records == frappe.db.count(LEAD)


def test_the_night_files_all_leads_anew_when_the_rules_have_changed(committed):
	number = phone()
	one = committed(lead_name="هند السبيعي", mobile_no=number)
	other = committed(lead_name="هند السبيعي", mobile_no=number)
	kept = sorted(frappe.get_all(KEY, {"lead": other}, pluck="match_key"))
	duplicate_search.run()
	assert duplicate_search.file_anew() == 0
	frappe.db.set_value(KEY, {"lead": other}, "match_key", "0000000000000000")
	frappe.db.delete(CANDIDATE, {"lead_a": one})
	frappe.db.set_single_value(FREQUENCIES, "key_rules", RULES - 1)
	frappe.db.commit()
	duplicate_search.run()
	assert sorted(frappe.get_all(KEY, {"lead": other}, pluck="match_key")) == kept
	assert (one, other, 1, "Nightly Search", "Open") in pairs(one, other)
	assert duplicate_search.file_anew() == 0


def test_the_night_does_not_ask_again_what_was_decided(committed):
	number = phone()
	one = committed(lead_name="لطيفة الرشيدي", mobile_no=number)
	other = committed(lead_name="لطيفة الرشيدي", mobile_no=number)
	name = frappe.db.get_value(CANDIDATE, {"lead_a": one, "lead_b": other})
	duplicates.dismiss(name)
	frappe.db.commit()
	frappe.db.set_single_value(FREQUENCIES, "last_search_on", "2000-01-01")
	duplicate_search.run()
	assert pairs(one, other) == [(one, other, 1, "Entry", "Not a Duplicate")]


def test_finding_a_double_costs_three_statements(committed):
	number = phone()
	committed(lead_name="منال الشمري", mobile_no=number)
	lead = frappe.get_doc(
		{"doctype": LEAD, "lead_name": "منال الشمري", "mobile_no": number, "company": "", "territory": ""}
	)
	with counted() as statements:
		lead.insert()
		frappe.db.commit()
	own = [text for text in statements if KEY in text or CANDIDATE in text]
	assert len(own) == 3, own
	frappe.delete_doc(LEAD, lead.name, force=1)
	frappe.db.commit()
