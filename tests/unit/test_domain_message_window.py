from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dafater_crm.domain.channels import InboundMessage, Reaction, Sender, StatusUpdate
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.message_window import check_may_send, closes_on, may_send, opens_window, state

WROTE = datetime(2026, 3, 1, 9, 30, 0)


def at(**after) -> datetime:
	return WROTE + timedelta(**after)


@pytest.mark.parametrize(
	("channel", "now", "expected"),
	[
		("WhatsApp", at(), "Open"),
		("WhatsApp", at(hours=23, minutes=59, seconds=59), "Open"),
		("WhatsApp", at(hours=24), "Templates Only"),
		("WhatsApp", at(days=400), "Templates Only"),
		("Messenger", at(hours=23, minutes=59, seconds=59), "Open"),
		("Messenger", at(hours=24), "Human Agent"),
		("Messenger", at(days=6, hours=23, minutes=59, seconds=59), "Human Agent"),
		("Messenger", at(days=7), "Closed"),
		("Instagram", at(hours=23, minutes=59, seconds=59), "Open"),
		("Instagram", at(hours=24), "Human Agent"),
		("Instagram", at(days=7), "Closed"),
		("E-mail", at(days=400), "Open"),
		("SMS", at(days=400), "Open"),
		("WhatsApp", at(seconds=-90), "Open"),
	],
)
def test_state_at_the_edges(channel, now, expected):
	assert state(channel, WROTE, now) == expected


@pytest.mark.parametrize(
	("channel", "expected"),
	[("WhatsApp", "Templates Only"), ("Messenger", "Closed"), ("Instagram", "Closed"), ("SMS", "Open")],
)
def test_state_where_nobody_ever_wrote(channel, expected):
	assert state(channel, None, WROTE) == expected


@pytest.mark.parametrize(
	("channel", "kind", "now", "by_person", "expected"),
	[
		("WhatsApp", "Text", at(hours=23, minutes=59, seconds=59), True, True),
		("WhatsApp", "Text", at(hours=24), True, False),
		("WhatsApp", "Reaction", at(hours=24), True, False),
		("WhatsApp", "Template", at(hours=24), False, True),
		("WhatsApp", "Read Mark", at(days=3), True, True),
		("Messenger", "Text", at(hours=24), True, True),
		("Messenger", "Text", at(hours=24), False, False),
		("Messenger", "Text", at(days=7), True, False),
		("Messenger", "Template", at(), True, False),
		("SMS", "Text", at(days=30), False, True),
	],
)
def test_may_send(channel, kind, now, by_person, expected):
	assert may_send(channel, kind, WROTE, now, by_person) is expected


@pytest.mark.parametrize(
	("channel", "kind", "code"),
	[
		("WhatsApp", "Text", "window_needs_template"),
		("Instagram", "Text", "window_closed"),
		("Instagram", "Template", "channel_without_templates"),
	],
)
def test_refusals_say_what_to_do(channel, kind, code):
	with pytest.raises(RuleError) as refused:
		check_may_send(channel, kind, WROTE, at(days=8))
	assert refused.value.code == code
	assert str(refused.value)


def test_closes_on():
	assert closes_on("WhatsApp", WROTE) == datetime(2026, 3, 2, 9, 30, 0)
	assert closes_on("WhatsApp", None) is None
	assert closes_on("E-mail", WROTE) is None


def message(**values) -> InboundMessage:
	return InboundMessage("1", "m", Sender("u"), WROTE, **{"message_type": "Text", **values})


def test_only_what_the_person_wrote_opens_the_window():
	assert opens_window(message())
	assert opens_window(message(message_type="Unsupported"))
	assert not opens_window(message(is_echo=True))
	assert not opens_window(message(message_type="System"))
	assert not opens_window(Reaction("1", "m", Sender("u"), "👍", WROTE))
	assert not opens_window(StatusUpdate("1", "m", "Seen", WROTE))
