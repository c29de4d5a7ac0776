"""Many processes at once: one row a delivery, one conversation a person, and workers that die lose and double nothing."""

from __future__ import annotations

import os
import time
from collections import Counter

import frappe
import pytest

from dafater_crm.records.inbox import events, outbox_drain
from tests.provider import payloads
from tests.site.conversation_cast import ANSWERING, HELPING, inbox, make_agent  # noqa: F401
from tests.site.inbox_cast import (
	ATTACHMENT,
	CONVERSATION,
	EVENT,
	IDENTITY,
	MESSAGE,
	SECRET,
	conversing,
	drained,
	make_account,
	now_utc,
	person,
	provider,  # noqa: F401
	queue,
	received,
	rows_of,
	send,
	swept,  # noqa: F401
)
from tests.site.people import cast  # noqa: F401
from tests.site.processes import INBOX, at_once, results, start
from tests.site.test_inbox_recognition import begun, no_records_left  # noqa: F401

pytestmark = [pytest.mark.usefixtures("swept"), pytest.mark.slow]
EVENTS = int(os.environ.get("DAFATER_INBOX_EVENTS", 1000))


def test_ten_parallel_deliveries_of_one_event_are_one_row_and_one_message():
	make_account()
	body = payloads.encoded(payloads.whatsapp_text("1111", person(), "مرحبا")).decode()
	codes = results(at_once(INBOX, "post", [{"bodies": [body, body], "secret": SECRET}] * 10))
	assert Counter(code for several in codes for code in several) == {200: 20}
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received"]
	assert drained() == {"Done": 1}
	assert len(rows_of(MESSAGE)) == 1


def test_ten_workers_with_one_message_in_ten_different_bytes_write_it_once():
	make_account()
	body = payloads.whatsapp_text("1111", person(), "مرحبا", id="wamid.A")
	for number in range(10):
		events.keep(payloads.encoded({**body, "told": number}), "واتساب الرياض", "WhatsApp", True)
	frappe.db.commit()
	states = results(at_once(INBOX, "drain", [{"seconds": 30, "together": 1}] * 10))
	assert sum(state.get("Done", 0) for state in states) == 10, states
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["مرحبا"]
	assert [(row.messages, row.unread) for row in rows_of(CONVERSATION, "messages", "unread")] == [(1, 1)]


def test_ten_parallel_first_messages_of_one_person_are_one_conversation():
	make_account()
	for number in range(10):
		# half of them without the number, as of somebody with a user name
		one = person() if number % 2 else person(phone="")
		events.keep(
			payloads.encoded(payloads.whatsapp_text("1111", one, str(number))),
			"واتساب الرياض",
			"WhatsApp",
			True,
		)
	frappe.db.commit()
	# one at a time, or the first worker would take all ten in one transaction
	states = results(at_once(INBOX, "drain", [{"seconds": 30, "together": 1}] * 10))
	assert sum(state.get("Done", 0) for state in states) == 10, states
	assert sorted(row.body for row in rows_of(MESSAGE, "body")) == [str(number) for number in range(10)]
	(identity,) = rows_of(IDENTITY, "phone", "user_id")
	assert (identity.phone, identity.user_id) == (person().phone, person().user_id)
	(conversation,) = rows_of(CONVERSATION, "messages", "unread", "open_key")
	assert (conversation.messages, conversation.unread) == (10, 10)
	assert conversation.open_key == identity.name


@pytest.mark.usefixtures("inbox")
def test_ten_workers_put_nobody_above_capacity():
	make_account()
	for user, capacity in ((ANSWERING, 7), (HELPING, 5)):
		make_agent(user, inbox_capacity=capacity)
	keep_many(30, people=30)
	states = results(at_once(INBOX, "drain", [{"seconds": 30, "together": 2}] * 10))
	assert sum(state.get("Done", 0) for state in states) == len(rows_of(EVENT)), states
	holders = Counter(row.assigned_to for row in rows_of(CONVERSATION, "assigned_to"))
	assert holders == {ANSWERING: 7, HELPING: 5, None: 18}
	assert frappe.db.count("Dafater Conversation Log", {"kind": "Assignment"}) == 12


@pytest.mark.parametrize("channel", ["WhatsApp", "Messenger"])
def test_an_album_posted_at_once_by_somebody_new_is_one_conversation(channel):
	"""Ten pictures, ten requests over HTTP at the same moment, then ten workers. Messenger knows the person by an id alone."""
	external_id = {"WhatsApp": "1111", "Messenger": "2001"}[channel]
	make_account("حساب الألبوم", channel=channel, external_id=external_id)
	bodies = [payloads.encoded(picture(channel, external_id, number)).decode() for number in range(10)]
	codes = results(at_once(INBOX, "post", [{"bodies": [body], "secret": SECRET} for body in bodies]))
	assert codes == [[200]] * 10
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received"] * 10
	states = results(at_once(INBOX, "drain", [{"seconds": 30, "together": 1}] * 10))
	assert sum(state.get("Done", 0) for state in states) == 10, states
	assert len(rows_of(IDENTITY)) == 1
	assert [(row.messages, row.unread) for row in rows_of(CONVERSATION, "messages", "unread")] == [(10, 10)]
	messages = rows_of(MESSAGE, "provider_id", "message_type", "has_attachments")
	assert sorted(row.provider_id for row in messages) == sorted(f"album.{number}" for number in range(10))
	assert {(row.message_type, row.has_attachments) for row in messages} == {("Image", 1)}
	files = rows_of(ATTACHMENT, "message", "status")
	assert sorted(row.message for row in files) == sorted(row.name for row in messages)


def picture(channel: str, external_id: str, number: int) -> dict:
	"""One of an album's deliveries."""
	if channel == "WhatsApp":
		part = {"id": f"M{number}", "mime_type": "image/jpeg"}
		return payloads.whatsapp_received(external_id, person(), "image", part, id=f"album.{number}")
	url = f"https://files.example/{number}.jpg"
	message = {"mid": f"album.{number}", "attachments": [{"type": "image", "payload": {"url": url}}]}
	return payloads.messaging(
		"page", external_id, [payloads.event(external_id, person(phone=""), message=message)]
	)


def test_workers_killed_at_any_moment_lose_nothing_and_double_nothing():
	"""DAFATER_INBOX_EVENTS=10000 with -s measures: how many died, how long it took."""
	make_account()
	expected = keep_many(EVENTS, people=EVENTS // 16)
	started = time.monotonic()
	deaths = drain_with_deaths(workers=3, deaths=max(9, EVENTS // 250), within=0.8)
	assert deaths >= 3, "too few died while there was work: nothing was proved"
	while drained():
		pass
	seconds = time.monotonic() - started
	check_nothing_lost_or_doubled(expected)
	print(f"\n{EVENTS} messages, {deaths} workers killed at work, {seconds:.0f} s with their restarts")


@pytest.mark.usefixtures("inbox", "begun", "no_records_left")
def test_workers_killed_in_the_steps_make_one_lead_a_person_and_one_assignment_a_conversation():
	"""Strangers become leads, two agents share them. Every other person has a user name only: no number tells a lead made twice."""
	make_account(lead_rule="Always")
	for user in (ANSWERING, HELPING):
		make_agent(user, inbox_capacity=100)
	people = 60
	expected = keep_many(people * 4, people=people, without_number=True)
	deaths = drain_with_deaths(workers=3, deaths=12, within=1.5)
	assert deaths >= 6, "too few died while there was work: nothing was proved"
	while drained():
		pass
	check_nothing_lost_or_doubled(expected)
	conversations = rows_of(CONVERSATION, "lead", "assigned_to", "identity")
	leads = frappe.get_all("Dafater Lead", {"creation": (">=", frappe.flags.begun)}, pluck="name", limit=0)
	assert sorted(row.lead for row in conversations) == sorted(leads)
	assert {row.name: row.lead for row in rows_of(IDENTITY, "lead")} == {
		row.identity: row.lead for row in conversations
	}
	assert {row.assigned_to for row in conversations} == {ANSWERING, HELPING}
	log = rows_of("Dafater Conversation Log", "conversation", "new_value", kind="Assignment")
	assert sorted((row.conversation, row.new_value) for row in log) == sorted(
		(row.name, row.assigned_to) for row in conversations
	)


def keep_many(number: int, people: int, without_number: bool = False) -> Counter:
	"""Deliveries of many people, some of them twice in other bytes. Returns how many messages each person (user id) wrote."""
	expected: Counter = Counter()
	for index in range(number):
		which = index % people + 1
		one = person(which, phone="") if without_number and which % 2 else person(which)
		body = payloads.whatsapp_text("1111", one, f"رسالة {index}", id=f"wamid.{index}")
		expected[one.user_id] += 1
		events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", True)
		if index % 10 == 0:
			events.keep(payloads.encoded({**body, "again": True}), "واتساب الرياض", "WhatsApp", True)
	frappe.db.commit()
	return expected


def drain_with_deaths(workers: int, deaths: int, within: float) -> int:
	"""Keep `workers` draining, replace each that dies, until so many have died or nothing is left. Returns how many died at work."""
	running = [start(INBOX, "drain_and_die", within=within) for _ in range(workers)]
	died = 0
	while running and died < deaths:
		for process in list(running):
			if process.poll() is None:
				continue
			running.remove(process)
			frappe.db.rollback()
			if process.returncode == 9:
				died += frappe.db.count(EVENT, {"status": "Received"}) > 0
			if frappe.db.count(EVENT, {"status": "Received"}) and died < deaths:
				minute_passes()
				running.append(start(INBOX, "drain_and_die", within=within))
		time.sleep(0.2)
	for process in running:
		process.wait(timeout=120)
	return died


def minute_passes() -> None:
	"""What a dead worker left in its steps is due again, and also what a living one is at: both do them then."""
	table = frappe.qb.DocType(EVENT)
	frappe.qb.update(table).set(table.retry_on, table.received_on).where(table.status == "Received").run()
	frappe.db.commit()


def check_nothing_lost_or_doubled(expected: Counter) -> None:
	messages = rows_of(MESSAGE, "body", "conversation", "identity", "provider_key")
	assert len(messages) == sum(expected.values())
	assert len({message.body for message in messages}) == len(messages)
	ids = {row.name: row.user_id for row in rows_of(IDENTITY, "user_id")}
	assert len(ids) == len(expected)
	assert Counter(ids[message.identity] for message in messages) == expected
	conversations = rows_of(CONVERSATION, "messages", "unread", "identity")
	assert len(conversations) == len(expected)
	assert {ids[row.identity]: row.messages for row in conversations} == expected
	assert {ids[row.identity]: row.unread for row in conversations} == expected
	assert Counter(row.status for row in rows_of(EVENT, "status")).keys() == {"Done"}


# sending
def test_one_answer_posted_ten_times_at_once_goes_out_once(provider):  # noqa: F811
	conversation = conversing(provider)
	names = results(at_once(INBOX, "answer", [{"conversation": conversation, "client_key": "pressed"}] * 10))
	assert len(set(names)) == 1
	assert send() == {"Sent": 1}
	assert len(provider.sent) == 1
	assert [row.messages for row in rows_of(CONVERSATION, "messages")] == [2]


def test_ten_workers_at_once_send_each_message_once_and_each_persons_in_order(provider):  # noqa: F811
	queue_many(provider, people=8, each=4)
	states = results(at_once(INBOX, "send", [{"account": "واتساب الرياض", "seconds": 30}] * 10))
	assert sum(state.get("Sent", 0) for state in states) == 32, states
	texts = [body["text"]["body"] for body in provider.sent]
	assert len(texts) == len(set(texts)) == 32
	for number in range(1, 9):
		own = [text for text in texts if text.startswith(f"{number}-")]
		assert own == [f"{number}-{index}" for index in range(4)]


def test_senders_killed_at_any_moment_send_nothing_twice(provider):  # noqa: F811
	provider.dawdle("messages", 0.05, times=500)
	queue_many(provider, people=12, each=8)
	deaths = 0
	for _round in range(6):
		process = start(INBOX, "send_and_die", account="واتساب الرياض", within=1.0)
		process.wait(timeout=60)
		deaths += process.returncode == 9
	assert deaths >= 2
	table = frappe.qb.DocType(MESSAGE)
	frappe.db.rollback()
	left = frappe.db.count(MESSAGE, {"status": "Sending"})
	# as after ten minutes
	long_ago = frappe.utils.add_to_date(None, minutes=-11)
	frappe.qb.update(table).set(table.modified, long_ago).where(table.status == "Sending").run()
	frappe.db.commit()
	outbox_drain.every_minute()
	send()
	texts = [body["text"]["body"] for body in provider.sent]
	assert len(texts) == len(set(texts)), "a message went out twice"
	rows = rows_of(MESSAGE, "status", "error_code", "body", direction="Outgoing")
	failed = [row for row in rows if row.status == "Failed"]
	assert len(failed) == left
	assert {row.error_code for row in failed} <= {"unknown"}
	assert Counter(row.status for row in rows if row not in failed) == {"Sent": 96 - left}
	assert {row.body for row in rows if row.status == "Sent"} <= set(texts)


def queue_many(provider, people: int, each: int) -> None:  # noqa: F811
	make_account(base_url=provider.url, sandbox=1)
	for number in range(1, people + 1):
		received(payloads.whatsapp_text("1111", person(number), "مرحبا", on=now_utc()))
	phones = {row.name: row.phone for row in rows_of(IDENTITY, "phone")}
	numbers = {person(number).phone: number for number in range(1, people + 1)}
	for row in rows_of(CONVERSATION, "identity"):
		for index in range(each):
			queue(row.name, f"{numbers[phones[row.identity]]}-{index}")
