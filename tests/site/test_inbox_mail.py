"""E-mail in the inbox: real MIME messages through Frappe's InboundMail, answers through Frappe's Email Queue."""

from __future__ import annotations

from email import message_from_string
from email.message import EmailMessage

import frappe
import pytest
from frappe.email.receive import InboundMail

from dafater_crm.records.inbox import events, mail_in, mail_steps, outbox, outbox_drain
from tests.site.conversation_cast import (
	ANSWERING,
	inbox,  # noqa: F401
	make_account,
	make_agent,
)
from tests.site.inbox_cast import EVENT
from tests.site.people import cast  # noqa: F401
from tests.site.processes import INBOX, start
from tests.site.test_inbox_steps import refused

pytestmark = pytest.mark.usefixtures("inbox")
BOX, CUSTOMER = "help@dafater-test.example", "noura@customer.example"
MAILBOX, ACCOUNT = "Help of the test", "بريد المساعدة"


@pytest.fixture
def mailbox(inbox):  # noqa: F811
	"""A mailbox that sends and receives without a server, and its account in the inbox."""
	# a throw-away site has no built style sheets
	frappe.local.assets_json = getattr(frappe.local, "assets_json", None) or {}
	if not frappe.db.exists("Email Account", MAILBOX):
		doc = frappe.get_doc(
			{"doctype": "Email Account", "email_account_name": MAILBOX, "email_id": BOX, "enable_incoming": 0}
		).insert()
		# saving it with outgoing mail on would call the server
		frappe.db.set_value("Email Account", doc.name, {"enable_outgoing": 1, "smtp_server": "127.0.0.1"})
	make_account(ACCOUNT, channel="E-mail", email_account=MAILBOX, lead_rule="Never", enabled=1)
	frappe.db.delete(EVENT, {"account": ACCOUNT})
	frappe.db.commit()
	yield frappe.get_doc("Email Account", MAILBOX)
	frappe.db.rollback()
	for doctype in ("Communication", "Email Queue"):
		frappe.db.delete(doctype, {"email_account": MAILBOX})
	frappe.db.delete(EVENT, {"account": ACCOUNT})
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 0)
	frappe.db.commit()


def mail(
	text: str,
	subject: str = "الطابعة لا تعمل",
	files: dict | None = None,
	sender: str = CUSTOMER,
	**headers: str,
) -> bytes:
	found = EmailMessage()
	found["From"], found["To"], found["Subject"] = f"نورة العتيبي <{sender.upper()}>", BOX, subject
	found["Message-ID"] = f"<{frappe.generate_hash(length=12)}@customer.example>"
	for name, value in headers.items():
		found[name.replace("_", "-")] = value
	found.set_content(text)
	for name, content in (files or {}).items():
		found.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
	return found.as_bytes()


def arrive(mailbox, raw: bytes):
	"""What Frappe's mail job does: process, commit; our job runs after the commit."""
	communication = InboundMail(raw, mailbox, uid=1).process()
	frappe.db.commit()
	return communication


def messages() -> list:
	frappe.db.commit()
	return frappe.get_all(
		"Dafater Message",
		{"account": ACCOUNT},
		["name", "conversation", "direction", "body", "status", "communication", "error", "has_attachments"],
		order_by="creation",
	)


def talk_of(row):
	return frappe.get_doc("Dafater Conversation", row.conversation)


def test_a_mail_becomes_a_conversation_that_is_sorted_and_given_out(mailbox):
	make_agent(ANSWERING)
	frappe.db.commit()
	communication = arrive(mailbox, mail("السلام عليكم\nالطابعة ما تشتغل من أمس"))
	[row] = messages()
	assert (row.direction, row.status, row.communication) == ("Incoming", "Received", communication.name)
	assert row.body == "السلام عليكم\nالطابعة ما تشتغل من أمس"
	talk = talk_of(row)
	assert (talk.channel, talk.subject, talk.title) == ("E-mail", "الطابعة لا تعمل", "نورة العتيبي")
	assert (talk.conversation_class, talk.assigned_to, talk.status) == ("Support", ANSWERING, "New")
	assert frappe.db.get_value("Dafater Contact Identity", talk.identity, "email_id") == CUSTOMER


def test_a_mail_is_written_once_and_a_lost_job_is_made_up_for(mailbox):
	communication = arrive(mailbox, mail("مرحبا"))
	mail_in.write(communication.name)
	assert len(messages()) == 1
	frappe.db.delete("Dafater Message", {"account": ACCOUNT})
	old = frappe.utils.add_to_date(None, minutes=-10)
	frappe.db.set_value("Communication", communication.name, "modified", old, update_modified=False)
	frappe.db.commit()
	assert mail_in.find_lost() == 1
	assert mail_in.find_lost() == 0
	assert len(messages()) == 1


def test_a_mails_lead_that_could_not_be_made_is_made_later_and_once(mailbox):
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "lead_rule", "Always")
	frappe.clear_document_cache("Dafater Channel Account", ACCOUNT)
	stranger = f"{frappe.generate_hash(length=8)}@customer.example"
	with refused("Dafater Lead", f"new.email_id = '{stranger}'"):
		communication = arrive(mailbox, mail("أريد عرض سعر", sender=stranger))
		[row] = messages()
		[owed] = owed_steps()
		assert (owed.status, owed.attempts) == ("Failed", 1)
		assert owed.error.startswith(f"ensure_lead of {row.conversation}") and owed.retry_on
		assert mail_steps.run() == 0, "it is not due yet"
		assert events.drain() == {}
	try:
		time_passes()
		assert events.drain() == {}, "the drain leaves it alone"
		assert mail_steps.run() == 1
		lead = talk_of(row).lead
		assert frappe.get_all("Dafater Lead", {"email_id": stranger}, pluck="name") == [lead]
		assert [(one.status, one.retry_on, one.error) for one in owed_steps()] == [("Done", None, None)]
		assert mail_in.write(communication.name) == row.name
		assert (len(messages()), len(owed_steps())) == (1, 1)
	finally:
		frappe.db.delete("Dafater Lead", {"email_id": stranger})


def becomes_a_lead(mailbox, sender: str) -> bool:
	"""Whether the sender of a mail to a mailbox whose rule is "Always" does; the lead is taken away again."""
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "lead_rule", "Always")
	frappe.clear_document_cache("Dafater Channel Account", ACCOUNT)
	mailbox.db_set("create_contact", 1)
	arrive(mailbox, mail("أريد عرض سعر", sender=sender))
	talk = talk_of(messages()[-1])
	leads = frappe.get_all("Dafater Lead", {"email_id": sender}, pluck="name")
	assert leads == ([talk.lead] if talk.lead else [])
	for name in leads:
		frappe.db.set_value("Dafater Conversation", talk.name, "lead", None)
		frappe.db.set_value("Dafater Contact Identity", talk.identity, "lead", None)
		frappe.db.delete("Dafater Lead", {"name": name})
	frappe.db.commit()
	return bool(leads)


def contacts_of(sender: str) -> list[str]:
	return frappe.get_all("Contact Email", {"email_id": sender, "parenttype": "Contact"}, pluck="parent")


def test_the_contact_that_frappe_makes_of_a_sender_makes_nobody_known(mailbox):
	sender = f"{frappe.generate_hash(length=8)}@customer.example"
	assert becomes_a_lead(mailbox, sender)
	[contact] = contacts_of(sender)
	# a day later it still says nothing of the person; once somebody has taken it up, it does
	past = {"creation": "2026-01-01 10:00:20", "modified": "2026-01-01 10:00:20"}
	frappe.db.set_value("Contact", contact, past, update_modified=False)
	named = frappe.get_all(
		"Communication Link", {"link_name": contact, "link_doctype": "Contact"}, pluck="parent"
	)
	assert len(named) == 1
	frappe.db.set_value("Communication", named[0], "creation", "2026-01-01 10:00:19", update_modified=False)
	frappe.db.delete("Dafater Conversation", {"account": ACCOUNT})
	frappe.db.commit()
	assert becomes_a_lead(mailbox, sender)
	frappe.db.set_value("Contact", contact, "last_name", "العتيبي")
	frappe.db.delete("Dafater Conversation", {"account": ACCOUNT})
	frappe.db.commit()
	assert not becomes_a_lead(mailbox, sender)
	assert talk_of(messages()[-1]).contact == contact


@pytest.mark.parametrize("values", [{}, {"phone_nos": [{"phone": "0551234567"}]}, {"company_name": "النخيل"}])
def test_a_contact_that_somebody_made_before_the_mail_is_known(mailbox, values):
	sender = f"{frappe.generate_hash(length=8)}@customer.example"
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "نورة", **values})
	contact.add_email(sender, is_primary=True)
	contact.insert()
	if not values:
		minute_ago = frappe.utils.add_to_date(None, seconds=-10)
		frappe.db.set_value("Contact", contact.name, "creation", minute_ago, update_modified=False)
	frappe.db.commit()
	assert not becomes_a_lead(mailbox, sender)
	assert talk_of(messages()[-1]).contact == contact.name


def test_a_worker_that_dies_after_it_wrote_a_mail_leaves_its_steps_to_another(mailbox):
	make_agent(ANSWERING)
	frappe.db.commit()
	communication = arrive(mailbox, mail("مرحبا"))
	for doctype in ("Dafater Message", "Dafater Conversation", "Dafater Conversation Log", EVENT):
		frappe.db.delete(doctype)
	frappe.db.commit()
	process = start(INBOX, "write_mail_and_die", communication=communication.name)
	assert process.wait(timeout=60) == 9
	[row] = messages()
	assert talk_of(row).assigned_to is None
	assert [owed.status for owed in owed_steps()] == ["Received"]
	assert mail_steps.run() == 0, "another worker may be at it"
	time_passes()
	assert mail_steps.run() == 1
	assert talk_of(row).assigned_to == ANSWERING
	assert [owed.status for owed in owed_steps()] == ["Done"]


def owed_steps() -> list:
	frappe.db.commit()
	return frappe.get_all(EVENT, {"account": ACCOUNT}, ["name", "status", "attempts", "error", "retry_on"])


def time_passes() -> None:
	table = frappe.qb.DocType(EVENT)
	frappe.qb.update(table).set(table.retry_on, table.received_on).where(table.retry_on.isnotnull()).run()
	frappe.db.commit()


def test_files_come_along_and_dangerous_ones_by_name_alone(mailbox):
	arrive(
		mailbox, mail("مرفق", files={"صورة.png": b"\x89PNG\r\n", "page.html": b"<script>alert(1)</script>"})
	)
	[row] = messages()
	found = frappe.get_all(
		"Dafater Message Attachment",
		{"message": row.name},
		["file_name", "status", "file"],
		order_by="file_name",
	)
	assert [(one.file_name, one.status) for one in found] == [("page.html", "Refused"), ("صورة.png", "Ready")]
	assert (found[0].file, row.has_attachments) == (None, 1)
	file = frappe.get_doc("File", found[1].file)
	assert (file.is_private, file.attached_to_name) == (1, row.conversation)


def test_programs_and_other_mailboxes_begin_no_conversation(mailbox):
	arrive(mailbox, mail("نشرة", Precedence="bulk"))
	arrive(mailbox, mail("خارج المكتب", Auto_Submitted="auto-replied"))
	assert messages() == []
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 0)
	frappe.db.commit()
	arrive(mailbox, mail("مرحبا"))
	assert messages() == []


def test_an_answer_goes_out_in_the_thread_and_the_reply_comes_back_into_it(mailbox, as_user):
	make_agent(ANSWERING)
	frappe.db.commit()
	first = arrive(mailbox, mail("الطابعة خربانة"))
	[row] = messages()
	with as_user(ANSWERING):
		outbox.queue_message(
			row.conversation, text="سنرسل فنيًا <غدا>", client_key=frappe.generate_hash(), author=ANSWERING
		)
		frappe.db.commit()
	assert outbox_drain.drain(ACCOUNT) == {"Sent": 1}, messages()[-1].error
	answer = messages()[-1]
	assert (answer.status, answer.direction, answer.error) == ("Sent", "Outgoing", None)
	sent = frappe.get_doc("Communication", answer.communication)
	assert (sent.subject, sent.recipients, sent.in_reply_to) == ("Re: الطابعة لا تعمل", CUSTOMER, first.name)
	queued = frappe.get_last_doc("Email Queue", {"communication": sent.name})
	raw = message_from_string(queued.message)
	assert raw["In-Reply-To"] == f"<{first.message_id}>"
	assert raw["Message-Id"] == f"<{sent.message_id}>"
	assert BOX in raw["From"]
	talk = talk_of(row)
	assert (talk.waiting_since, talk.status) == (None, "Open")
	assert talk.first_responded_on
	text = "شكرا\n\nOn Sun, 1 Nov 2026 wrote:\n> سنرسل فنيًا"
	arrive(mailbox, mail(text, "Re: الطابعة لا تعمل", In_Reply_To=f"<{sent.message_id}>"))
	reply = messages()[-1]
	assert (reply.conversation, reply.body) == (row.conversation, "شكرا")


def test_a_mail_carries_all_its_files_and_the_text(mailbox):
	arrive(mailbox, mail("مرحبا"))
	[row] = messages()
	values = {
		"attached_to_doctype": "Dafater Conversation",
		"attached_to_name": row.conversation,
		"is_private": 1,
	}
	files = [
		frappe.get_doc({"doctype": "File", "file_name": name, "content": f"{name} 1", **values}).insert().name
		for name in ("عرض.txt", "شروط.txt")
	]
	outbox.queue_message(
		row.conversation,
		text="مرفق العرض",
		attachments=files,
		client_key=frappe.generate_hash(),
		author="Administrator",
	)
	frappe.db.commit()
	assert outbox_drain.drain(ACCOUNT) == {"Sent": 1}, messages()[-1].error
	answer = messages()[-1]
	queued = frappe.get_last_doc("Email Queue", {"communication": answer.communication})
	assert len(frappe.parse_json(queued.attachments)) == 2
	assert "مرفق العرض" in frappe.db.get_value("Communication", answer.communication, "content")


def test_a_mailbox_that_does_not_send_says_so(mailbox):
	arrive(mailbox, mail("مرحبا"))
	[row] = messages()
	frappe.db.set_value("Email Account", MAILBOX, "enable_outgoing", 0)
	outbox.queue_message(
		row.conversation, text="أهلا", client_key=frappe.generate_hash(), author="Administrator"
	)
	frappe.db.commit()
	assert outbox_drain.drain(ACCOUNT) == {"Failed": 1}
	assert "enable outgoing mail" in messages()[-1].error
	frappe.db.set_value("Email Account", MAILBOX, "enable_outgoing", 1)
	frappe.db.commit()
