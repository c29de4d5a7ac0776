"""Messenger says of all messages up to a moment that they came, or were read; and it tells us of what we sent ourselves."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest

from dafater_crm.domain.channels import FAIL, SendError, SendResult
from dafater_crm.records.inbox import outbox_drain, sent
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	make_account,
	now_utc,
	provider,  # noqa: F401
	queue,
	received,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
PAGE, ACCOUNT, NOURA = "2001", "الصفحة", payloads.Person("نورة", user_id="7001")
PARKED = "Dafater Message Status"
# provider's milliseconds are cut off
SOON = timedelta(milliseconds=2)


@pytest.fixture
def conversation(swept, provider) -> str:
	make_account(ACCOUNT, "Messenger", PAGE, base_url=provider.url, sandbox=1)
	told(payloads.messenger_text(PAGE, NOURA, "مرحبا", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION)
	return conversation.name


def told(body: dict) -> None:
	received(body, ACCOUNT, "Messenger")


def up_to(moment: datetime, **parts) -> dict:
	"""Everything up to a moment was read; `delivery`: came."""
	parts = parts or {"read": {}}
	parts = {name: {"watermark": payloads.milliseconds(moment), **more} for name, more in parts.items()}
	return payloads.messaging("page", PAGE, [payloads.event(PAGE, NOURA, moment, **parts)], moment)


def echo(message: str, mid: str) -> dict:
	body = {"mid": mid, "is_echo": True, "app_id": 123, "metadata": message, "text": "وعليكم السلام"}
	return payloads.messaging("page", PAGE, [payloads.event(PAGE, NOURA, now_utc(), True, message=body)])


def claimed() -> dict:
	"""The message that a worker is sending at this moment."""
	(row,) = outbox_drain._claim(ACCOUNT)
	return row


def test_all_up_to_the_moment_are_read_and_a_newer_one_is_not(conversation):
	old, new = queue(conversation), queue(conversation, "الثانية")
	assert send(ACCOUNT) == {"Sent": 2}
	frappe.db.set_value(MESSAGE, old, "message_on", stored(new).message_on - timedelta(minutes=5))
	told(up_to(now_utc() - timedelta(minutes=2), delivery={}))
	assert (stored(old).status, stored(new).status) == ("Delivered", "Sent")
	told(up_to(now_utc() - timedelta(minutes=2)))
	assert (stored(old).status, stored(new).status) == ("Seen", "Sent")
	told(up_to(now_utc() + SOON))
	assert stored(new).status == "Seen"
	assert rows_of(PARKED) == []


@pytest.mark.parametrize(("part", "status"), [("read", "Seen"), ("delivery", "Delivered")])
def test_what_is_told_before_the_answer_counts_once_the_answer_is_there(conversation, part, status):
	message = queue(conversation)
	row = claimed()
	for _time in range(2):
		told(up_to(now_utc() + SOON, **{part: {}}))
	assert stored(message).status == "Sending"
	sent.write(row, SendResult("m_1"))
	assert (stored(message).status, stored(message).provider_id) == (status, "m_1")
	assert rows_of(PARKED) == []


def test_what_is_told_of_earlier_messages_while_one_is_sent_is_not_of_that_one(conversation):
	first, second = queue(conversation), queue(conversation, "الثانية")
	sent.write(claimed(), SendResult("m_1"))
	before = now_utc() + SOON
	frappe.db.set_value(MESSAGE, second, "message_on", stored(first).message_on)
	frappe.db.commit()
	# the second leaves a second later
	frappe.db.rollback()
	row = claimed()
	row.modified += timedelta(seconds=1)
	told(up_to(before))
	assert (stored(first).status, stored(second).status) == ("Seen", "Sending")
	sent.write(row, SendResult("m_2"))
	assert stored(second).status == "Sent"
	assert rows_of(PARKED) == []


def test_a_message_that_was_refused_is_not_read_by_what_was_told_meanwhile(conversation):
	message = queue(conversation)
	row = claimed()
	told(up_to(now_utc() + SOON))
	assert sent.write(row, SendError("551", "not available", FAIL)) == "Failed"
	assert stored(message).status == "Failed"


def test_our_own_echo_before_the_answer_is_the_message_itself(conversation):
	message = queue(conversation)
	row = claimed()
	told(up_to(now_utc() + SOON))
	told(echo(message, "m_1"))
	assert (stored(message).status, stored(message).provider_id) == ("Sent", "m_1")
	sent.write(row, SendResult("m_1"))
	assert (stored(message).status, stored(message).provider_id) == ("Seen", "m_1")
	assert len(rows_of(MESSAGE, direction="Outgoing")) == 1
	told(echo(message, "m_1"))
	assert len(rows_of(MESSAGE, direction="Outgoing")) == 1
