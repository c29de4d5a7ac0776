"""No delivery, however odd, may raise: it would come again for days and take the readable ones in it along."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafater_crm.channels import account_ids, business_ids, channel_of, parse
from dafater_crm.channels.reading import decode, ident, moment, plain
from dafater_crm.domain.channels import MESSAGE_TYPES, STATUSES, InboundMessage, StatusUpdate
from tests.provider.payloads import (
	Person,
	contact,
	event,
	failure,
	messaging,
	whatsapp,
	whatsapp_message,
	whatsapp_notice,
	whatsapp_status,
)

SARA = Person("سارة", "+966500000001", "SA.9001")
WHATSAPP_PARTS = {
	"text": {"body": "x"},
	"image": {"id": "M", "sha256": "AAAA", "mime_type": "image/png", "caption": "c"},
	"document": {"id": "M", "filename": "f.pdf"},
	"audio": {"id": "M", "voice": True},
	"sticker": {"id": "M", "animated": True},
	"location": {"latitude": 1, "longitude": 2, "name": "n"},
	"contacts": [
		{
			"name": {"first_name": "a"},
			"phones": [{"phone": "1"}],
			"emails": [{"email": "e"}],
			"org": {"company": "c"},
		}
	],
	"interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{}", "name": "n"}},
	"button": {"payload": "p", "text": "t"},
	"reaction": {"message_id": "m", "emoji": "👍"},
	"order": {"catalog_id": "c", "product_items": [{"product_retailer_id": "s", "quantity": 1}]},
	"system": {"type": "user_changed_number", "wa_id": "966500000002"},
	"edit": {"original_message_id": "m", "message": {"type": "text", "text": {"body": "b"}}},
	"revoke": {"original_message_id": "m"},
	"unsupported": {"type": "poll"},
}
MESSAGING_PARTS = [
	{
		"message": {
			"mid": "m",
			"text": "x",
			"attachments": [{"type": "image", "payload": {"url": "u"}}],
			"reply_to": {"mid": "r"},
		}
	},
	{"message": {"mid": "m", "quick_reply": {"payload": "p"}, "referral": {"ref": "r"}}},
	{
		"message": {
			"mid": "m",
			"attachments": [
				{"type": "template", "payload": {"elements": [{"title": "t", "buttons": [{"title": "b"}]}]}}
			],
		}
	},
	{
		"message": {
			"mid": "m",
			"attachments": [{"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}],
		}
	},
	{"delivery": {"mids": ["m"], "watermark": 1772366400000}},
	{"read": {"watermark": 1772366400000}},
	{"postback": {"payload": "p", "title": "t"}},
	{"reaction": {"mid": "m", "action": "react", "emoji": "👍"}},
	{"message_edit": {"mid": "m", "text": "t"}},
	{"policy_enforcement": {"action": "block"}},
]
SAMPLES = [
	*(
		whatsapp("1", contacts=[contact(SARA)], messages=[whatsapp_message(SARA, k, p, context={"id": "z"})])
		for k, p in WHATSAPP_PARTS.items()
	),
	whatsapp("1", statuses=[whatsapp_status("m", "failed", errors=[failure(131047)])]),
	whatsapp(
		"1", user_preferences=[{"wa_id": "966500000001", "category": "marketing_messages", "value": "stop"}]
	),
	whatsapp("1", user_id_update=[{"user_id": {"previous": "a", "current": "b"}}]),
	whatsapp("1", message_echoes=[{"id": "m", "to": "966500000001", "type": "text", "text": {"body": "b"}}]),
	whatsapp_notice(
		"W", "message_template_status_update", {"event": "APPROVED", "message_template_name": "n"}
	),
	*(
		messaging(kind, "A", [event("A", SARA, **parts)])
		for kind in ("page", "instagram")
		for parts in MESSAGING_PARTS
	),
]

scalars = (
	st.none()
	| st.booleans()
	| st.integers()
	| st.floats()
	| st.text()
	| st.sampled_from(
		[
			"\ud83d",
			"\0",
			"x" * 300,
			"1" * 300,
			"-0",
			"1e999",
			10**400,
			float("nan"),
			float("inf"),
			"",
			"text",
			"react",
		]
	)
)
anything = st.recursive(
	scalars,
	lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4),
	max_leaves=12,
)


def check(body) -> None:
	"""Everything that comes out can be stored, and nothing raised."""
	assert channel_of(body) in ("WhatsApp", "Messenger", "Instagram", None)
	assert all(isinstance(id, str) and 0 < len(id) <= 140 for id in [*account_ids(body), *business_ids(body)])
	for found in parse(body):
		values = dataclasses.asdict(found)
		json.dumps(values, default=str, ensure_ascii=False, allow_nan=False).encode()
		if isinstance(found, InboundMessage):
			assert found.message_type in MESSAGE_TYPES
			assert 0 < len(found.provider_id) <= 140
			assert found.sender.user_id or found.sender.phone
		if isinstance(found, StatusUpdate):
			assert found.status in STATUSES
			assert found.provider_id or (found.watermark and found.recipient_id)


def paths(value, before=()):
	yield before
	if isinstance(value, dict):
		for key, part in value.items():
			yield from paths(part, (*before, key))
	elif isinstance(value, list):
		for index, part in enumerate(value):
			yield from paths(part, (*before, index))


def replaced(body, path, new):
	if not path:
		return new
	changed = copy.deepcopy(body)
	holder = changed
	for key in path[:-1]:
		holder = holder[key]
	holder[path[-1]] = new
	return changed


@pytest.mark.parametrize("body", SAMPLES)
def test_every_sample_is_read_and_says_something(body):
	check(body)
	assert parse(body)


@pytest.mark.parametrize("body", SAMPLES)
@pytest.mark.parametrize(
	"new",
	[None, "", "x", 0, -1.5, True, [], {}, [[]], [None], {"x": None}, "\ud83d\0", 10**400, float("nan")],
)
def test_any_one_part_may_be_anything(body, new):
	for path in paths(body):
		check(replaced(body, path, new))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_any_two_parts_may_be_anything(body, data):
	for _ in range(2):
		path = data.draw(st.sampled_from(list(paths(body))))
		body = replaced(body, path, data.draw(anything))
	check(body)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_anything_at_all(body):
	check(body)


@pytest.mark.parametrize("kind", ["page", "instagram", "whatsapp_business_account", [], None, {"x": 1}])
def test_anything_under_every_object(kind):
	for entry in (None, 5, "x", [None], [[]], [{"changes": 5}], [{"messaging": {"message": "x"}}], {"id": 5}):
		check({"object": kind, "entry": entry})


def test_a_deep_delivery_is_kept_only_so_deep():
	deep: dict = {}
	for _ in range(500):
		deep = {"x": deep}
	check(whatsapp("1", messages=[whatsapp_message(SARA, "future", deep)]))


@pytest.mark.parametrize(
	"body",
	[
		*(
			b"",
			b"null",
			b"[]",
			b"5",
			b'"x"',
			b"{",
			b"\xff\xfe",
			b"[" * 100_000,
			b'{"a":' * 100_000,
			b"1" * 10_000,
		),
		*('{"x": 1}'.encode(coding) for coding in ("utf-16", "utf-16-le", "utf-32", "utf-8-sig")),
		b'{"x": "\xed\xa0\xbd"}',
	],
)
def test_what_is_no_json_object(body):
	with pytest.raises(ValueError):
		decode(body)


def test_long_ids_stay_apart():
	one, two = ident("a" * 500 + "1"), ident("a" * 500 + "2")
	assert one != two
	assert len(one) == len(two) == 140
	assert (ident(" 5 "), ident(5), ident(True), ident(1.0), ident("")) == ("5", "5", None, None, None)


@given(anything)
def test_plain_can_always_be_stored(value):
	json.dumps(plain(value), ensure_ascii=False, allow_nan=False).encode()


@given(anything)
def test_a_moment_is_one_of_this_century_or_none(value):
	found = moment(value)
	assert found is None or 2000 <= found.year < 2100
