"""The day of the demo: it is what it says before any site sees it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import datetime, timedelta

import pytest

from dafater_crm.channels import account_ids, parse
from dafater_crm.channels.file_types import sniff
from dafater_crm.domain.channels import InboundMessage, Reaction, StatusUpdate, Unparsed
from tests.provider.demo import files
from tests.provider.demo.day import MINUTES, Accounts, steps

END = datetime(2026, 3, 1, 20, 0)


def file_of(kind, words):
	digest = base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()
	return {"id": f"{kind}-{words}", "url": f"http://127.0.0.1/{kind}", "mime_type": "x/y", "sha256": digest}


@pytest.fixture(scope="module")
def day():
	return steps(END, Accounts(), file_of)


def test_every_delivery_is_one_event_that_the_channels_know(day):
	events = [(step, parse(step.body)) for step in day]
	assert all(len(found) == 1 for _, found in events)
	assert not [found for _, (found,) in events if isinstance(found, Unparsed)]
	assert all(isinstance(found, InboundMessage) == step.message for step, (found,) in events)
	assert all(account_ids(step.body) == [Accounts().of(step.channel)] for step in day)
	kinds = {type(found) for _, (found,) in events}
	assert {StatusUpdate, Reaction} < kinds


def test_the_day_has_all_channels_kinds_and_both_sides(day):
	messages = [found for step in day for found in parse(step.body) if isinstance(found, InboundMessage)]
	assert Counter(step.channel for step in day).keys() == {"WhatsApp", "Messenger", "Instagram"}
	assert {"Text", "Image", "Document", "Audio", "Location", "Unsupported"} <= {
		each.message_type for each in messages
	}
	assert {each.is_echo for each in messages} == {True, False}
	assert len({each.provider_id for each in messages}) == len(messages) > 80
	assert len({step.person.user_id for step in day}) == 26


def test_it_is_one_day_in_its_order(day):
	moments = [step.on for step in day]
	assert moments == sorted(moments)
	assert timedelta(0) < END - moments[0] <= timedelta(minutes=MINUTES)
	assert moments[-1] <= END


def test_two_days_share_no_message(day):
	later = steps(END + timedelta(days=1), Accounts(), file_of)
	ids = [
		{
			found.provider_id
			for step in each
			for found in parse(step.body)
			if isinstance(found, InboundMessage)
		}
		for each in (day, later)
	]
	assert not ids[0] & ids[1]


def test_the_files_are_what_they_say():
	assert sniff(files.picture(1)) == "image/png"
	assert sniff(files.document("x")) == "application/pdf"
	assert sniff(files.sound()) == "audio/x-wav"
