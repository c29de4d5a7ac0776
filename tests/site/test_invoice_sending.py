"""A submitted invoice goes to its customer: which ways there are, who may, once, into the conversation and onto the timeline."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.utils import now_datetime
from pypdf import PdfWriter

from dafater_crm.api import conversations as api
from dafater_crm.domain.channels import StatusUpdate
from dafater_crm.records.inbox import accounts, outbox_drain, statuses
from dafater_crm.records.inbox.batch import Batch
from tests.site.conversation_cast import (
	ANSWERING,
	HELPING,
	inbox,  # noqa: F401
	make_account,
	make_conversation,
	make_identity,
	set_inbox,
	stored,
)
from tests.site.factories import COMPANY, SUPPORT, make_item, make_user, unique
from tests.site.inbox_cast import provider  # noqa: F401
from tests.site.people import SELLER_A, STRANGER, cast  # noqa: F401
from tests.site.processes import INBOX, at_once, results

pytestmark = pytest.mark.usefixtures("inbox", "printer")
BILLING, SERVING = "billing@cast.example", "billing-agent@cast.example"


@pytest.fixture
def printer(monkeypatch, tmp_path):
	"""Frappe prints with the program wkhtmltopdf, which fetches styles from the site; nobody serves a throw-away site, so a program that
	prints an empty page stands in its place."""
	frappe.local.assets_json = getattr(frappe.local, "assets_json", None) or {}
	page = tmp_path / "page.pdf"
	paper = PdfWriter()
	paper.add_blank_page(99, 99)
	paper.write(page)
	program = tmp_path / "wkhtmltopdf"
	program.write_text(
		f'#!/bin/sh\n[ "$1" = "-V" ] && echo "wkhtmltopdf 0.12.6 (with patched qt)" && exit 0\ncat > /dev/null\ncat {page}\n'
	)
	program.chmod(program.stat().st_mode | stat.S_IEXEC)
	monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def invoice(inbox):  # noqa: F811
	"""Of a customer without a contact. Committed, since sending commits; cancelled nowhere, so its customer is new each time."""
	make_user(BILLING, "Accounts User")
	make_user(SERVING, SUPPORT, "Accounts User")
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": unique("شركة الفواتير"),
			"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
			"territory": frappe.db.get_value("Territory", {"is_group": 0}),
		}
	).insert()
	doc = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"company": COMPANY,
			"customer": customer.name,
			"items": [{"item_code": make_item(), "qty": 1, "rate": 500}],
		}
	).insert()
	doc.submit()
	frappe.db.set_value("Dafater Channel Account", {"channel": "E-mail"}, "enabled", 0)
	frappe.db.commit()
	return doc


def writer_of(invoice, hours_ago: float = 1, assigned_to: str = ANSWERING):
	"""The customer wrote by WhatsApp; returns the conversation."""
	moment = now_datetime() - timedelta(hours=hours_ago)
	identity = make_identity(customer=invoice.customer, last_inbound_on=moment)
	return make_conversation(
		"وين الفاتورة",
		identity=identity,
		last_inbound_on=moment,
		assigned_to=assigned_to,
		customer=invoice.customer,
	)


def sent_of(conversation) -> list:
	frappe.db.commit()
	return frappe.get_all(
		"Dafater Message",
		{
			"conversation": conversation if isinstance(conversation, str) else conversation.name,
			"direction": "Outgoing",
		},
		[
			"name",
			"message_type",
			"body",
			"author",
			"reference_doctype",
			"reference_name",
			"template",
			"status",
			"content",
		],
	)


def timeline(invoice, kind: str = "Info") -> list[str]:
	return frappe.get_all(
		"Comment",
		{"reference_doctype": "Sales Invoice", "reference_name": invoice.name, "comment_type": kind},
		pluck="content",
	)


def make_template(**values) -> str:
	found = frappe.db.get_value("Dafater Message Template", {"template_name": "invoice_due"})
	if found:
		frappe.db.set_value("Dafater Message Template", found, values)
		frappe.clear_document_cache("Dafater Message Template", found)
		return found
	doc = {
		"doctype": "Dafater Message Template",
		"title": "فاتورة",
		"account": make_account(),
		"template_name": "invoice_due",
		"language": "ar",
		"approval": "Approved",
		"header_type": "Document",
		"body": "مرحبا {{1}}، نرفق فاتورتكم {{2}} بمبلغ {{3}}.",
		"parameters": [
			{"placeholder": "1", "value_from": "Person's Name", "example": "نورة"},
			{"placeholder": "2", "value_from": "Document Number", "example": "INV-1"},
			{"placeholder": "3", "value_from": "Amount", "example": "100"},
		],
		**values,
	}
	return frappe.get_doc(doc).insert().name


def test_one_way_is_one_click_and_recorded_on_both_sides(invoice, as_user):
	conversation = writer_of(invoice)
	with as_user(BILLING):
		answer = api.send_invoice(invoice.name, "click-1")
		assert api.send_invoice(invoice.name, "click-1")["conversation"] == conversation.name
		frappe.db.commit()
	assert (answer["conversation"], answer["channel"]) == (conversation.name, "WhatsApp")
	[message] = sent_of(conversation)
	assert (message.message_type, message.reference_doctype, message.reference_name) == (
		"Document",
		"Sales Invoice",
		invoice.name,
	)
	assert invoice.name in message.body
	# whoever bills does not work in the inbox: the customer still waits for an answer
	assert (message.author, stored(conversation, "waiting_since").waiting_since is None) == (None, False)
	file = frappe.db.get_value("Dafater Message Attachment", {"message": message.name}, "file")
	kept = frappe.get_doc("File", file)
	assert (kept.attached_to_name, kept.is_private) == (invoice.name, 1)
	assert Path(kept.get_full_path()).read_bytes().startswith(b"%PDF")
	assert timeline(invoice) == []  # it waits to be sent


def test_the_provider_gets_the_pdf_and_then_the_timeline_says_so(invoice, as_user, provider):  # noqa: F811
	conversation = writer_of(invoice)
	account = speaking_with(provider)
	provider.fail("messages", 131000)
	with as_user(BILLING):
		api.send_invoice(invoice.name, "click-9")
		frappe.db.commit()
	assert outbox_drain.drain(account) == {"Queued": 1}
	assert timeline(invoice) == []
	[message] = sent_of(conversation)
	frappe.db.set_value("Dafater Message", message.name, "send_after", now_datetime())
	frappe.db.commit()
	assert outbox_drain.drain(account) == {"Sent": 1}
	[body] = provider.sent
	assert (body["type"], body["document"]["filename"]) == ("document", f"{invoice.name}.pdf")
	assert invoice.name in body["document"]["caption"]
	[upload] = [each for each in provider.script.requests if each["kind"] == "media"]
	assert upload["status"] == 200 and b"%PDF" in upload["content"]
	[comment] = timeline(invoice)
	assert "WhatsApp" in comment
	row = frappe.get_last_doc("Comment", {"reference_name": invoice.name, "comment_type": "Info"})
	assert (row.owner, row.comment_email) == (BILLING, BILLING)
	# reports of it say nothing new
	key = statuses.locked_message({"name": message.name}).provider_id
	delivered = StatusUpdate(account, key, "Delivered", now_datetime())
	batch = Batch()
	statuses.apply(accounts.row(account), delivered, batch)
	batch.flush()
	assert len(timeline(invoice)) == 1


def test_a_message_that_fails_leaves_nothing_on_the_timeline(invoice, as_user, provider):  # noqa: F811
	conversation = writer_of(invoice)
	account = speaking_with(provider)
	provider.fail("messages", 131026)
	with as_user(BILLING):
		api.send_invoice(invoice.name, "click-10")
		frappe.db.commit()
	assert outbox_drain.drain(account) == {"Failed": 1}
	assert [message.status for message in sent_of(conversation)] == ["Failed"]
	assert timeline(invoice) == []


def speaking_with(provider) -> str:  # noqa: F811
	"""The account of the tests, with the provider of the tests behind it."""
	account = frappe.get_doc("Dafater Channel Account", make_account())
	account.update({"base_url": provider.url, "sandbox": 1, "access_token": "token-of-the-test"}).save()
	frappe.db.commit()
	return account.name


def test_instagram_is_no_way_to_send_a_file(invoice, as_user):
	account = make_account("انستقرام الاختبار", channel="Instagram")
	identity = make_identity(
		customer=invoice.customer,
		last_inbound_on=now_datetime(),
		channel="Instagram",
		account=account,
		user_id="ig-1",
		user_key="Instagram:ig-1",
		phone=None,
		phone_key=None,
	)
	conversation = make_conversation(identity=identity, assigned_to=SERVING, customer=invoice.customer)
	with as_user(BILLING):
		[way] = api.invoice_ways(invoice.name)
		assert "Files cannot be sent by Instagram" in way["problem"]
		with pytest.raises(frappe.ValidationError, match="Files cannot be sent by Instagram"):
			api.send_invoice(invoice.name, "click-11")
	with as_user(SERVING), pytest.raises(frappe.ValidationError, match="Files cannot be sent by Instagram"):
		api.send_invoice(invoice.name, "click-12", conversation=conversation.name)
	assert sent_of(conversation) == []


def test_an_agent_who_sends_it_has_answered(invoice, as_user):
	conversation = writer_of(invoice, assigned_to=SERVING)
	with as_user(SERVING):
		api.send_invoice(invoice.name, "click-2", conversation=conversation.name)
		frappe.db.commit()
	[message] = sent_of(conversation)
	assert message.author == SERVING
	assert stored(conversation, "waiting_since", "status") == {"waiting_since": None, "status": "Open"}


def test_who_may_not_mail_the_invoice_or_see_the_conversation_sends_nothing(invoice, as_user):
	conversation = writer_of(invoice)
	for user in (ANSWERING, HELPING, STRANGER):
		with as_user(user):
			for call in (api.send_invoice, api.invoice_ways):
				with pytest.raises(frappe.PermissionError):
					call(invoice.name)
	with as_user(BILLING), pytest.raises(frappe.PermissionError):
		api.send_invoice(invoice.name, conversation=conversation.name)
	assert sent_of(conversation) == []


def test_a_draft_is_not_sent(invoice, as_user):
	draft = frappe.copy_doc(invoice)
	draft.docstatus = 0
	draft.insert()
	with as_user(BILLING), pytest.raises(frappe.ValidationError, match="is not submitted"):
		api.send_invoice(draft.name)


def test_outside_the_24_hours_the_template_of_the_settings_is_used(invoice, as_user):
	conversation = writer_of(invoice, hours_ago=25)
	set_inbox(send_invoice_with=None)
	with as_user(BILLING):
		[way] = api.invoice_ways(invoice.name)
		assert "approved template" in way["problem"]
		with pytest.raises(frappe.ValidationError, match="approved template"):
			api.send_invoice(invoice.name, "click-3")
	template = make_template(approval="Approved")
	set_inbox(send_invoice_with=template)
	with as_user(BILLING):
		api.send_invoice(invoice.name, "click-4")
		frappe.db.commit()
	[message] = sent_of(conversation)
	assert (message.message_type, message.template) == ("Template", template)
	assert invoice.name in message.body and invoice.customer_name in message.body
	set_inbox(send_invoice_with=None)


def test_a_contact_who_never_wrote_begins_a_conversation(invoice, as_user):
	make_account(company=COMPANY, enabled=1)
	set_inbox(send_invoice_with=make_template(approval="Approved"))
	frappe.db.set_value("Sales Invoice", invoice.name, "contact_mobile", "055 123 4567")
	frappe.db.commit()
	with as_user(BILLING):
		ways = [way for way in api.invoice_ways(invoice.name) if not way["problem"]]
		assert [(way["channel"], way["address"]) for way in ways] == [("WhatsApp", "+966551234567")]
		answer = api.send_invoice(invoice.name, "click-5")
		frappe.db.commit()
	talk = frappe.get_doc("Dafater Conversation", answer["conversation"])
	assert (talk.status, talk.customer, talk.channel) == ("Open", invoice.customer, "WhatsApp")
	assert len(sent_of(talk.name)) == 1
	set_inbox(send_invoice_with=None)


def test_several_ways_are_offered_and_one_is_chosen(invoice, as_user):
	conversation = writer_of(invoice)
	frappe.db.set_value("Sales Invoice", invoice.name, "contact_email", "pay@customer.example")
	frappe.db.commit()
	with as_user(BILLING):
		answer = api.send_invoice(invoice.name, "click-6")
		assert [way["channel"] for way in answer["choose"]] == ["WhatsApp", "E-mail"]
		assert sent_of(conversation) == []
		key = answer["choose"][0]["key"]
		assert api.send_invoice(invoice.name, "click-6", way=key)["conversation"] == conversation.name
		with pytest.raises(frappe.ValidationError, match="any more"):
			api.send_invoice(invoice.name, "click-7", way="person:nobody")


@pytest.fixture
def mailed(invoice):
	"""The invoice's contact has an address, and the site an account that sends."""
	outgoing = "Billing of the test"
	if not frappe.db.exists("Email Account", outgoing):
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": outgoing,
				"email_id": "bill@dafater-test.example",
				"enable_incoming": 0,
			}
		).insert()
	values = {"enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1"}
	frappe.db.set_value("Email Account", outgoing, values)
	frappe.db.set_value("Sales Invoice", invoice.name, "contact_email", "pay@customer.example")
	frappe.db.commit()
	yield invoice
	frappe.db.set_value("Email Account", outgoing, {"enable_outgoing": 0, "default_outgoing": 0})
	frappe.db.commit()


def mails_of(invoice) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Communication",
		{"reference_doctype": "Sales Invoice", "reference_name": invoice.name},
		["name", "subject", "recipients"],
	)


def files_of(invoice) -> list:
	return frappe.get_all("File", {"attached_to_name": invoice.name}, ["name", "file_url"])


def test_plain_mail_is_on_the_timeline_and_sent_once(mailed, as_user):
	with as_user(BILLING):
		for _click in range(2):
			assert api.send_invoice(mailed.name, "click-8")["channel"] == "E-mail"
		frappe.db.commit()
	[mail] = mails_of(mailed)
	assert mail.recipients == "pay@customer.example" and mailed.name in mail.subject
	assert frappe.db.count("Email Queue", {"communication": mail.name}) == 1
	with as_user(BILLING):
		api.send_invoice(mailed.name, "another click")
		frappe.db.commit()
	assert len(mails_of(mailed)) == 2, "whoever asks again later gets it again"


@pytest.mark.slow
def test_a_click_that_arrives_twice_at_once_is_one_mail(mailed):
	"""As of a browser that asks again while the first answer is on its way."""
	asked = [{"invoice": mailed.name, "client_key": "click-13"}] * 4
	assert results(at_once(INBOX, "send_invoice", asked, [BILLING] * 4)) == ["E-mail"] * 4
	[mail] = mails_of(mailed)
	assert frappe.db.count("Email Queue", {"communication": mail.name}) == 1
	[file] = files_of(mailed)
	assert Path(frappe.get_doc("File", file.name).get_full_path()).read_bytes().startswith(b"%PDF")


def test_nobody_to_reach_says_what_to_do(invoice, as_user):
	with as_user(BILLING), pytest.raises(frappe.ValidationError, match="Enter a contact"):
		api.send_invoice(invoice.name)


def test_another_customers_invoice_does_not_go_into_a_conversation(invoice, as_user):
	other = make_identity(customer=frappe.db.get_value("Customer", {"name": ("!=", invoice.customer)}))
	conversation = make_conversation(identity=other, assigned_to=SERVING, customer=other.customer)
	with as_user(SERVING), pytest.raises(frappe.ValidationError, match="another customer"):
		api.send_invoice(invoice.name, conversation=conversation.name)
