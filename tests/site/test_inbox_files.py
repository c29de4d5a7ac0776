"""Files of received messages: fetched by a job, checked, private; what cannot be had says why."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.core.doctype.file import file as frappe_file
from frappe.utils import now_datetime
from pypdf.errors import PdfReadError

from dafater_crm.records.inbox import media_jobs, outgoing_files
from tests.provider import payloads
from tests.site.inbox_cast import (
	ATTACHMENT,
	CONVERSATION,
	MESSAGE,
	make_account,
	now_utc,
	person,
	provider,  # noqa: F401
	received,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.pdfs import pdf

pytestmark = pytest.mark.usefixtures("swept")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def account(swept, provider):  # noqa: F811 - the fixtures bear their names
	return make_account(base_url=provider.url, sandbox=1)


def send_file(media_id: str, kind: str = "image", **part) -> None:
	part = {"id": media_id, "mime_type": "image/png", **part}
	received(payloads.whatsapp_received("1111", person(), kind, part, on=now_utc()))


def fetched(hurry: bool = True) -> dict:
	if hurry:
		table = frappe.qb.DocType(ATTACHMENT)
		frappe.qb.update(table).set(table.retry_on, table.creation).where(table.status == "Pending").run()
	frappe.db.commit()
	return media_jobs.fetch()


def attachment() -> dict:
	fields = ("status", "file", "file_size", "mime_type", "sha256", "error", "attempts", "retry_on", "kind")
	(row,) = rows_of(ATTACHMENT, *fields)
	return row


def test_a_picture_is_kept_privately_on_its_conversation(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"), caption="الصورة")
	assert fetched() == {"Ready": 1}
	row = attachment()
	assert (row.status, row.file_size, row.mime_type, row.kind) == ("Ready", len(PNG), "image/png", "Image")
	assert row.sha256 == hashlib.sha256(PNG).hexdigest()
	file = frappe.get_doc("File", row.file)
	assert file.is_private == 1 and file.file_url.startswith("/private/files/")
	(conversation,) = rows_of(CONVERSATION)
	assert (file.attached_to_doctype, file.attached_to_name) == (CONVERSATION, conversation.name)
	assert outgoing_files.stored_bytes(file) == PNG
	assert fetched() == {}


def test_a_file_is_kept_by_its_name_alone_and_asked_for_within_seven_days(provider):  # noqa: F811
	id = provider.add_file(pdf(), "application/pdf")
	send_file(id, kind="document", mime_type="application/pdf", filename="../../etc/passwd.pdf")
	(row,) = rows_of(ATTACHMENT, "expires_on", "message")
	message_on = frappe.db.get_value(MESSAGE, row.message, "message_on")
	assert row.expires_on - message_on == timedelta(days=7)
	assert fetched() == {"Ready": 1}
	file = frappe.get_doc("File", attachment().file)
	assert file.file_name == "passwd.pdf"
	assert re.fullmatch(r"/private/files/passwd\w*\.pdf", file.file_url)
	assert Path(file.get_full_path()).parent == Path(frappe.get_site_path("private", "files"))
	assert frappe.db.get_value(ATTACHMENT, row.name, "file_name") == "passwd.pdf"


@pytest.mark.skipif(
	not hasattr(frappe_file, "pdf_contains_js"), reason="this Frappe does not read a PDF before it keeps it"
)
@pytest.mark.parametrize("content", [pdf(program="app.alert(1)"), b"%PDF-1.4\n" + bytes(64)])
def test_what_frappe_does_not_keep_is_refused_at_once(provider, content):  # noqa: F811
	send_file(provider.add_file(content, "application/pdf"), kind="document", mime_type="application/pdf")
	assert fetched() == {"Refused": 1}
	row = attachment()
	assert (row.error, row.file, row.retry_on) == (media_jobs.NOT_KEPT, None, None)
	assert fetched() == {}


def test_a_pdf_that_cannot_be_read_is_refused_with_a_sentence(monkeypatch):
	"""Frappe 15.41 keeps it; later releases read it first, and their reader's error is no sentence for a person."""

	def unreadable(*_args, **_keywords):
		raise PdfReadError("EOF marker not found")

	file = frappe.new_doc("File")
	monkeypatch.setattr(file, "insert", unreadable)
	with pytest.raises(frappe.ValidationError, match="PDF file is damaged"):
		outgoing_files.insert(file)


def test_attempts_to_fetch_have_an_end(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"))
	provider.fail("file", status=503, times=len(media_jobs.BACKOFF) + 1)
	for _attempt in media_jobs.BACKOFF:
		assert fetched() == {"Pending": 1}
	assert fetched() == {"Failed": 1}
	row = attachment()
	assert (row.attempts, row.retry_on) == (len(media_jobs.BACKOFF) + 1, None)
	assert fetched() == {}


def test_an_outage_is_waited_for(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"))
	provider.fail("file", status=503, times=2)
	assert fetched() == {"Pending": 1}
	row = attachment()
	assert row.attempts == 1 and row.retry_on > now_datetime()
	assert fetched(hurry=False) == {}
	assert fetched() == {"Pending": 1}
	assert fetched() == {"Ready": 1}


@pytest.mark.parametrize(
	("content", "stored", "status"),
	[
		(b"<html><script>alert(1)</script></html>", {}, "Refused"),
		(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", {}, "Refused"),
		(PNG, {"expired": True}, "Expired"),
		(PNG, {"told_sha256": "00" * 32}, "Pending"),
		(PNG, {"told_size": 26 * 1024 * 1024}, "Refused"),
	],
	ids=["page", "drawing", "expired", "another hash", "too large"],
)
def test_what_may_not_be_kept_is_refused_with_its_reason(provider, content, stored, status):  # noqa: F811
	send_file(
		provider.add_file(content, "image/png", **stored), kind="document", filename="../../etc/passwd.pdf"
	)
	assert fetched() == {status: 1}
	row = attachment()
	assert row.status == status and row.error and not row.file
	assert frappe.db.count("File", {"attached_to_doctype": CONVERSATION}) == 0


def test_the_limit_of_the_settings_counts(provider):  # noqa: F811
	frappe.db.set_single_value("Dafater Inbox Settings", "max_file_mb", 1)
	frappe.db.commit()
	try:
		send_file(provider.add_file(b"%PDF-1.4" + bytes(1024 * 1024), "application/pdf"), kind="document")
		assert fetched() == {"Refused": 1}
		assert attachment().error == "The file is larger than the inbox settings allow."
	finally:
		frappe.db.set_single_value("Dafater Inbox Settings", "max_file_mb", 25)
		frappe.db.commit()


def test_a_file_is_given_up_when_the_provider_no_longer_has_it(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"))
	provider.fail("media", status=503)
	frappe.db.set_value(ATTACHMENT, attachment().name, "expires_on", now_datetime() - timedelta(minutes=1))
	assert fetched() == {"Expired": 1}


def test_a_message_that_is_taken_back_takes_its_file_along(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"))
	fetched()
	file = attachment().file
	(message,) = rows_of(MESSAGE, "provider_id")
	revoke = payloads.whatsapp_message(person(), "revoke", {"original_message_id": message.provider_id})
	received(payloads.whatsapp("1111", contacts=[payloads.contact(person())], messages=[revoke]))
	assert not frappe.db.exists("File", file)
	assert (attachment().status, attachment().file) == ("Expired", None)


def test_a_worker_that_died_with_a_file_is_followed_by_another(provider):  # noqa: F811
	send_file(provider.add_file(PNG, "image/png"))
	name = attachment().name
	assert media_jobs._claim(name)  # and is never heard of again
	assert media_jobs._claim(name) is None
	assert fetched(hurry=False) == {}
	assert attachment().retry_on > now_datetime()
	assert fetched() == {"Ready": 1}
