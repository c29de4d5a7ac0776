"""The 24 hours to the second: checked when an answer is queued, and once more when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest

from dafater_crm.records.inbox import outbox, outgoing
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	make_account,
	now_utc,
	person,
	provider,  # noqa: F401
	queue,
	received,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
LAST_SECOND, SHUT = timedelta(hours=23, minutes=59, seconds=59), timedelta(hours=24)


@pytest.fixture
def conversation(provider):  # noqa: F811
	"""Its window closes within the next second or just closed: real time says nothing, `clock` does."""
	make_account(base_url=provider.url, sandbox=1)
	wrote_on = now_utc().replace(microsecond=0) - SHUT
	received(payloads.whatsapp_text("1111", person(), "السلام عليكم", on=wrote_on))
	(row,) = rows_of(CONVERSATION, "last_inbound_on")
	return row


@pytest.fixture
def clock(monkeypatch, conversation):
	"""Sets what the inbox takes for now: so long after the person's last message."""

	def set_to(passed: timedelta) -> datetime:
		moment = conversation.last_inbound_on + passed
		for module in (outbox, outgoing):
			monkeypatch.setattr(module, "now_datetime", lambda: moment)
		return moment

	return set_to


def test_an_answer_in_the_last_second_is_queued_and_sent(provider, conversation, clock):  # noqa: F811
	clock(LAST_SECOND)
	name = queue(conversation.name)
	assert send() == {"Sent": 1}
	assert stored(name).status == "Sent"
	assert [body["text"]["body"] for body in provider.sent] == ["وعليكم السلام"]


def test_after_24_hours_an_answer_is_refused_and_nothing_is_stored(provider, conversation, clock):  # noqa: F811
	clock(SHUT)
	with pytest.raises(frappe.ValidationError, match="24 hours"):
		queue(conversation.name)
	assert len(rows_of(MESSAGE)) == 1
	assert send() == {}
	assert provider.sent == []


def test_an_answer_whose_window_closed_while_it_waited_is_not_sent(provider, conversation, clock):  # noqa: F811
	clock(LAST_SECOND)
	name = queue(conversation.name)
	clock(SHUT)
	assert send() == {"Failed": 1}
	assert (stored(name).status, stored(name).error_code) == ("Failed", "131047")
	assert provider.sent == []
