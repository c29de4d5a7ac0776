"""Bad input gets one clear message that says what to do, and nothing is half-saved."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, nowdate

from dafater_crm.api import opportunities as opportunities_api
from tests.site.factories import (
	SELLER,
	make_item,
	make_lead,
	make_opportunity,
	make_prospect,
	make_user,
	phone,
	unique,
)

USER = "seller@bad-input.example"


@pytest.fixture(autouse=True)
def seller():
	make_user(USER, *SELLER)
	make_item()
	frappe.set_user(USER)


def refused(text: str, exc: type[Exception] = frappe.ValidationError):
	return pytest.raises(exc, match=text)


@pytest.mark.parametrize(
	("field", "value", "message"),
	[
		("mobile_no", "12345", "is not a valid phone number. Write it like 0551234567"),
		("mobile_no", "0521234567", "is not a valid phone number"),
		("whatsapp_no", "hello", "is not a valid phone number"),
		("email_id", "nobody@nowhere", "is not a valid e-mail address"),
		("cr_number", "12345678", "is not a valid commercial registration number"),
		("cr_number", "1111111111", "is not a valid commercial registration number"),
		("vat_number", "200000000000003", "is not a valid VAT number"),
		("national_id", "1058529941", "not a valid national ID"),
		("postal_code", "12", "is not a valid postal code"),
		("short_address", "RR2929", "is not a valid short address"),
		("annual_revenue", -1, "cannot be negative"),
		("annual_revenue", "inf", "must be a number"),
		("lead_name", "<script>alert(1)</script>", "contains HTML"),
		("organisation_name", '=HYPERLINK("http://x")', "would run as a formula"),
		("status", "Converted", "follows the documents"),
		("status", "Disqualified", "Choose why the lead"),
		("next_follow_up", "2020-01-01", "is in the past"),
	],
)
def test_a_lead_is_refused_with_what_to_do(field, value, message):
	before = frappe.db.count("Dafater Lead")
	with refused(message):
		make_lead(**{field: value})
	frappe.db.rollback()
	assert frappe.db.count("Dafater Lead") == before


def test_the_message_is_in_arabic_for_an_arabic_user():
	frappe.local.lang = "ar"
	with refused("ليس رقم"):
		make_lead(mobile_no="12345")


@pytest.mark.parametrize(
	("typed", "stored"),
	[
		("0551234567", "+966551234567"),
		("551234567", "+966551234567"),
		("00966551234567", "+966551234567"),
		("+966 0551234567", "+966551234567"),
		("٠٥٥١٢٣٤٥٦٧", "+966551234567"),
		("۰۵۵۱۲۳۴۵۶۷", "+966551234567"),
	],
)
def test_a_phone_is_stored_once_as_e164(typed, stored):
	assert make_lead(mobile_no=typed).mobile_no == stored


def test_a_lead_without_any_name_is_refused():
	with refused("A lead needs a name", frappe.MandatoryError):
		make_lead(lead_name=None, organisation_name=None)


@pytest.mark.parametrize(
	("field", "value", "message"),
	[
		("expected_closing", "2020-01-01", "is before the opportunity date"),
		("opportunity_amount", -5, "cannot be negative"),
		("opportunity_amount", float("nan"), "must be a number"),
		("probability", 120, "must be between 0 and 100"),
		("bid_bond_percent", -1, "must be between 0 and 100"),
		("title", "<b>x</b>", "contains HTML"),
	],
)
def test_an_opportunity_is_refused_with_what_to_do(field, value, message):
	with refused(message):
		make_opportunity(items=[], **{field: value})


def test_an_item_row_with_a_negative_or_infinite_rate_is_refused():
	for rate, message in ((-1, "cannot be negative"), (float("inf"), "must be a number")):
		with refused(message):
			make_opportunity(items=[{"item_code": make_item(), "qty": 1, "rate": rate}])


def test_a_foreign_currency_without_a_rate_says_where_to_enter_it():
	with refused("There is no exchange rate from"):
		make_opportunity(currency="JPY")


def test_a_rate_entered_by_hand_or_stored_is_used():
	assert make_opportunity(currency="JPY", conversion_rate=0.025).base_opportunity_amount == 25
	frappe.set_user("Administrator")
	frappe.get_doc(
		{
			"doctype": "Currency Exchange",
			"date": add_days(nowdate(), -3),
			"from_currency": "EUR",
			"to_currency": "SAR",
			"exchange_rate": 4.1,
			"for_selling": 1,
			"for_buying": 1,
		}
	).insert()
	frappe.set_user(USER)
	opportunity = make_opportunity(currency="EUR")
	assert (opportunity.conversion_rate, opportunity.base_opportunity_amount) == (4.1, 4100)


def test_a_stage_without_a_sequence_has_no_place_on_the_board():
	frappe.set_user("Administrator")
	stage = frappe.get_doc(
		{"doctype": "Dafater Sales Stage", "stage_name": unique("S"), "sequence": 1}
	).insert()
	frappe.db.set_value("Dafater Sales Stage", stage.name, "sequence", 0)
	frappe.clear_document_cache("Dafater Sales Stage", stage.name)
	frappe.set_user(USER)
	with refused("has no sequence"):
		make_opportunity(sales_stage=stage.name)


def test_prospects_cannot_be_each_others_parents():
	top = make_prospect()
	middle = make_prospect(parent_prospect=top.name)
	bottom = make_prospect(parent_prospect=middle.name)
	top.parent_prospect = bottom.name
	with refused("cannot be the parent account"):
		top.save()
	middle.parent_prospect = middle.name
	with refused("cannot be the parent account"):
		middle.save()


def test_two_prospects_may_share_a_name():
	name = unique("شركة واحدة")
	assert make_prospect(prospect_name=name).name != make_prospect(prospect_name=name).name


def test_an_opportunity_opens_when_its_party_is_gone_and_says_what_to_do_on_save():
	opportunity = make_opportunity()
	frappe.db.delete("Dafater Prospect", {"name": opportunity.party_name})
	frappe.db.value_cache.clear()
	again = frappe.get_doc("Dafater Opportunity", opportunity.name)
	again.run_method("onload")
	assert again.party_title
	again.next_step = "x"
	with refused("no longer exist", frappe.LinkValidationError):
		again.save()


def test_a_disabled_master_is_refused_when_chosen_and_tolerated_when_old():
	frappe.set_user("Administrator")
	source = frappe.get_doc({"doctype": "Dafater Lead Source", "source_name": unique("معرض")}).insert()
	frappe.set_user(USER)
	old = make_lead(source=source.name)
	frappe.db.set_value("Dafater Lead Source", source.name, "disabled", 1)
	frappe.clear_document_cache("Dafater Lead Source", source.name)
	with refused("is disabled. Choose another one"):
		make_lead(source=source.name)
	old.job_title = "مدير"
	old.save()


def test_losing_needs_a_reason_and_winning_needs_none():
	opportunity = make_opportunity()
	with refused("at least one reason", frappe.MandatoryError):
		opportunities_api.set_lost(opportunity.name, [])
	opportunity.reload()
	assert opportunities_api.set_stage(opportunity.name, "Closed Won")["status"] == "Won"


def test_the_day_of_losing_does_not_move_with_later_edits():
	opportunity = make_opportunity()
	reason = frappe.get_all("Dafater Opportunity Lost Reason", pluck="name", limit=2)
	opportunities_api.set_lost(opportunity.name, reason, details="السعر")
	frappe.db.set_value(
		"Dafater Opportunity", opportunity.name, "lost_on", "2026-01-05", update_modified=False
	)
	opportunity.reload()
	assert [row.lost_reason for row in opportunity.lost_reasons] == reason
	opportunity.next_step = "لا شيء"
	opportunity.save()
	assert str(opportunity.lost_on) == "2026-01-05"


def test_a_wrong_party_type_is_refused():
	with refused("cannot be the party|cannot be"):
		make_opportunity(frappe._dict(doctype="User", name="Administrator"))


def test_a_quotation_cannot_name_the_opportunity_of_another_party():
	opportunity, stranger = make_opportunity(), make_prospect()
	with refused("belongs to"):
		frappe.get_doc(
			{
				"doctype": "Quotation",
				"quotation_to": "Dafater Prospect",
				"party_name": stranger.name,
				"dafater_opportunity": opportunity.name,
				"items": [{"item_code": make_item(), "qty": 1}],
			}
		).insert()


def test_a_conversion_that_fails_half_way_leaves_nothing(monkeypatch):
	from dafater_crm.api import leads as leads_api

	lead = make_lead()
	frappe.db.commit()
	prospects, contacts = frappe.db.count("Dafater Prospect"), frappe.db.count("Contact")
	stage = frappe.get_doc("Dafater Sales Stage", "Prospecting")
	frappe.db.set_value("Dafater Sales Stage", stage.name, "sequence", 0)
	frappe.clear_document_cache("Dafater Sales Stage", stage.name)
	committed = []
	monkeypatch.setattr(frappe.db, "commit", lambda: committed.append(True))
	with refused("has no sequence"):
		leads_api.convert(lead.name)
	monkeypatch.undo()
	assert not committed
	frappe.db.rollback()
	frappe.clear_document_cache("Dafater Sales Stage", stage.name)
	assert (frappe.db.count("Dafater Prospect"), frappe.db.count("Contact")) == (prospects, contacts)
	assert frappe.db.get_value("Dafater Lead", lead.name, "prospect") is None


def test_a_lead_with_a_submitted_quotation_cannot_be_deleted():
	lead = make_lead(mobile_no=phone())
	frappe.get_doc(
		{
			"doctype": "Quotation",
			"quotation_to": "Dafater Lead",
			"party_name": lead.name,
			"items": [{"item_code": make_item(), "qty": 1, "rate": 100}],
		}
	).insert().submit()
	frappe.set_user("Administrator")
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Dafater Lead", lead.name)


def test_deleting_a_lead_leaves_its_prospect():
	from dafater_crm.api import leads as leads_api

	lead = make_lead()
	prospect = leads_api.convert(lead.name, make_opportunity=0)["prospect"]
	frappe.set_user("Administrator")
	frappe.delete_doc("Dafater Lead", lead.name)
	assert frappe.db.exists("Dafater Prospect", prospect)
