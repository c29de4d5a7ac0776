"""A Personal Data Deletion Request that is carried out: nothing tells any more who wrote, or what."""

from __future__ import annotations

import frappe
import pytest

from tests.provider import payloads
from tests.site.factories import make_lead, make_user
from tests.site.inbox_cast import (
	ATTACHMENT,
	CONVERSATION,
	EVENT,
	IDENTITY,
	MESSAGE,
	make_account,
	now_utc,
	person,
	received,
	rows_of,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
EMAIL = "forget.me@erasure.example"


def requested():
	"""Verified by the person, approved by a System Manager, and begun."""
	make_user(EMAIL)
	request = frappe.get_doc({"doctype": "Personal Data Deletion Request", "email": EMAIL}).insert()
	request.db_set("status", "Pending Approval")
	request.add_deletion_steps()
	return request


def written() -> None:
	"""Two people: the first has left a file as well, and a lead with the address."""
	make_account()
	picture = {"id": "M1", "mime_type": "image/jpeg", "caption": "هويتي"}
	received(payloads.whatsapp_received("1111", person(1), "image", picture))
	received(payloads.whatsapp_text("1111", person(1), "رقم هويتي 1010101010", on=now_utc()))
	received(payloads.whatsapp_text("1111", person(2), "كلام شخص آخر", on=now_utc()))


def test_messages_files_names_and_raw_deliveries_of_the_person_are_gone(monkeypatch):
	written()
	lead = make_lead(email_id=EMAIL)
	frappe.db.set_value(IDENTITY, {"phone": person(1).phone}, "lead", lead.name)
	steps = [row.document_type for row in requested().deletion_steps]
	assert "Dafater Contact Identity" in steps
	frappe.db.commit()
	gone, other = rows_of(IDENTITY, "display_name", "phone", "phone_key", "user_id", "user_key", "username")
	assert gone.display_name == "Deleted Person"
	assert not any((gone.phone, gone.phone_key, gone.user_id, gone.user_key, gone.username))
	assert (other.display_name, other.phone) == ("سارة 2", person(2).phone)
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["", "", "كلام شخص آخر"]
	assert [bool(row.deleted_on) for row in rows_of(MESSAGE, "deleted_on")] == [True, True, False]
	assert [row.body == "{}" for row in rows_of(EVENT, "body")] == [True, True, False]
	assert [
		(row.status, row.provider_media_id) for row in rows_of(ATTACHMENT, "status", "provider_media_id")
	] == [("Expired", None)]
	hers, theirs = rows_of(CONVERSATION, "title", "last_message")
	assert (hers.title, hers.last_message) == ("Deleted Person", "")
	assert (theirs.title, theirs.last_message) == ("سارة 2", "كلام شخص آخر")
	# who writes again is a stranger, and begins anew
	received(payloads.whatsapp_text("1111", person(1), "من جديد", on=now_utc()))
	assert len(rows_of(IDENTITY)) == 3
	frappe.delete_doc("Dafater Lead", lead.name, force=True)
	frappe.db.commit()


def test_a_request_that_nobody_approved_changes_nothing():
	written()
	frappe.db.set_value(IDENTITY, {"phone": person(1).phone}, "email_id", EMAIL)
	request = frappe.get_doc({"doctype": "Personal Data Deletion Request", "email": EMAIL})
	make_user(EMAIL)
	request.insert()
	request.save()
	assert [row.body for row in frappe.get_all(MESSAGE, fields=["body"], order_by="creation")][1].startswith(
		"رقم"
	)
