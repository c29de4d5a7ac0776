"""Deliveries with one odd value, through the real application and the real writers: each is answered with 200, and none fails."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

from tests.provider import payloads
from tests.site.inbox_cast import (
	EVENT,
	MESSAGE,
	deliver,
	drained,
	make_account,
	person,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.strict_json import REFUSED, unread_by_frappe
from tests.unit.test_channels_odd_input import SAMPLES, paths, replaced

pytestmark = pytest.mark.usefixtures("swept")
ODD = (
	None,
	"",
	"x",
	0,
	-1.5,
	True,
	[],
	{},
	[[]],
	[None],
	{"x": None},
	"\ud83d\0",
	"1" * 300,
	10**400,
	float("nan"),
)
CHANNEL_OF = {"whatsapp_business_account": "WhatsApp", "page": "Messenger", "instagram": "Instagram"}


def ours(sample: dict, number: int) -> dict:
	"""The sample as one of our accounts gets it, with message ids that no other delivery has."""
	text = json.dumps(sample)
	for ids in ('"wamid.', '"mid": "'):
		text = text.replace(ids, f"{ids}{number}-")
	return json.loads(text.replace('"phone_number_id": "1"', '"phone_number_id": "1111"'))


def odd_bodies() -> list[dict[str, Any]]:
	"""Each part of each sample once, with a value drawn by chance, always the same; the whole and its object stay, they name the channel."""
	draw, numbers = random.Random(11), itertools.count()
	return [
		replaced(ours(sample, next(numbers)), path, draw.choice(ODD))
		for sample in SAMPLES
		for path in paths(sample)
		if path not in ((), ("object",))
	]


@pytest.mark.slow
def test_every_sample_with_any_odd_part_is_answered_and_none_fails():
	make_account()
	for channel in ("Messenger", "Instagram"):
		make_account(channel, channel=channel, external_id="A", business_account_id="")
	bodies = odd_bodies()
	raw = [payloads.encoded(body) for body in bodies]
	codes = [(deliver(one).status_code, one) for one in raw]
	assert [pair for pair in codes if pair != (REFUSED if unread_by_frappe(pair[1]) else 200, pair[1])] == []
	for _attempt in range(8):  # until what waits for a message that never comes has given up
		drained()
	assert len(rows_of(EVENT)) <= len(bodies)
	assert [(row.error, row.body) for row in rows_of(EVENT, "error", "body", status="Failed")] == []
	assert [row.body for row in rows_of(EVENT, "body", status="Received")] == []
	assert len(rows_of(MESSAGE)) > len(SAMPLES)
	# the inbox goes on
	assert deliver(payloads.whatsapp_text("1111", person(), "سليمة")).status_code == 200
	assert drained() == {"Done": 1}
