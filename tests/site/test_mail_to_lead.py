"""Received mails, as real MIME messages through Frappe's own InboundMail: strangers, known senders, programs, threads."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import frappe
import pytest
from frappe.email.receive import InboundMail

from tests.site.factories import make_lead, make_opportunity, make_prospect, unique

BOX = "sales@dafater-test.example"


@pytest.fixture
def account(clean_state):
	"""A mailbox that appends to leads; nothing is fetched, so it needs no server."""
	return frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Sales of the test",
			"email_id": BOX,
			"enable_incoming": 0,
			"append_to": "Dafater Lead",
		}
	).insert()


def address() -> str:
	return f"{frappe.generate_hash(length=10)}@stranger.example"


def message(
	sender: str, subject: str = "Offer", text: str = "Please send a price list.", **headers: str
) -> bytes:
	mail = EmailMessage()
	mail["From"], mail["To"], mail["Subject"] = sender, BOX, subject
	mail["Message-ID"] = f"<{frappe.generate_hash(length=12)}@stranger.example>"
	mail["Date"] = "Sun, 01 Nov 2026 10:00:00 +0300"
	for name, value in headers.items():
		mail[name.replace("_", "-")] = value
	mail.set_content(text)
	return mail.as_bytes()


def receive(account, raw: bytes):
	return InboundMail(raw, account, uid=1).process()


def reference(communication) -> tuple:
	return communication.reference_doctype, communication.reference_name


def leads_of(sender: str) -> list[str]:
	return frappe.get_all("Dafater Lead", {"email_id": sender}, pluck="name")


def test_a_stranger_becomes_a_lead(account):
	sender = address()
	communication = receive(account, message(f"Sara Al-Qahtani <{sender.upper()}>", "Offer for 20 desks"))
	[name] = leads_of(sender)
	assert reference(communication) == ("Dafater Lead", name)
	lead = frappe.get_doc("Dafater Lead", name)
	assert (lead.lead_name, lead.request_subject) == ("Sara Al-Qahtani", "Offer for 20 desks")
	assert lead.request == "Please send a price list."
	assert (lead.captured_through, lead.source, lead.status) == ("E-mail", "E-mail", "New")
	assert lead.source_reference == communication.message_id


def test_arabic_headers_and_a_windows_1256_body(account):
	sender, name, subject = address(), "سارة القحطاني", "طلب عرض سعر لعشرين مكتبًا"
	word = base64.b64encode(name.encode("windows-1256")).decode()
	raw = (
		f"From: =?windows-1256?B?{word}?= <{sender}>\r\nTo: {BOX}\r\n"
		f"Subject: Re: =?utf-8?B?{base64.b64encode(subject.encode()).decode()}?=\r\n"
		"Message-ID: <x1@stranger.example>\r\nMIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=windows-1256\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	).encode() + "السلام عليكم، أرغب في عرض سعر".encode("windows-1256")
	receive(account, raw)
	lead = frappe.get_doc("Dafater Lead", leads_of(sender)[0])
	assert (lead.lead_name, lead.request_subject) == (name, f"Re: {subject}")
	assert lead.request == "السلام عليكم، أرغب في عرض سعر"


def test_an_html_mail_is_kept_as_text(account):
	sender = address()
	mail = EmailMessage()
	mail["From"], mail["To"], mail["Subject"] = f"Sara <{sender}>", BOX, "HTML"
	mail.set_content("<p>Hello <b>there</b></p><script>alert(1)</script>", subtype="html")
	receive(account, mail.as_bytes())
	request = frappe.db.get_value("Dafater Lead", leads_of(sender)[0], "request")
	assert "Hello" in request and "there" in request and "<" not in request


@pytest.mark.parametrize(
	("display", "subject", "name", "kept"),
	[
		("", "x", "Sara Alqahtani", "x"),
		("=HYPERLINK(1)", "=1+1", "HYPERLINK(1)", "1+1"),
		("<b>Sara</b>", "<b>Offer</b>", "b Sara /b", "b Offer /b"),
		("Sara", "", "Sara", "No Subject"),
		("S" * 300, "y" * 300, "S" * 140, "y" * 140),
	],
)
def test_what_the_controller_would_refuse_loses_no_mail(account, display, subject, name, kept):
	sender = f"sara.alqahtani7@{frappe.generate_hash(length=8)}.example"
	mail = EmailMessage()
	mail["From"] = f'"{display}" <{sender}>' if display else sender
	mail["To"], mail["Message-ID"] = BOX, f"<{frappe.generate_hash(length=9)}@x.example>"
	if subject:
		mail["Subject"] = subject
	mail.set_content("text")
	communication = receive(account, mail.as_bytes())
	lead = frappe.get_doc("Dafater Lead", leads_of(sender)[0])
	assert (lead.lead_name, lead.request_subject or "No Subject") == (name, kept)
	assert reference(communication) == ("Dafater Lead", lead.name)


@pytest.mark.parametrize(
	"headers",
	[
		{"Auto_Submitted": "auto-replied"},
		{"Auto_Submitted": "auto-generated (failure)"},
		{"Precedence": "bulk"},
		{"Precedence": "list"},
		{"List_Id": "<news.list.example>"},
		{"List_Unsubscribe": "<https://list.example/u>"},
		{"X_Autoreply": "yes"},
		{"Return_Path": "<>"},
	],
)
def test_programs_become_no_lead_and_their_mail_is_kept(account, headers):
	sender = address()
	communication = receive(account, message(sender, **headers))
	assert leads_of(sender) == []
	assert reference(communication) == (None, None)
	assert frappe.db.exists("Communication", communication.name)


@pytest.mark.parametrize("local", ["MAILER-DAEMON", "postmaster", "no-reply", "noreply", "bounces+12=x"])
def test_robots_by_their_address_become_no_lead(account, local):
	sender = f"{local}@{frappe.generate_hash(length=8)}.example"
	assert reference(receive(account, message(sender))) == (None, None)
	assert leads_of(sender.lower()) == []


def test_auto_submitted_no_is_a_person(account):
	sender = address()
	receive(account, message(sender, Auto_Submitted="no"))
	assert len(leads_of(sender)) == 1


def test_a_known_lead_gets_no_double(account):
	lead = make_lead()
	communication = receive(account, message(lead.email_id, unique("Another matter")))
	assert reference(communication) == ("Dafater Lead", lead.name)
	assert leads_of(lead.email_id) == [lead.name]


def test_the_deal_of_a_known_sender_comes_first(account):
	lead = make_lead()
	opportunity = make_opportunity(lead)
	communication = receive(account, message(lead.email_id, unique("About the deal")))
	assert reference(communication) == ("Dafater Opportunity", opportunity.name)
	opportunity.db_set("status", "Lost")
	communication = receive(account, message(lead.email_id, unique("After the deal")))
	assert reference(communication) == ("Dafater Lead", lead.name)


def test_prospects_and_contacts_of_customers_are_known(account):
	prospect = make_prospect(email_id=address())
	assert reference(receive(account, message(prospect.email_id))) == ("Dafater Prospect", prospect.name)
	customer = frappe.get_doc({"doctype": "Customer", "customer_name": unique("شركة النخيل")}).insert()
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "نورة"})
	contact.add_email(sender := address(), is_primary=True)
	contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
	contact.insert()
	assert reference(receive(account, message(sender))) == ("Customer", customer.name)
	assert leads_of(sender) == []


def test_the_out_of_office_of_a_known_sender_is_filed_on_the_record(account):
	lead = make_lead()
	communication = receive(account, message(lead.email_id, unique("Away"), Auto_Submitted="auto-replied"))
	assert reference(communication) == ("Dafater Lead", lead.name)


def test_a_reply_threads_to_what_it_answers(account):
	sender = address()
	first = receive(account, message(sender, "Offer"))
	reply = receive(account, message(sender, "Completely different", In_Reply_To=f"<{first.message_id}>"))
	assert reference(reply) == reference(first) and reply.in_reply_to == first.name
	assert len(leads_of(sender)) == 1


def test_a_colleague_makes_no_lead(account):
	user = frappe.db.get_value("User", {"user_type": "System User", "enabled": 1, "name": ("like", "%@%")})
	assert reference(receive(account, message(user))) == (None, None)
	assert leads_of(user) == []


def test_a_sender_that_is_no_usable_address_is_kept(account):
	communication = receive(account, message("=cmd@stranger.example"))
	assert reference(communication) == (None, None)


def test_the_same_mail_twice_is_one_lead(account):
	sender = address()
	raw = message(sender)
	assert receive(account, raw).name == receive(account, raw).name
	assert len(leads_of(sender)) == 1
