"""Merging two leads and taking it back: nothing lost, nothing doubled, nobody else's right used."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.utils import add_days, formatdate, today

from dafater_crm.api import duplicates
from dafater_crm.records import merge
from tests.site.factories import make_lead, make_opportunity, unique
from tests.site.people import MANAGING, SELLER_A, SELLER_B, cast  # noqa: F401

LEAD = "Dafater Lead"


@pytest.fixture
def two(cast):  # noqa: F811
	frappe.set_user(MANAGING)
	keep = make_lead(lead_name="محمد القحطاني", email_id=None, city="الرياض", lead_owner=SELLER_A)
	remove = make_lead(
		lead_name="محمد عبدالله القحطاني", email_id="m@example.com", city="جدة", lead_owner=SELLER_A
	)
	return keep, remove


def everything_about(lead: str) -> dict:
	row = frappe.db.get_value(LEAD, lead, "*", as_dict=True)
	return {key: value for key, value in row.items() if key not in ("modified", "modified_by")}


def attach(remove) -> dict:
	"""One of each kind of thing that can hang on a lead."""
	deal = make_opportunity(remove)
	message = frappe.get_doc(
		{
			"doctype": "Communication",
			"subject": "عرض",
			"content": "…",
			"communication_type": "Communication",
			"reference_doctype": LEAD,
			"reference_name": remove.name,
		}
	).insert(ignore_permissions=True)
	comment = remove.add_comment("Comment", "ملاحظة")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "عرض.txt",
			"content": "x",
			"attached_to_doctype": LEAD,
			"attached_to_name": remove.name,
			"is_private": 1,
		}
	).insert()
	task = {"doctype": "ToDo", "reference_type": LEAD, "reference_name": remove.name}
	frappe.get_doc({**task, "allocated_to": SELLER_B, "description": "اتصل"}).insert(ignore_permissions=True)
	return {
		("Dafater Opportunity", "lead"): deal.name,
		("Dafater Opportunity", "party_name"): deal.name,
		("Communication", "reference_name"): message.name,
		("Comment", "reference_name"): comment.name,
		("File", "attached_to_name"): file.name,
		("ToDo", "reference_name"): frappe.db.get_value("ToDo", {"reference_name": remove.name}),
	}


def where_they_point(attached: dict) -> set:
	return {frappe.db.get_value(doctype, name, field) for (doctype, field), name in attached.items()}


def test_everything_moves_and_comes_back(two):
	keep, remove = two
	attached = attach(remove)
	before = {name: everything_about(name) for name in (keep.name, remove.name)}
	done = duplicates.merge(keep.name, remove.name, json.dumps(["city"]))
	assert not frappe.db.exists(LEAD, remove.name)
	assert where_they_point(attached) == {keep.name}
	kept = frappe.get_doc(LEAD, keep.name)
	assert (kept.lead_name, kept.city, kept.email_id) == ("محمد القحطاني", "جدة", "m@example.com")
	assert json.loads(kept._assign) == [SELLER_B]

	assert duplicates.undo(done["merge"]) == {"lead": remove.name, "left": []}
	assert where_they_point(attached) == {remove.name}
	after = {name: everything_about(name) for name in before}
	assert after[remove.name] == before[remove.name]
	differ = {key for key in before[keep.name] if before[keep.name][key] != after[keep.name][key]}
	assert differ <= {"_assign", "email_id"}, differ
	assert not after[keep.name]["email_id"] and json.loads(after[keep.name]["_assign"]) == []


def test_undoing_leaves_what_somebody_changed_since(two):
	keep, remove = two
	done = duplicates.merge(keep.name, remove.name, ["city"])
	kept = frappe.get_doc(LEAD, keep.name)
	kept.city = "الدمام"
	kept.save()
	assert duplicates.undo(done["merge"])["left"] == ["city"]
	assert frappe.db.get_value(LEAD, keep.name, "city") == "الدمام"
	with pytest.raises(frappe.ValidationError, match="undone already"):
		duplicates.undo(done["merge"])


def test_after_thirty_days_it_stays_merged(two):
	keep, remove = two
	done = duplicates.merge(keep.name, remove.name)
	entry = frappe.get_doc("Dafater Lead Merge", done["merge"])
	assert str(entry.undo_until) == add_days(today(), 30)
	frappe.db.set_value("Dafater Lead Merge", entry.name, "undo_until", add_days(today(), -1))
	with pytest.raises(frappe.ValidationError, match="no longer be undone"):
		duplicates.undo(done["merge"])


def test_a_contact_of_both_is_linked_once(two):
	keep, remove = two
	contact = frappe.get_doc({"doctype": "Contact", "first_name": unique("محمد")})
	for lead in (keep, remove):
		contact.append("links", {"link_doctype": LEAD, "link_name": lead.name})
	contact.insert()
	done = duplicates.merge(keep.name, remove.name)
	links = frappe.get_all("Dynamic Link", {"parent": contact.name}, pluck="link_name")
	assert links == [keep.name]
	duplicates.undo(done["merge"])
	links = frappe.get_all("Dynamic Link", {"parent": contact.name}, pluck="link_name")
	assert sorted(links) == sorted([keep.name, remove.name])


def test_a_wish_not_to_be_contacted_survives(two):
	keep, remove = two
	remove.do_not_contact = 1
	remove.marketing_consent = "Withdrawn"
	remove.save()
	duplicates.merge(keep.name, remove.name)
	kept = frappe.get_doc(LEAD, keep.name)
	assert (kept.do_not_contact, kept.marketing_consent) == (1, "Withdrawn")


def test_two_customers_are_not_merged_by_the_way(two):
	keep, remove = two
	customers = []
	for lead in two:
		customer = frappe.get_doc(
			{"doctype": "Customer", "customer_name": unique("عميل"), "customer_type": "Company"}
		).insert(ignore_permissions=True)
		frappe.get_doc(
			{
				"doctype": "Dafater Party Link",
				"party_type": LEAD,
				"party_name": lead.name,
				"customer": customer.name,
				"origin": "Existing Customer",
			}
		).insert(ignore_permissions=True)
		customers.append(customer.name)
	with pytest.raises(frappe.ValidationError, match="Both leads have become customers"):
		duplicates.merge(keep.name, remove.name)
	assert frappe.db.exists(LEAD, remove.name)


def test_the_two_are_compared_in_the_readers_words(two):
	keep, remove = two
	values = ("Eastern Region", "2026-03-09"), ("Riyadh Region", "2026-04-01")
	for lead, (region, day) in zip(two, values, strict=True):
		frappe.db.set_value("Dafater Lead", lead.name, {"region": region, "next_follow_up": day})
	frappe.local.lang = "ar"
	rows = {row["field"]: row for row in duplicates.compare(keep.name, remove.name)["fields"]}
	shown = {field: (rows[field]["keep"], rows[field]["remove"]) for field in ("region", "next_follow_up")}
	assert shown["region"] == ("المنطقة الشرقية", "منطقة الرياض")
	assert shown["next_follow_up"] == tuple(formatdate(day) for _region, day in values)


def test_a_lead_does_not_merge_with_itself(two):
	with pytest.raises(frappe.ValidationError, match="two different leads"):
		duplicates.merge(two[0].name, two[0].name)


def test_nobody_merges_what_others_own(two):
	keep, remove = two
	frappe.set_user(SELLER_B)
	for call in (duplicates.compare, duplicates.merge):
		with pytest.raises(frappe.PermissionError):
			call(keep.name, remove.name)
	frappe.set_user(SELLER_A)
	done = duplicates.merge(keep.name, remove.name)
	frappe.set_user(SELLER_B)
	with pytest.raises(frappe.PermissionError):
		duplicates.undo(done["merge"])
	assert frappe.get_list("Dafater Lead Merge", {"name": done["merge"]}) == []
	frappe.set_user(SELLER_A)
	assert frappe.get_list("Dafater Lead Merge", {"name": done["merge"]}) != []


def test_other_candidates_follow_the_kept_lead(two):
	keep, remove = two
	third = make_lead(lead_name="محمد القحطاني الثالث")

	def candidate(one, other):
		pair = merge.pair_key(one, other)
		first, second = pair.split("|")
		doc = frappe.get_doc(
			{
				"doctype": "Dafater Duplicate Candidate",
				"lead_a": first,
				"lead_b": second,
				"pair": pair,
				"score": 80,
			}
		)
		return doc.insert(ignore_permissions=True).name

	decided, moved = candidate(keep.name, remove.name), candidate(remove.name, third.name)
	duplicates.merge(keep.name, remove.name)
	assert frappe.db.get_value("Dafater Duplicate Candidate", decided, "status") == "Merged"
	row = frappe.db.get_value("Dafater Duplicate Candidate", moved, ["lead_a", "lead_b", "status"])
	assert row == (*sorted((keep.name, third.name)), "Open")
	frappe.set_user(SELLER_B)
	with pytest.raises(frappe.PermissionError):
		duplicates.dismiss(moved)
	frappe.set_user(MANAGING)
	assert duplicates.dismiss(moved) == {"status": "Not a Duplicate"}
