"""What open pages are told of messages that come and go: names of rows, into rooms that Frappe checks (G13)."""

from __future__ import annotations

import json
from datetime import timedelta

import frappe
import pytest

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
from tests.site.people import STRANGER, cast  # noqa: F401
from tests.site.rooms import enter_doc_room, enter_doctype_room
from tests.site.test_inbox_thread import published  # noqa: F401

pytestmark = pytest.mark.usefixtures("swept")
LIST, THREAD = "dafater_inbox_list", "dafater_inbox_thread"


def test_a_message_an_answer_and_a_report_are_told_by_names_alone(provider, published):  # noqa: F811
	make_account(base_url=provider.url, sandbox=1)
	received(payloads.whatsapp_text("1111", person(), "سر الوارد", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION)
	(inbound,) = rows_of(MESSAGE)
	assert ours(published) == told(conversation.name, inbound.name)
	answer = queue(conversation.name, "سر الصادر")
	assert send() == {"Sent": 1}
	assert ours(published) >= told(conversation.name, answer)
	on = now_utc() + timedelta(seconds=1)
	received(
		payloads.whatsapp(
			"1111", statuses=[payloads.whatsapp_status(stored(answer).provider_id, "read", on=on)]
		)
	)
	assert stored(answer).status == "Seen"
	assert ours(published) == told(conversation.name, answer)


def ours(published: list) -> set[tuple]:  # noqa: F811
	"""What was told since the last call; none of it, of whatever event, holds a text, a name or a number of a person."""
	everything = json.dumps(published, ensure_ascii=False, default=str)
	assert not [word for word in ("سر", "سارة", "966500000001", "SA.9001") if word in everything]
	found = {
		(event, room, json.dumps(message))
		for event, message, room in published
		if event.startswith("dafater_")
	}
	published.clear()
	return found


def told(conversation: str, message: str) -> set[tuple]:
	both = {"conversation": conversation, "message": message}
	return {
		(LIST, f"doctype:{CONVERSATION}", json.dumps({"conversation": conversation})),
		(THREAD, f"doc:{CONVERSATION}/{conversation}", json.dumps(both)),
	}


def test_who_has_none_of_our_roles_enters_no_room(as_user):
	make_account()
	received(payloads.whatsapp_text("1111", person(), "مرحبا", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION)
	for enter in (
		lambda: enter_doctype_room(CONVERSATION),
		lambda: enter_doc_room(CONVERSATION, conversation.name),
		lambda: enter_doctype_room(MESSAGE),
	):
		with as_user(STRANGER), pytest.raises(frappe.PermissionError):
			enter()
