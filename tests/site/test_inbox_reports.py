"""What the provider reports of a message: in any order, twice, before the answer to the send, with our key or without."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

import itertools

import pytest

from dafater_crm.domain.channels import SendResult
from dafater_crm.records.inbox import outbox, outbox_drain, sent
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	conversing,
	now_utc,
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


@pytest.fixture
def conversation(swept, provider) -> str:
	return conversing(provider)


@pytest.mark.parametrize("by_our_key", [True, False])
def test_every_order_of_reports_ends_the_same(conversation, by_our_key):
	"""All 24 orders of sent, delivered, read and the answer to the send itself, each report twice."""
	for order in itertools.permutations(("sent", "delivered", "read", "answer")):
		message = queue(conversation, "-".join(order))
		(claimed,) = outbox_drain._claim("واتساب الرياض")
		for step in order:
			if step == "answer":
				sent.write(claimed, SendResult(f"wamid.{message}"))
			else:
				received(report(message, step, by_our_key))
				received(report(message, step, by_our_key))
		row = stored(message)
		assert row.status == "Seen", order
		assert row.sent_on <= row.delivered_on <= row.read_on, order
	assert rows_of("Dafater Message Status") == []


# both ways of finding the message, and all reports before the answer to the send or after it
EVERY_WAY = pytest.mark.parametrize(
	("by_our_key", "moment"), list(itertools.product([True, False], ["before", "after"]))
)


@EVERY_WAY
def test_a_failure_among_the_reports_changes_no_order(conversation, by_our_key, moment):
	for order in itertools.permutations(("sent", "delivered", "read", "failed")):
		row = reported(conversation, order, by_our_key, moment)
		assert row.status == "Seen", order
		assert row.sent_on <= row.delivered_on <= row.read_on, order
	assert rows_of("Dafater Message Status") == []


@EVERY_WAY
def test_sent_and_failed_end_as_failed_in_either_order(conversation, by_our_key, moment):
	for order in itertools.permutations(("sent", "failed")):
		row = reported(conversation, order, by_our_key, moment)
		assert (row.status, row.error_code) == ("Failed", "131026"), order
	assert rows_of("Dafater Message Status") == []


def reported(conversation: str, order: tuple[str, ...], by_our_key: bool, moment: str) -> dict:
	"""A message of which all this is told, as it is stored in the end."""
	message = queue(conversation, "-".join(order))
	(claimed,) = outbox_drain._claim("واتساب الرياض")
	if moment == "after":
		sent.write(claimed, SendResult(f"wamid.{message}"))
	for step in order:
		more = {"errors": [payloads.failure(131026)]} if step == "failed" else {}
		received(report(message, step, by_our_key, **more))
	if moment == "before":
		sent.write(claimed, SendResult(f"wamid.{message}"))
	return stored(message)


def test_a_report_of_having_been_read_implies_that_it_came(conversation):
	message = queue(conversation)
	(claimed,) = outbox_drain._claim("واتساب الرياض")
	sent.write(claimed, SendResult(f"wamid.{message}"))
	received(report(message, "read"))
	row = stored(message)
	assert row.status == "Seen" and row.delivered_on == row.read_on


def test_a_report_before_the_answer_is_parked_and_applied(provider, conversation):
	"""Without our key, as of an account whose provider does not give it back."""
	status = payloads.whatsapp_status("wamid.OUT000001", "delivered", on=now_utc())
	received(payloads.whatsapp("1111", statuses=[status]))
	assert [row.status for row in rows_of("Dafater Message Status", "status")] == ["Delivered"]
	message = queue(conversation)
	send()
	assert (stored(message).provider_id, stored(message).status) == ("wamid.OUT000001", "Delivered")
	assert rows_of("Dafater Message Status") == []


def test_a_failure_after_sent_is_final_unless_it_arrived(provider, conversation):
	message = queue(conversation)
	send()
	received(report(message, "failed", errors=[payloads.failure(131026, "Message undeliverable")]))
	received(report(message, "sent"))
	row = stored(message)
	assert (row.status, row.error_code, row.error) == ("Failed", "131026", "Message undeliverable")
	received(report(message, "delivered"))
	assert stored(message).status == "Delivered"


@pytest.mark.parametrize("told_again", ["before the answer", "after the answer"])
def test_a_failure_that_is_told_again_does_not_end_the_next_sending(provider, conversation, told_again):
	"""In other bytes, so that it is no delivery that was kept before; with the key of the first sending."""
	message = queue(conversation)
	send()
	first_id = stored(message).provider_id
	failure = report(message, "failed", errors=[payloads.failure(131026, "Message undeliverable")])
	again = {**failure, "told": "again"}
	received(failure)
	assert stored(message).status == "Failed"
	outbox.resend(message)
	if told_again == "before the answer":
		received(again)
		assert (stored(message).status, stored(message).provider_id) == ("Queued", None)
		assert send() == {"Sent": 1}
	else:
		assert send() == {"Sent": 1}
		received(again)
	row = stored(message)
	assert (row.status, row.error_code, row.resends) == ("Sent", None, 1)
	assert row.provider_id != first_id
	assert [body["biz_opaque_callback_data"] for body in provider.sent] == [message, f"{message}#r1"]
	# the second sending has reports of its own
	body = payloads.whatsapp_status(row.provider_id, "delivered", on=now_utc())
	received(payloads.whatsapp("1111", statuses=[body | {"biz_opaque_callback_data": f"{message}#r1"}]))
	assert stored(message).status == "Delivered"
	assert rows_of("Dafater Message Status") == []


def test_our_own_echo_is_no_second_message(provider, conversation):
	message = queue(conversation)
	send()
	echo = {"to": "966500000001", "id": stored(message).provider_id, "type": "text", "text": {"body": "x"}}
	echo |= {"from": "966110000000", "timestamp": payloads.seconds(now_utc())}
	received(payloads.whatsapp("1111", field="smb_message_echoes", message_echoes=[echo]))
	assert len(rows_of(MESSAGE, direction="Outgoing")) == 1


def test_an_echo_that_beats_the_answer_becomes_the_message_itself(provider, conversation):
	message = queue(conversation)
	echo = {"to": "966500000001", "id": "wamid.OUT000001", "type": "text", "text": {"body": "وعليكم السلام"}}
	echo |= {"from": "966110000000", "timestamp": payloads.seconds(now_utc())}
	received(payloads.whatsapp("1111", field="smb_message_echoes", message_echoes=[echo]))
	assert len(rows_of(MESSAGE, direction="Outgoing")) == 2
	assert send() == {"Sent": 1}
	(left,) = rows_of(MESSAGE, "provider_id", direction="Outgoing")
	assert (left.name, left.provider_id) == (message, "wamid.OUT000001")
	assert [row.messages for row in rows_of(CONVERSATION, "messages")] == [2]
