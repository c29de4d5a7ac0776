"""What goes out: once, in order, with a clear end, whatever the provider does. Sends go to the provider of the tests."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from dafater_crm.domain import send_errors
from dafater_crm.records.inbox import outbox, outbox_drain, statuses
from tests.provider import payloads
from tests.site.factories import make_user
from tests.site.inbox_cast import (
	ACCOUNT,
	CONVERSATION,
	IDENTITY,
	MESSAGE,
	conversing,
	make_account,
	now_utc,
	person,
	provider,  # noqa: F401
	queue,
	received,
	report,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
NAME, HEARING = "واتساب الرياض", "operations@cast.example"


@pytest.fixture
def conversation(swept, provider) -> str:
	return conversing(provider)


def test_an_answer_is_queued_sent_and_counted(provider, conversation):
	message = queue(conversation)
	assert stored(message).status == "Queued"
	assert provider.sent == []
	assert send() == {"Sent": 1}, stored(message)
	(body,) = provider.sent
	assert body["to"] == "966500000001"
	assert body["text"]["body"] == "وعليكم السلام"
	assert body["biz_opaque_callback_data"] == message
	row = stored(message)
	assert (row.status, row.attempts, row.provider_key) == ("Sent", 1, f"واتساب الرياض:{row.provider_id}")
	assert row.sent_on and row.author == "Administrator"
	(state,) = rows_of(
		CONVERSATION,
		"status",
		"waiting_since",
		"unread",
		"messages",
		"last_message",
		"last_direction",
		"first_responded_on",
	)
	assert (state.status, state.waiting_since, state.unread, state.messages) == ("Open", None, 0, 2)
	assert (state.last_message, state.last_direction) == ("وعليكم السلام", "Outgoing")
	assert state.first_responded_on


def test_the_same_key_twice_sends_once(provider, conversation):
	first = queue(conversation, client_key="a-key")
	assert queue(conversation, client_key="a-key", text="غير ذلك") == first
	send()
	assert queue(conversation, client_key="a-key") == first
	assert send() == {}
	assert len(provider.sent) == 1


def test_a_key_of_another_conversation_is_refused(provider, conversation):
	queue(conversation, client_key="a-key")
	received(payloads.whatsapp_text("1111", person(2), "مرحبا", on=now_utc()))
	other = rows_of(CONVERSATION)[1].name
	with pytest.raises(frappe.ValidationError, match="no valid key"):
		queue(other, client_key="a-key")


def test_messages_to_one_person_go_in_their_order(provider, conversation):
	for number in range(12):
		queue(conversation, str(number))
	assert send() == {"Sent": 12}
	assert [body["text"]["body"] for body in provider.sent] == [str(number) for number in range(12)]


# what goes wrong
def test_attempts_have_an_end(provider, conversation):
	provider.fail("messages", status=503, times=send_errors.MAX_ATTEMPTS)
	message = queue(conversation)
	for _attempt in range(send_errors.MAX_ATTEMPTS - 1):
		assert send(hurry=True) == {"Queued": 1}
	assert send(hurry=True) == {"Failed": 1}
	assert stored(message).attempts == send_errors.MAX_ATTEMPTS


def test_a_dead_token_stops_the_account_and_keeps_the_rest_queued(provider, conversation):
	provider.fail("messages", 190, status=401)
	first, second = queue(conversation), queue(conversation, "الثانية")
	assert send() == {"Failed": 1}
	account = frappe.get_doc(ACCOUNT, "واتساب الرياض")
	assert account.health == "Stopped" and "190" in account.health_note
	assert "token-of-the-test" not in account.health_note
	assert (stored(first).status, stored(second).status) == ("Failed", "Queued")
	assert len(told_about(account.name)) == 1
	assert send() == {}
	account.access_token = "token-of-the-test"
	account.save()
	assert account.health == "Unknown"
	assert send() == {"Sent": 1}
	assert frappe.db.get_value(ACCOUNT, account.name, "health") == "Healthy"


@pytest.mark.parametrize("by", ["answer", "report"])
def test_a_code_that_nobody_knows_is_told_once_a_day(provider, conversation, by):
	codes = [424242, 424242, 424243, 131026]
	for code in codes:
		if by == "answer":
			provider.fail("messages", code)
		message = queue(conversation, str(code))
		send()
		if by == "report":
			received(report(message, "failed", errors=[payloads.failure(code, "Novel")]))
			frappe.db.commit()  # the notice is a job's, which tests run at once
		assert stored(message).status == "Failed"
	told = told_about("واتساب الرياض")
	assert len(told) == 2
	for code in ("424242", "424243"):
		assert len([subject for subject in told if code in subject]) == 1
	forget_codes()


@pytest.mark.parametrize("by", ["answer", "report"])
def test_who_stopped_marketing_at_the_provider_gets_no_more_of_it(provider, conversation, by):
	if by == "answer":
		provider.fail("messages", 131050)
	message = queue(conversation)
	send()
	if by == "report":
		received(report(message, "failed", errors=[payloads.failure(131050)]))
	assert stored(message).error_code == "131050"
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [1]


@pytest.fixture(autouse=True)
def alerted(swept):
	"""Somebody who hears of trouble."""
	make_user(HEARING, "Dafater Sales Operations")
	frappe.db.delete("Notification Log", {"document_type": ACCOUNT})
	forget_codes()
	frappe.db.commit()


def told_about(account: str) -> list[str]:
	"""What this user was told about an account."""
	frappe.db.rollback()
	filters = {"document_type": ACCOUNT, "document_name": account, "for_user": HEARING}
	return frappe.get_all("Notification Log", filters, pluck="subject")


def forget_codes() -> None:
	frappe.cache.delete_keys("dafater_inbox_unknown_code:")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_answer_is_told_and_never_sent_again_by_itself(provider, conversation, moment):
	provider.hang_up("messages", moment)
	message = queue(conversation)
	send()
	row = stored(message)
	assert (row.status, row.error_code) == ("Failed", statuses.UNKNOWN)
	assert send(hurry=True) == {}
	if moment == "after":
		# it did go out, and its report tells so
		received(report(message, "sent"))
		row = stored(message)
		assert (row.status, row.error_code, row.failed_on) == ("Sent", None, None)


def test_a_message_that_a_dead_worker_left_is_told_and_a_person_sends_it_again(provider, conversation):
	message = queue(conversation)
	long_ago = now_datetime() - outbox_drain.LOST_AFTER - timedelta(seconds=1)
	values = {"status": "Sending", "attempts": 1}
	frappe.db.set_value(MESSAGE, message, values, modified=long_ago)
	frappe.db.commit()
	assert send(hurry=True) == {}
	outbox_drain.every_minute()
	row = stored(message)
	assert (row.status, row.error_code) == ("Failed", statuses.UNKNOWN)
	assert outbox.resend(message) == message
	assert outbox.resend(message) == message
	assert send() == {"Sent": 1}
	assert len(provider.sent) == 1
	with pytest.raises(frappe.ValidationError, match="sent already"):
		outbox.resend(message)


# limits
def test_one_person_gets_no_more_than_the_burst_and_then_waits(provider):
	conversation = conversing(provider, recipient_burst=3, recipient_interval=6)
	for number in range(5):
		queue(conversation, str(number))
	assert send() == {"Sent": 3}
	waiting = rows_of(MESSAGE, "send_after", status="Queued")
	assert len(waiting) == 2
	assert all(row.send_after > now_datetime() for row in waiting)
	age_of_sent = now_datetime() - timedelta(seconds=19)
	frappe.db.set_value(MESSAGE, {"status": "Sent"}, {"sent_on": age_of_sent, "message_on": age_of_sent})
	assert send(hurry=True) == {"Sent": 2}
	assert [body["text"]["body"] for body in provider.sent] == list("01234")


def test_an_account_sends_no_more_a_second_than_it_may(provider):
	make_account(base_url=provider.url, sandbox=1, messages_per_second=4)
	for number in range(1, 9):
		received(payloads.whatsapp_text("1111", person(number), "مرحبا", on=now_utc()))
	for row in rows_of(CONVERSATION):
		queue(row.name)
	assert [len(outbox_drain._allowed(NAME, outbox_drain._candidates(NAME, 0)))] == [4]
	started = now_datetime()
	assert send() == {"Sent": 8}
	assert (now_datetime() - started).total_seconds() >= 1.9


# the window
@pytest.mark.parametrize(("seconds", "open"), [(24 * 3600 - 5, True), (24 * 3600 + 1, False)])
def test_free_answers_end_24_hours_after_the_person_wrote(provider, conversation, seconds, open):
	frappe.db.set_value(
		CONVERSATION, conversation, "last_inbound_on", now_datetime() - timedelta(seconds=seconds)
	)
	frappe.db.commit()
	if open:
		queue(conversation)
		assert send() == {"Sent": 1}
		return
	with pytest.raises(frappe.ValidationError, match="template"):
		queue(conversation)


def test_a_window_that_closes_while_a_message_waits_is_told(provider, conversation):
	message = queue(conversation)
	frappe.db.set_value(CONVERSATION, conversation, "last_inbound_on", add_to_date(None, hours=-25))
	assert send() == {"Failed": 1}
	assert stored(message).error_code == "131047"
	assert provider.sent == []


def test_nobody_writes_to_a_blocked_person_or_through_a_disabled_account(provider, conversation):
	frappe.db.set_value(IDENTITY, {"phone": person().phone}, "blocked", 1)
	with pytest.raises(frappe.ValidationError, match="blocked"):
		queue(conversation)
	frappe.db.rollback()
	frappe.get_doc(ACCOUNT, "واتساب الرياض").update({"enabled": 0}).save()
	with pytest.raises(frappe.ValidationError, match="disabled"):
		queue(conversation)


def test_an_answer_into_a_resolved_conversation_opens_it_again_unless_there_is_a_newer_one(
	provider, conversation
):
	frappe.db.set_value(
		CONVERSATION,
		conversation,
		{"status": "Resolved", "open_key": None, "resolved_on": add_to_date(None, days=-9)},
	)
	frappe.db.commit()
	queue(conversation)
	assert [row.status for row in rows_of(CONVERSATION, "status")] == ["Open"]
	frappe.db.set_value(
		CONVERSATION,
		conversation,
		{"status": "Resolved", "open_key": None, "resolved_on": add_to_date(None, days=-9)},
	)
	frappe.db.commit()
	received(payloads.whatsapp_text("1111", person(), "جديدة", on=now_utc()))
	with pytest.raises(frappe.ValidationError, match="newer"):
		queue(conversation)
