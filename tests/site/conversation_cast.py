"""Accounts, people, conversations and agents for the tests of the inbox. They commit, since its jobs do: use `inbox`."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest
from frappe.utils import now_datetime

from tests.site.assignment_cast import company_hours, make_agent, make_team, wipe  # noqa: F401
from tests.site.factories import COMPANY, SUPPORT, make_user
from tests.site.people import cast  # noqa: F401

ANSWERING, HELPING, OTHER_TEAM = "answering@cast.example", "helping@cast.example", "elsewhere@cast.example"
ACCOUNT = "واتساب الاختبار"
DOCTYPES = (
	"Dafater Message Attachment",
	"Dafater Message",
	"Dafater Conversation Log",
	"Dafater Conversation",
	"Dafater Contact Identity",
)


@pytest.fixture
def inbox(cast: None) -> Iterator[None]:  # noqa: F811
	"""Three support agents, no working hours (always open), and nothing of an earlier test."""
	for email in (ANSWERING, HELPING, OTHER_TEAM):
		make_user(email, SUPPORT)
	wipe_inbox()
	hours = company_hours([])
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	company_hours(hours)
	wipe_inbox()


def wipe_inbox() -> None:
	wipe()
	for doctype in DOCTYPES:
		frappe.db.delete(doctype)
	frappe.db.delete("Notification Log", {"document_type": "Dafater Conversation"})
	frappe.db.delete("Version", {"ref_doctype": "Dafater Conversation"})
	for name in frappe.get_all("Dafater Conversation Rule", {"title": ("like", "%اختبار%")}, pluck="name"):
		frappe.delete_doc("Dafater Conversation Rule", name, force=True)
	set_inbox(
		assign_automatically=1, remind_after_minutes=15, reassign_after_minutes=60, resolve_after_days=0
	)
	for team in frappe.get_all("Dafater Team", {"team_name": ("like", "فريق التوزيع%")}, pluck="name"):
		frappe.db.set_value("Dafater Channel Account", {"team": team}, "team", None)
		frappe.delete_doc("Dafater Team", team, force=True)
	frappe.db.commit()


def set_inbox(**values) -> None:
	settings = frappe.get_doc("Dafater Inbox Settings")
	settings.update(values)
	settings.save()
	frappe.db.commit()


def make_account(name: str = ACCOUNT, **values) -> str:
	if frappe.db.exists("Dafater Channel Account", name):
		if values:
			frappe.db.set_value("Dafater Channel Account", name, values)
			frappe.clear_document_cache("Dafater Channel Account", name)
		return name
	values = {"channel": "WhatsApp", "external_id": frappe.generate_hash(length=10), **values}
	doc = {"doctype": "Dafater Channel Account", "account_name": name, "company": COMPANY, **values}
	return frappe.get_doc(doc).insert().name


def make_identity(**values):
	number = f"+96655{int(frappe.generate_hash(length=8), 16) % 10_000_000:07d}"
	doc = frappe.get_doc(
		{
			"doctype": "Dafater Contact Identity",
			"display_name": "نورة العتيبي",
			"channel": "WhatsApp",
			"account": make_account(),
			"phone": number,
			"phone_key": f"WhatsApp:{number}",
			**values,
		}
	)
	return doc.insert(ignore_permissions=True)  # as the writer, not as a person


def make_conversation(*texts: str, identity=None, **values):
	"""A conversation with these received messages, committed. `values`: its columns."""
	identity = identity or make_identity()
	now = now_datetime()
	open_key = None if values.get("status") == "Resolved" else identity.name
	doc = frappe.get_doc(
		{
			"doctype": "Dafater Conversation",
			"title": identity.display_name,
			"channel": identity.channel,
			"account": identity.account,
			"identity": identity.name,
			"company": COMPANY,
			"open_key": open_key,
			"first_inbound_on": now,
			"last_inbound_on": now,
			"last_message_on": now,
			"waiting_since": None if values.get("status") == "Resolved" else now,
			**values,
		}
	).insert(ignore_permissions=True)  # as the writer, not as a person
	for text in texts or ("السلام عليكم",):
		receive(doc, text)
	frappe.db.commit()
	return doc


def receive(conversation, text: str, **values) -> str:
	"""A received message, as the writer stores it."""
	message = {
		"doctype": "Dafater Message",
		"conversation": conversation.name,
		"account": conversation.account,
		"identity": conversation.identity,
		"direction": "Incoming",
		"message_type": "Text",
		"body": text,
		"message_on": now_datetime(),
		"status": "Received",
		**values,
	}
	return frappe.get_doc(message).insert(ignore_permissions=True).name  # as the writer, not as a person


def make_conversation_rule(*keywords: str, **values):
	doc = {
		"doctype": "Dafater Conversation Rule",
		"title": f"قاعدة اختبار {frappe.generate_hash(length=5)}",
		"priority": 100,
		"keywords": [{"keyword": keyword} for keyword in keywords],
		**values,
	}
	made = frappe.get_doc(doc).insert()
	frappe.db.commit()
	return made


def stored(conversation, *fields: str):
	"""The stored columns, past every cache and older snapshot."""
	frappe.db.commit()
	row = frappe.db.get_value("Dafater Conversation", conversation.name, fields, as_dict=True, cache=False)
	return frappe._dict({field: None if value == "" else value for field, value in row.items()})


def log_rows(conversation, kind: str | None = None) -> list[tuple]:
	filters = {"conversation": conversation.name, **({"kind": kind} if kind else {})}
	return [
		(row.kind, row.old_value, row.new_value, row.cause)
		for row in frappe.get_all(
			"Dafater Conversation Log",
			filters,
			["kind", "old_value", "new_value", "cause"],
			order_by="logged_on asc, creation asc",
		)
	]


def work(statements: list[str]) -> list[str]:
	"""Statements without the brackets of a transaction and without notifications, which a job writes."""
	brackets = ("commit", "START TRANSACTION", "rollback")
	return [
		one
		for one in statements
		if not one.startswith(brackets) and "Notification" not in one and "tabUser" not in one
	]


def told(user: str) -> int:
	"""How many notifications about conversations a user has."""
	return frappe.db.count("Notification Log", {"for_user": user, "document_type": "Dafater Conversation"})
