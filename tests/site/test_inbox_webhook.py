"""The webhook over Frappe's own application: who may deliver, what is kept, and that nothing is written before the signature."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils.background_jobs import get_job

from dafater_crm.channels import signature
from dafater_crm.records.inbox import accounts, events, every_minute
from tests.provider import payloads
from tests.site.inbox_cast import (
	ACCOUNT,
	CONVERSATION,
	EVENT,
	MESSAGE,
	SECRET,
	TOKEN,
	WEBHOOK,
	deliver,
	drained,
	make_account,
	person,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.processes import INBOX, result, start
from tests.site.strict_json import REFUSED, unread_by_frappe
from tests.site.test_inbox_steps import refused
from tests.site.web import Web

pytestmark = pytest.mark.usefixtures("swept")
ABROAD = '{"object": "whatsapp_business_account", "entry": [{"id": "WABA", "changes": [{"field": "x"}]}]}'


def test_a_delivery_becomes_a_message_in_a_conversation():
	make_account()
	answer = deliver(payloads.whatsapp_text("1111", person(), "مرحبا", id="wamid.A"))
	assert (answer.status_code, answer.text) == (200, "OK"), answer.text
	(event,) = rows_of(EVENT, "status", "account")
	assert (event.status, event.account) == ("Received", "واتساب الرياض")
	assert drained() == {"Done": 1}
	(message,) = rows_of(
		MESSAGE, "body", "direction", "status", "provider_key", "conversation", "message_type"
	)
	assert message.body == "مرحبا"
	assert (message.direction, message.status, message.message_type) == ("Incoming", "Received", "Text")
	assert message.provider_key == "واتساب الرياض:wamid.A"
	(conversation,) = rows_of(
		CONVERSATION, "title", "status", "unread", "messages", "last_message", "company"
	)
	assert conversation.name == message.conversation
	assert (conversation.title, conversation.status) == ("سارة 1", "New")
	assert (conversation.unread, conversation.messages, conversation.last_message) == (1, 1, "مرحبا")


def test_the_address_is_verified_with_the_accounts_word_in_plain_text():
	make_account()
	query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}
	answer = Web().get(WEBHOOK, query_string=query)
	assert (answer.status_code, answer.text) == (200, "1158201444")
	assert answer.content_type.startswith("text/plain")
	for wrong in ({"hub.verify_token": "other"}, {"hub.mode": "x"}, {"hub.verify_token": ""}):
		assert Web().get(WEBHOOK, query_string={**query, **wrong}).status_code == 403


def test_the_same_bytes_twice_are_one_row():
	make_account()
	body = payloads.whatsapp_text("1111", person(), "مرحبا")
	assert [deliver(body).status_code for _ in range(3)] == [200, 200, 200]
	assert len(rows_of(EVENT)) == 1


@pytest.mark.parametrize(
	"header",
	["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "nonsense"],
)
def test_a_wrong_signature_writes_nothing(header):
	make_account()
	before = counts()
	body = payloads.whatsapp_text("1111", person(), "مرحبا")
	assert deliver(body, **{"X-Hub-Signature-256": header}).status_code == 403
	assert deliver(body, secret="another").status_code == 403
	assert counts() == before


def test_an_account_without_a_secret_takes_nothing():
	make_account(app_secret="")
	assert deliver(payloads.whatsapp_text("1111", person(), "x"), secret=SECRET).status_code == 403
	assert rows_of(EVENT) == []


def test_what_is_changed_on_an_account_counts_for_the_next_delivery():
	account = make_account()
	text = payloads.whatsapp_text("1111", person(), "x")
	assert deliver(text).status_code == 200
	before = [dict(row) for row in accounts.for_delivery("WhatsApp")]
	account.app_secret = "rotated"
	account.save()
	# another delivery reads the accounts before the change is committed
	frappe.cache.set_value(accounts.KEPT + "WhatsApp", before, expires_in_sec=accounts.KEPT_SECONDS)
	frappe.db.commit()
	assert deliver(text).status_code == 403
	assert deliver(text, secret="rotated").status_code == 200
	account.reload().update({"enabled": 0}).save()
	frappe.db.commit()
	assert deliver(payloads.whatsapp_text("1111", person(2), "y"), secret="rotated").status_code == 200
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received", "Ignored"]
	frappe.delete_doc(ACCOUNT, account.name)
	frappe.db.commit()
	assert deliver(text, secret="rotated").status_code == 403


def test_a_delivery_without_a_valid_signature_asks_the_database_for_nothing(monkeypatch):
	make_account()
	text = payloads.whatsapp_text("1111", person(), "x")
	assert deliver(text).status_code == 200
	monkeypatch.setattr(accounts, "of_channel", lambda channel: pytest.fail("asked"))
	assert deliver(text, secret="another").status_code == 403
	assert deliver(text).status_code == 200


def test_redis_holds_secrets_sealed_only():
	make_account(app_secret="open-sesame-of-the-test")
	assert accounts.for_delivery("WhatsApp")
	kept = frappe.cache.get(frappe.cache.make_key(accounts.KEPT + "WhatsApp"))
	assert b"open-sesame" not in kept and b"token-of-the-test" not in kept
	assert 0 < frappe.cache.ttl(frappe.cache.make_key(accounts.KEPT + "WhatsApp")) <= accounts.KEPT_SECONDS
	(row,) = accounts.for_delivery("WhatsApp")
	assert accounts.unsealed(row) == "open-sesame-of-the-test"


@pytest.mark.parametrize(
	("body", "content_type", "code"),
	[
		(b"object=page", "application/x-www-form-urlencoded", 415),
		(b"{}", "text/plain", 415),
		(b"not json", "application/json", 400),
		# JSON, and Python reads it, but not in UTF-8
		(ABROAD.encode("utf-16"), "application/json", 400),
		(ABROAD.encode("utf-16-le"), "application/json", 400),
		(ABROAD.encode("utf-32"), "application/json", 400),
		(ABROAD.replace("x", "\ud83d").encode("utf-8", "surrogatepass"), "application/json", 400),
		(ABROAD.encode("utf-8-sig"), "application/json", 400),
		(b"[" * 100_000, "application/json", 400),
		(b"[1, 2]", "application/json", 400),
		(b"{}", "application/json", 422),
		(b'{"object": "user"}', "application/json", 422),
		(b'{"object": ["page"]}', "application/json", 422),
		(b'{"object": "page", "entry": "' + b"x" * (4 * 1024 * 1024) + b'"}', "application/json", 413),
	],
)
def test_what_is_no_delivery_is_refused_with_its_own_code_and_writes_nothing(body, content_type, code):
	make_account()
	before = counts()
	headers = {signature.HEADER: signature.sign(SECRET, body)}
	answer = Web().post(WEBHOOK, data=body, content_type=content_type, headers=headers)
	unread = content_type == "application/json" and unread_by_frappe(body)
	assert answer.status_code == (REFUSED if unread else code)
	assert "Traceback" not in answer.text
	assert counts() == before


def test_one_byte_more_or_less_breaks_the_signature():
	make_account()
	raw = payloads.encoded(payloads.whatsapp_text("1111", person(), "مرحبا"))
	headers = {signature.HEADER: signature.sign(SECRET, raw)}
	for changed in (raw + b" ", raw[:-1] + b" }", raw.replace(b"\\u0645", "م".encode(), 1)):
		assert changed != raw
		answer = Web().post(WEBHOOK, data=changed, content_type="application/json", headers=headers)
		assert answer.status_code in (400, 403)
	assert rows_of(EVENT) == []
	assert Web().post(WEBHOOK, data=raw, content_type="application/json", headers=headers).status_code == 200


def test_each_account_has_its_own_secret_and_speaks_for_itself_alone():
	make_account()
	make_account("واتساب جدة", external_id="2222", business_account_id="OTHER", app_secret="another")
	ours = payloads.whatsapp_text("1111", person(), "للرياض", id="wamid.A")
	theirs = payloads.whatsapp_text("2222", person(2), "لجدة", id="wamid.B")
	assert deliver(ours, secret="another").status_code == 403
	assert deliver(theirs, secret="another").status_code == 200
	# one delivery for both, signed by one of them: the other one's part is not taken
	both = {"object": "whatsapp_business_account", "entry": ours["entry"] + theirs["entry"]}
	assert deliver(both).status_code == 200
	drained()
	assert [row.body for row in rows_of(MESSAGE, "body", account="واتساب الرياض")] == ["للرياض"]
	assert [row.body for row in rows_of(MESSAGE, "body", account="واتساب جدة")] == ["لجدة"]
	assert len(rows_of(MESSAGE)) == 2


def test_a_disabled_account_and_an_unknown_number_are_kept_and_ignored():
	make_account(enabled=0)
	assert deliver(payloads.whatsapp_text("1111", person(), "x")).status_code == 200
	assert deliver(payloads.whatsapp_text("9999", person(), "x")).status_code == 200
	assert [row.status for row in rows_of(EVENT, "status")] == ["Ignored", "Ignored"]
	assert drained() == {}
	assert rows_of(MESSAGE) == []


@pytest.mark.parametrize(
	("channel", "body"),
	[
		("Messenger", payloads.messenger_text("2001", payloads.Person("نورة", user_id="7001"), "مرحبا")),
		("Instagram", payloads.instagram_text("3001", payloads.Person("نورة", user_id="8001"), "مرحبا")),
	],
)
def test_messenger_and_instagram_deliver_to_the_same_address(channel, body):
	make_account(f"حساب {channel}", channel=channel, external_id="2001" if channel == "Messenger" else "3001")
	assert deliver(body).status_code == 200
	assert drained() == {"Done": 1}
	(message,) = rows_of(MESSAGE, "body", "account")
	assert (message.body, message.account) == ("مرحبا", f"حساب {channel}")
	assert [row.channel for row in rows_of(CONVERSATION, "channel")] == [channel]


def test_a_queue_that_is_down_loses_no_delivery_and_the_clock_picks_it_up():
	make_account()
	body = payloads.encoded(payloads.whatsapp_text("1111", person(), "مرحبا")).decode()
	nowhere = {"FRAPPE_REDIS_QUEUE": "redis://127.0.0.1:1"}
	process = start(INBOX, "post", environment=nowhere, bodies=[body], secret=SECRET)
	assert result(process) == [200]
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received"]
	every_minute.run()
	job = get_job("dafater-inbox-drain-0")
	assert job.kwargs["method"] == events.DRAIN
	job.delete()
	assert drained() == {"Done": 1}


def test_what_could_not_be_kept_is_not_answered_with_200_and_is_taken_when_it_comes_again():
	make_account()
	body = payloads.whatsapp_text("1111", person(), "مرحبا")
	with refused(EVENT, "true"):
		assert deliver(body).status_code == 500
		assert rows_of(EVENT) == []
	assert deliver(body).status_code == 200
	assert drained() == {"Done": 1}


def test_a_cache_that_is_down_loses_no_delivery():
	make_account()
	body = payloads.encoded(payloads.whatsapp_text("1111", person(), "مرحبا")).decode()
	nowhere = {"FRAPPE_REDIS_CACHE": "redis://127.0.0.1:1"}
	assert result(start(INBOX, "post", environment=nowhere, bodies=[body], secret=SECRET)) == [200]
	refused_body = payloads.encoded(payloads.whatsapp_text("1111", person(2), "x")).decode()
	process = start(INBOX, "post", environment=nowhere, bodies=[refused_body], secret="another")
	assert result(process) == [403]
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received"]
	assert drained() == {"Done": 1}


def test_the_largest_delivery_that_providers_send_is_taken_whole():
	"""3 MB: hundreds of messages of nine hundred letters."""
	make_account()
	people = [person(number) for number in range(1, 6)]
	text = "رسالة طويلة " * 75
	messages = [
		payloads.whatsapp_message(people[number % 5], "text", {"body": f"{number} {text}"})
		for number in range(650)
	]
	contacts = [payloads.contact(one) for one in people]
	raw = payloads.encoded(payloads.whatsapp("1111", contacts=contacts, messages=messages))
	assert 2.9 < len(raw) / 1024**2 < 3.1
	assert deliver(raw).status_code == 200
	assert drained() == {"Done": 1}
	assert len(rows_of(MESSAGE)) == 650
	assert [row.messages for row in rows_of(CONVERSATION, "messages")] == [130] * 5


def counts() -> dict[str, int]:
	frappe.db.rollback()
	return {doctype: frappe.db.count(doctype) for doctype in (EVENT, MESSAGE, "Error Log", "Activity Log")}
