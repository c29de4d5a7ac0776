"""One conversation on the page: its messages, what surrounds them, who is there, and what open pages are told."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.api import inbox
from dafater_crm.channels import media
from dafater_crm.domain.send_errors import MESSAGES
from dafater_crm.records.inbox import mentions, outbox, presence, realtime
from tests.site.factories import SUPPORT, make_lead, make_user
from tests.site.inbox_rows import (
	CONVERSATION,
	START,
	attach,
	make_channel_account,
	make_conversation,
	make_team,
	say,
)
from tests.site.people import EXECUTIVE, MANAGING, STRANGER, SUPPORTING, cast  # noqa: F401
from tests.site.rooms import enter_doc_room, enter_doctype_room
from tests.site.statements import counted

AGENT = "agent@inbox-list.example"


@pytest.fixture(autouse=True)
def agent():
	make_user(AGENT, SUPPORT)


@pytest.fixture
def published(monkeypatch) -> list[tuple[str, dict, str]]:
	"""What goes to Redis for the socket server, in order: (event, message, room)."""
	sent = []
	monkeypatch.setattr(
		"frappe.realtime.emit_via_redis", lambda event, message, room: sent.append((event, message, room))
	)
	return sent


def test_a_page_holds_the_newest_and_the_one_before_it_the_rest(as_user):
	row = make_conversation()
	for number in range(11):
		say(row, number // 3, body=str(number))
	with as_user(SUPPORTING):
		newest = inbox.thread(row.name, limit=6)
		first = min(newest["messages"], key=lambda message: (message.message_on, message.name))
		earlier = inbox.thread(row.name, before=[str(first.message_on), first.name], limit=6)
	assert newest["more"] is True and earlier["more"] is False
	bodies = [message.body for message in (*earlier["messages"], *newest["messages"])]
	assert sorted(bodies, key=int) == [str(number) for number in range(11)]
	moments = [message.message_on for message in newest["messages"]]
	assert moments == sorted(moments)


def test_messages_of_one_second_stand_in_the_order_of_their_arrival(as_user):
	row = make_conversation()
	for number in range(6):
		say(row, 0, body=str(number), creation=START + timedelta(microseconds=number))
	with as_user(SUPPORTING):
		assert [message.body for message in inbox.thread(row.name)["messages"]] == list("012345")


def test_quotes_files_people_and_deeds_come_along(as_user):
	row = make_conversation()
	asked = say(row, 1, body="السؤال " * 60)
	picture = say(row, 2, message_type="Image", body="")
	attach(picture, "/private/files/order.png")
	answer = say(row, 3, direction="Outgoing", status="Seen", author=AGENT, reply_to=asked.name)
	frappe.get_doc(
		{
			"doctype": "Dafater Conversation Log",
			"conversation": row.name,
			"kind": "Assignment",
			"new_value": AGENT,
			"done_by": MANAGING,
			"cause": "Agent",
			"logged_on": START + timedelta(minutes=2),
		}
	).db_insert()
	with as_user(SUPPORTING):
		page = inbox.thread(row.name)
	by_name = {message.name: message for message in page["messages"]}
	assert by_name[picture.name].attachments[0].file_url == "/private/files/order.png"
	assert by_name[answer.name].status == "Seen"
	assert len(page["quotes"][asked.name].body) == 160
	assert [(entry.kind, entry.new_value) for entry in page["log"]] == [("Assignment", AGENT)]
	assert {AGENT, MANAGING} == set(page["people"])


def test_what_was_deleted_is_not_shown_not_even_as_a_quote(as_user):
	row = make_conversation()
	gone = say(row, 1, body="سر", message_type="Image", deleted_on=now_datetime(), content='{"a": "سر"}')
	attach(gone, "/private/files/secret.png")
	say(row, 2, body="جواب", reply_to=gone.name)
	with as_user(SUPPORTING):
		page = inbox.thread(row.name)
	assert "سر" not in frappe.as_json(page) and "secret.png" not in frappe.as_json(page)


def test_a_failed_message_says_what_to_do_in_the_reader_s_language(as_user):
	row = make_conversation()
	say(row, 1, direction="Outgoing", status="Failed", error_code="131047", error="Re-engagement message")
	say(row, 2, direction="Outgoing", status="Failed", error_code="999999", error="Unknown")
	with as_user(SUPPORTING):
		known, unknown = inbox.thread(row.name)["messages"]
		assert known.reason == MESSAGES["send_window_closed"] and unknown.reason is None
		frappe.local.lang = "ar"
		assert inbox.thread(row.name)["messages"][0].reason != known.reason


@pytest.mark.parametrize("code", ["unknown", "window", "network", "http 502", "media", "upload", "mailbox"])
def test_a_failure_of_our_own_is_explained_in_arabic(as_user, code):
	row = make_conversation()
	say(row, 1, direction="Outgoing", status="Failed", error_code=code, error="an English word")
	with as_user(SUPPORTING):
		frappe.local.lang = "ar"
		reason = inbox.thread(row.name)["messages"][0].reason
	told = re.sub("PDF|JPEG|MP4", "", reason)
	assert told and not re.search("[A-Za-z]", told), reason


def test_why_a_file_is_missing_has_arabic_words():
	"""The page translates these texts as they are stored."""
	source = Path(media.__file__).read_text(encoding="utf-8")
	texts = [media.INTERRUPTED, *re.findall(r'MediaError\("\w+", "([^"]+)"', source)]
	assert len(texts) >= 8
	for text in texts:
		assert frappe._(text, lang="ar") != text


def test_only_messages_of_the_conversation_are_read_by_name(as_user):
	mine, foreign = make_conversation(), make_conversation(team=make_team(AGENT), assigned_to=AGENT)
	here, there = say(mine), say(foreign)
	with as_user(SUPPORTING):
		page = inbox.thread(mine.name, names=[here.name, there.name])
		assert [message.name for message in page["messages"]] == [here.name]
		with pytest.raises(frappe.PermissionError):
			inbox.thread(foreign.name)


def test_the_statements_of_a_thread_are_fixed(as_user):
	row = make_conversation()

	def read() -> int:
		with as_user(SUPPORTING), counted() as statements:
			inbox.thread(row.name)
		return len(statements)

	def fill(count: int) -> None:
		for number in range(count):
			message = say(row, number, author=AGENT, direction="Outgoing")
			attach(message, f"/private/files/{message.name}.png")
			say(row, number, reply_to=message.name)

	fill(1)
	read()
	few = read()
	fill(15)
	assert read() == few <= 9, few


def test_the_head_names_records_that_the_reader_may_read_and_no_others(as_user):
	mine, hidden = make_lead(lead_owner=EXECUTIVE), make_lead()
	row = make_conversation(lead=mine.name)
	other = make_conversation(lead=hidden.name)
	with as_user(EXECUTIVE):
		found = inbox.conversation(row.name)
		assert found["links"]["lead"]["title"] == mine.title
		assert found["party"] == {"doctype": "Dafater Lead", "name": mine.name}
		assert found["identity"].display_name == "سارة العتيبي"
		unknown = inbox.conversation(other.name)
		assert (unknown["links"]["lead"]["title"], unknown["party"]) == (None, None)


@pytest.mark.parametrize(
	("channel", "hours", "state"),
	[
		("WhatsApp", 23, "Open"),
		("WhatsApp", 25, "Templates Only"),
		("Instagram", 25, "Human Agent"),
		("Messenger", 24 * 8, "Closed"),
		("SMS", 500, "Open"),
	],
)
def test_what_may_be_written_follows_the_channel_s_window(as_user, channel, hours, state):
	row = make_conversation(channel=channel, last_inbound_on=now_datetime() - timedelta(hours=hours))
	with as_user(SUPPORTING):
		assert (
			inbox.conversation(row.name)["window"]["state"]
			== state
			== inbox.thread(row.name)["window"]["state"]
		)


def test_saved_replies_fit_class_and_team_and_are_filled_in(as_user):
	team = make_team(SUPPORTING)
	for title, values in {
		"all": {"body": "أهلا {{ name }}، معك {{ agent }} & co"},
		"sales": {"conversation_class": "Sales"},
		"team": {"team": team},
		"support": {"conversation_class": "Support"},
		"off": {"enabled": 0},
	}.items():
		frappe.get_doc({"doctype": "Dafater Saved Reply", "title": title, "body": "x", **values}).insert()
	row = make_conversation(conversation_class="Sales", team=team, title="سارة <b>")
	with as_user(SUPPORTING):
		found = {reply.title: reply.body for reply in inbox.saved_replies(row.name)}
	assert set(found) == {"all", "sales", "team"}
	name = frappe.get_cached_value("User", SUPPORTING, "full_name")
	assert found["all"] == f"أهلا سارة <b>، معك {name} & co"


def test_a_saved_reply_with_an_unknown_variable_is_refused():
	reply = {"doctype": "Dafater Saved Reply", "title": "x", "body": "{{ frappe.session.user }}"}
	with pytest.raises(frappe.ValidationError, match="variable"):
		frappe.get_doc(reply).insert()


def test_templates_are_the_approved_ones_of_the_account(as_user):
	account, other = make_channel_account(), make_channel_account()
	for title, values in {
		"ok": {},
		"draft": {"approval": "Draft"},
		"off": {"enabled": 0},
		"other": {"account": other},
	}.items():
		frappe.get_doc(
			{
				"doctype": "Dafater Message Template",
				"title": title,
				"account": account,
				"template_name": title,
				"language": "ar",
				"body": "مرحبا {{1}} {{2}}",
				"parameters": [
					{"placeholder": "1", "value_from": "Person's Name"},
					{"placeholder": "2", "value_from": "Text"},
				],
				**values,
			}
		).insert()
	row = make_conversation(account=account)
	with as_user(SUPPORTING):
		found = inbox.templates(row.name)
	assert [template.title for template in found] == ["ok"]
	assert [parameter.value for parameter in found[0].parameters] == ["سارة العتيبي", ""]


def test_who_may_be_mentioned_works_in_the_inbox(as_user):
	row = make_conversation()
	with as_user(SUPPORTING):
		assert [person["user"] for person in inbox.mentionable(row.name, "agent@inbox")] == [AGENT]
		assert inbox.mentionable(row.name, STRANGER) == [] == inbox.mentionable(row.name, "%agent")


def test_a_mention_opens_the_conversation_to_a_colleague_but_not_to_a_stranger(as_user):
	row = make_conversation(team=make_team(SUPPORTING), assigned_to=SUPPORTING)
	with as_user(AGENT), pytest.raises(frappe.PermissionError):
		inbox.thread(row.name)
	with as_user(SUPPORTING):
		outbox.note(row.name, "@agent راجع السعر", [AGENT, STRANGER], client_key=frappe.generate_hash())
	with as_user(AGENT):
		assert inbox.thread(row.name)["messages"][0].direction == "Note"
	assert frappe.get_all("DocShare", {"share_name": row.name}, pluck="user") == [AGENT]
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		inbox.thread(row.name)
	mentions.tell([AGENT], row.name)  # a second mention shares nothing anew
	assert frappe.db.count("DocShare", {"share_name": row.name}) == 1


def test_presence_knows_who_looks_who_writes_and_who_left(as_user, published):
	row = make_conversation()
	try:
		with as_user(AGENT):
			assert inbox.viewing(row.name) == {}
		with as_user(SUPPORTING):
			assert {user: who["state"] for user, who in inbox.viewing(row.name).items()} == {AGENT: "Viewing"}
			inbox.viewing(row.name)
			inbox.typing(row.name)
		with as_user(AGENT):
			found = inbox.viewing(row.name)
			assert found[SUPPORTING]["state"] == "Typing"
			assert inbox.conversation(row.name)["present"] == found
		with as_user(SUPPORTING):
			inbox.viewing(row.name, here=False)
		with as_user(AGENT):
			assert inbox.viewing(row.name) == {}
	finally:
		frappe.cache.delete_value(presence._key(row.name))
	told = [(message["user"], message["state"]) for event, message, _room in published]
	# who stays is not announced again
	assert told == [(AGENT, "Viewing"), (SUPPORTING, "Viewing"), (SUPPORTING, "Typing"), (SUPPORTING, "Gone")]
	assert {room for _event, _message, room in published} == {f"doc:{CONVERSATION}/{row.name}"}


def test_who_closed_the_browser_is_gone_after_a_while(as_user, monkeypatch):
	row = make_conversation()
	with as_user(AGENT):
		inbox.typing(row.name)
	later = presence.time.time() + presence.STAYS + 1
	monkeypatch.setattr(presence.time, "time", lambda: later)
	assert presence.others(row.name, SUPPORTING) == {}
	assert not frappe.cache.hgetall(presence._key(row.name))


def test_events_carry_names_only_into_rooms_that_frappe_checks_after_the_commit(published):
	frappe.db.rollback()
	realtime.changed("conversation-1", "message-1")
	realtime.changed("conversation-1", "message-1")
	assert published == []
	frappe.db.rollback()
	assert published == [], "an event of what was rolled back"
	realtime.changed("conversation-1", "message-1", after_commit=False)
	assert published == [
		("dafater_inbox_list", {"conversation": "conversation-1"}, f"doctype:{CONVERSATION}"),
		(
			"dafater_inbox_thread",
			{"conversation": "conversation-1", "message": "message-1"},
			f"doc:{CONVERSATION}/conversation-1",
		),
	]


def test_what_is_written_reaches_open_pages_without_its_text(as_user, published):
	row = make_conversation(account=make_channel_account())
	with as_user(SUPPORTING):
		outbox.note(row.name, "نص سري جدا", client_key=frappe.generate_hash())
	frappe.realtime.flush_realtime_log()
	events = [event for event, _message, _room in published]
	assert "dafater_inbox_list" in events and "dafater_inbox_thread" in events
	assert "سري" not in json.dumps(published, ensure_ascii=False)


def test_the_rooms_are_closed_to_those_who_may_not_read(as_user):
	row = make_conversation(team=make_team(AGENT), assigned_to=AGENT)
	with as_user(AGENT):
		assert enter_doc_room(CONVERSATION, row.name) and enter_doctype_room(CONVERSATION)
	with as_user(SUPPORTING), pytest.raises(frappe.PermissionError):
		enter_doc_room(CONVERSATION, row.name)
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		enter_doctype_room(CONVERSATION)
