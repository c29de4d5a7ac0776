"""Many new leads at once are what the same leads are when they come one by one."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.records.bulk import NewDocuments, automation_on
from tests.site.factories import unique
from tests.site.people import DEVELOPING, SELLER_A, cast  # noqa: F401
from tests.site.statements import counted

LEAD = "Dafater Lead"
DIFFER = {"name", "creation", "modified", "status_changed_on", "scored_on", "idx"}


def values(number: int) -> dict:
	return {
		"lead_name": f"  محمد   القحطاني {number}",
		"lead_name_latin": f"Mohammed Alqahtani {number}",
		"organisation_name": "شركة النور",
		"mobile_no": f"05{51000000 + number}",
		"email_id": f"Lead{number}@Example.COM",
		"city": "الرياض",
		"request": "<b>عرض سعر</b><script>alert(1)</script>",
	}


def insert(rows: list[dict]) -> list:
	batch = NewDocuments(LEAD)
	batch.know_links(rows)
	docs = [batch.make(row) for row in rows]
	batch.insert_all(docs)
	return docs


def stored(name: str) -> dict:
	row = frappe.db.get_value(LEAD, name, "*", as_dict=True)
	return {key: value for key, value in row.items() if key not in DIFFER}


def test_a_lead_of_a_batch_is_stored_as_a_single_one_is(cast):  # noqa: F811
	frappe.set_user(DEVELOPING)
	single = frappe.get_doc({"doctype": LEAD, **values(1)}).insert()
	(bulk,) = insert([values(1)])
	assert stored(bulk.name) == stored(single.name)
	assert bulk.name > single.name
	history = frappe.get_all(
		"Dafater Status History", {"reference_name": bulk.name}, ["to_status", "changed_by", "cause"]
	)
	assert history == [{"to_status": "New", "changed_by": DEVELOPING, "cause": "Person"}]
	again = frappe.get_doc(LEAD, bulk.name)
	again.save()
	assert again.status == "New"


def test_the_number_of_statements_does_not_grow(cast):  # noqa: F811
	frappe.set_user(DEVELOPING)
	insert([values(number) for number in range(3)])
	with counted() as few:
		insert([values(number) for number in range(10, 20)])
	with counted() as many:
		insert([values(number) for number in range(100, 300)])
	assert len(few) == len(many)


def test_names_go_on_where_the_series_was(cast):  # noqa: F811
	first = insert([values(1), values(2)])
	single = frappe.get_doc({"doctype": LEAD, **values(3)}).insert()
	numbers = [int(doc.name.rsplit("-", 1)[1]) for doc in [*first, single]]
	assert numbers == list(range(numbers[0], numbers[0] + 3))


@pytest.mark.parametrize(
	("change", "message"),
	[
		({"mobile_no": "0521234567"}, "not a valid phone number"),
		({"lead_name": "", "organisation_name": ""}, "needs a name"),
		({"source": "لا يوجد"}, "there is no"),
		({"lead_name": "=HYPERLINK(1)"}, "would run as a formula"),
		({"no_of_employees": "many"}, "cannot be"),
		({"status": "Converted"}, "follows the documents"),
	],
)
def test_a_wrong_value_is_refused_as_in_the_desk(cast, change, message):  # noqa: F811
	batch = NewDocuments(LEAD)
	row = {**values(1), **change}
	batch.know_links([row])
	with pytest.raises(frappe.ValidationError, match=message):
		batch.make(row)


def test_whoever_may_not_create_leads_makes_no_batch(cast):  # noqa: F811
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError):
		NewDocuments(LEAD)


def test_a_restricted_user_makes_no_leads_outside(cast):  # noqa: F811
	inside, outside = (
		frappe.get_doc(
			{"doctype": "Territory", "territory_name": unique("منطقة"), "parent_territory": "All Territories"}
		).insert()
		for _ in range(2)
	)
	frappe.get_doc(
		{"doctype": "User Permission", "user": SELLER_A, "allow": "Territory", "for_value": inside.name}
	).insert()
	frappe.set_user(SELLER_A)
	try:
		batch = NewDocuments(LEAD)
		assert batch.make({**values(1), "territory": inside.name}).territory == inside.name
		with pytest.raises(frappe.PermissionError):
			batch.make({**values(1), "territory": outside.name})
	finally:
		# Frappe keeps a user's permissions in the cache, which no rollback reaches
		frappe.cache.hdel("user_permissions", SELLER_A)


def test_automation_of_the_site_is_not_left_out(cast):  # noqa: F811
	assert automation_on(LEAD) == []
	rule = frappe.get_doc(
		{
			"doctype": "Notification",
			"name": unique("note"),
			"subject": "New lead",
			"document_type": LEAD,
			"event": "New",
			"channel": "System Notification",
			"message": "A lead came",
			"recipients": [{"receiver_by_role": "Dafater Sales Manager"}],
		}
	).insert()
	try:
		assert automation_on(LEAD) == [rule.name]
		(doc,) = insert([values(5)])
	finally:
		# Frappe keeps the notifications of a DocType in the cache, which no rollback reaches
		frappe.cache.hdel("notifications", LEAD)
		rule.clear_cache()  # where later releases keep them
	assert frappe.db.exists(LEAD, doc.name)
	assert frappe.db.count("Dafater Status History", {"reference_name": doc.name}) == 1
