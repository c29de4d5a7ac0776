"""A batch checks what many leads share once, and still refuses, cleans and stores each value as a single save does."""

from __future__ import annotations

import frappe
import pytest
from frappe.custom.doctype.custom_field.custom_field import create_custom_field

from dafater_crm.records import filled_fields
from dafater_crm.records.bulk import NewDocuments
from tests.site.factories import unique
from tests.site.people import DEVELOPING, cast  # noqa: F401

LEAD = "Dafater Lead"
DIFFER = {"name", "creation", "modified", "status_changed_on", "scored_on", "idx", "_seen"}


def make(batch, **values):
	row = {"lead_name": "محمد القحطاني", "organisation_name": "شركة النور", **values}
	batch.know_links([row])
	return batch.make(row)


def stored(name: str) -> dict:
	row = frappe.db.get_value(LEAD, name, "*", as_dict=True)
	return {key: value for key, value in row.items() if key not in DIFFER}


@pytest.mark.parametrize(
	("good", "wrong", "message"),
	[
		({"no_of_employees": "6-49"}, {"no_of_employees": "many"}, "cannot be"),
		({"city": "الرياض"}, {"city": "x" * 141}, "141 characters"),
		({"district": "العليا"}, {"district": "=1+1"}, "would run as a formula"),
		({"website": "https://example.com"}, {"website": "example"}, "not a valid URL"),
		({"email_id": "a@example.com"}, {"email_id": "a@"}, "not a valid"),
		({}, {"naming_series": ""}, "aming_series|Series"),
	],
)
def test_a_wrong_value_is_refused_after_many_good_ones(cast, good, wrong, message):  # noqa: F811
	batch = NewDocuments(LEAD)
	for _time in range(3):
		make(batch, **good)
	with pytest.raises(frappe.ValidationError, match=message):
		make(batch, **wrong)
	assert make(batch, **good).get(next(iter(good), "lead_name"))


@pytest.mark.parametrize("most", [0, 2, 200])
def test_leads_are_stored_as_single_ones_however_many_values_are_kept(cast, monkeypatch, most):  # noqa: F811
	monkeypatch.setattr(filled_fields, "MOST_VALUES", most)
	monkeypatch.setattr(filled_fields, "MOST_METAS", 3)
	frappe.set_user(DEVELOPING)
	rows = [
		{
			"lead_name": f"محمد {number}",
			"city": ("الرياض", "جدة", "", None)[number % 4],
			"annual_revenue": (0, "1,250.50", 7)[number % 3],
			"has_budget": (0, 1, True)[number % 3],
			"request": ("عرض", "<b>عرض</b><script>alert(1)</script>", "")[number % 3],
			"no_of_employees": (" 6-49 ", "6-49", "")[number % 3],
			"next_follow_up": (None, frappe.utils.add_days(None, 3))[number % 2],
		}
		for number in range(12)
	]
	batch = NewDocuments(LEAD)
	batch.know_links(rows)
	docs = [batch.make(row) for row in rows]
	batch.insert_all(docs)
	for row, doc in zip(rows, docs, strict=True):
		single = frappe.get_doc({"doctype": LEAD, **row}).insert()
		assert stored(doc.name) == stored(single.name)


def test_fields_that_a_site_added_are_checked_and_stored(cast):  # noqa: F811
	fields = (
		{"fieldname": "branch_code", "fieldtype": "Data", "length": 5, "reqd": 1},
		{"fieldname": "branch_kind", "fieldtype": "Select", "options": "\nShop\nOffice"},
		{"fieldname": "branch_note", "fieldtype": "Text Editor"},
	)
	try:
		for field in fields:
			create_custom_field(LEAD, {**field, "label": field["fieldname"].title()})
		batch = NewDocuments(LEAD)
		good = {"branch_code": "R-1", "branch_kind": "Shop", "branch_note": "<p>x<script>1</script></p>"}
		docs = [make(batch, **good), make(batch, **good)]
		for wrong in ({"branch_code": ""}, {"branch_code": "R-1234"}, {"branch_kind": "Stall"}):
			with pytest.raises(frappe.ValidationError):
				make(batch, **{**good, **wrong})
		batch.insert_all(docs)
		names = ("branch_code", "branch_kind", "branch_note")
		single = frappe.get_doc({"doctype": LEAD, "lead_name": unique("سعد"), **good}).insert()
		expected = frappe.db.get_value(LEAD, single.name, names)
		assert [frappe.db.get_value(LEAD, doc.name, names) for doc in docs] == [expected] * 2
		assert "<script>" not in expected[2]
	finally:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		for field in fields:
			frappe.delete_doc("Custom Field", f"{LEAD}-{field['fieldname']}", force=True)
			frappe.db.sql_ddl(f"alter table `tab{LEAD}` drop column if exists `{field['fieldname']}`")
		frappe.clear_cache(doctype=LEAD)


def test_a_master_that_is_disabled_between_batches_is_refused(cast):  # noqa: F811
	frappe.db.set_value("Language", "fr", "enabled", 1)
	batch = NewDocuments(LEAD)
	assert make(batch, preferred_language="fr").preferred_language == "fr"
	frappe.db.set_value("Language", "fr", "enabled", 0)
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		make(batch, preferred_language="fr")


def test_what_was_worked_out_counts_for_that_text_alone(cast):  # noqa: F811
	batch = NewDocuments(LEAD)
	row = {"lead_name": "سعد القحطاني", "mobile_no": "0551234567"}
	known = {("search_key", "سعد القحطاني"): "worked out", ("to_e164", "0557654321"): "+966557654321"}
	doc = batch.make(row, worked_out=known)
	assert (doc.name_key, doc.mobile_no) == ("worked out", "+966551234567")
	other = batch.make({**row, "lead_name": "سعد  القحطانى"}, worked_out=known)
	assert other.name_key == "سعد القحطاني"
