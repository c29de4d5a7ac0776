from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest

from dafater_crm.channels import account_ids, business_ids, parse
from dafater_crm.channels.reading import now
from dafater_crm.domain.channels import (
	AccountNotice,
	Deletion,
	Edit,
	IdentityChange,
	InboundMessage,
	Media,
	Preference,
	Reaction,
	Sender,
	StatusUpdate,
	Unparsed,
)
from tests.provider.payloads import (
	NOON,
	Person,
	contact,
	failure,
	whatsapp,
	whatsapp_message,
	whatsapp_notice,
	whatsapp_received,
	whatsapp_status,
	whatsapp_text,
)

SARA = Person("سارة", "+966500000001", "SA.9001")
SENDER = Sender("SA.9001", "+966500000001", "سارة")
DIGEST = hashlib.sha256(b"file").digest()
BASE64 = base64.b64encode(DIGEST).decode()


def only(body):
	(event,) = parse(body)
	return event


def received(kind, part, **more):
	return only(whatsapp_received("1111", SARA, kind, part, **more))


def test_a_text_with_everything_around_it():
	body = whatsapp_text(
		"1111", SARA, "مرحبا", id="wamid.A", context={"id": "wamid.Z", "from": "96611", "forwarded": True}
	)
	assert only(body) == InboundMessage(
		account_id="1111",
		provider_id="wamid.A",
		sender=SENDER,
		message_on=NOON,
		message_type="Text",
		text="مرحبا",
		reply_to_id="wamid.Z",
		content={"forwarded": True},
	)


@pytest.mark.parametrize(
	("kind", "part", "expected", "text", "more"),
	[
		(
			"image",
			{"caption": "الفاتورة"},
			Media("Image", "M1", None, "image/jpeg", DIGEST.hex()),
			"الفاتورة",
			{},
		),
		("video", {"caption": "x"}, Media("Video", "M1", None, "image/jpeg", DIGEST.hex()), "x", {}),
		(
			"audio",
			{"voice": True},
			Media("Audio", "M1", None, "image/jpeg", DIGEST.hex()),
			"",
			{"voice": True},
		),
		(
			"document",
			{"filename": "عرض.pdf"},
			Media("Document", "M1", None, "image/jpeg", DIGEST.hex(), "عرض.pdf"),
			"",
			{},
		),
		("sticker", {"animated": False}, Media("Sticker", "M1", None, "image/jpeg", DIGEST.hex()), "", {}),
		(
			"image",
			{"url": "https://x/y"},
			Media("Image", "M1", "https://x/y", "image/jpeg", DIGEST.hex()),
			"",
			{},
		),
	],
)
def test_files(kind, part, expected, text, more):
	message = received(kind, {"id": "M1", "mime_type": "image/jpeg", "sha256": BASE64, **part})
	assert (message.message_type, message.text, message.media, message.content) == (
		expected.kind,
		text,
		(expected,),
		more,
	)


@pytest.mark.parametrize(
	("given", "stored"),
	[
		(BASE64, DIGEST.hex()),
		(DIGEST.hex().upper(), DIGEST.hex()),
		("no hash", None),
		(None, None),
		(BASE64[:-4], None),
	],
)
def test_hashes_come_in_base64_and_are_kept_in_hex(given, stored):
	assert received("image", {"id": "M", "sha256": given}).media[0].sha256 == stored


@pytest.mark.parametrize(
	("kind", "part", "message_type", "text", "content"),
	[
		("location", {"latitude": 0.0, "longitude": 0}, "Location", "", {"latitude": 0.0, "longitude": 0.0}),
		(
			"location",
			{"latitude": 24.7, "longitude": "46.6", "name": "المكتب", "address": "العليا"},
			"Location",
			"المكتب\nالعليا",
			{"latitude": 24.7, "longitude": 46.6, "name": "المكتب", "address": "العليا"},
		),
		(
			"contacts",
			[
				{
					"name": {"formatted_name": "علي"},
					"phones": [{"phone": "+966 50"}],
					"org": {"company": "دفاتر"},
				}
			],
			"Contacts",
			"علي",
			{"contacts": [{"name": "علي", "phones": ["+966 50"], "organisation": "دفاتر"}]},
		),
		(
			"interactive",
			{"type": "button_reply", "button_reply": {"id": "yes", "title": "نعم"}},
			"Button Reply",
			"نعم",
			{"reply": "button_reply", "id": "yes"},
		),
		(
			"interactive",
			{"type": "list_reply", "list_reply": {"id": "2", "title": "B", "description": "second"}},
			"Button Reply",
			"B",
			{"reply": "list_reply", "id": "2", "description": "second"},
		),
		(
			"interactive",
			{"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"a": 1}'}},
			"Button Reply",
			"Sent",
			{"reply": "nfm_reply", "name": "flow", "response": {"a": 1}},
		),
		(
			"interactive",
			{"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": '["x"'}},
			"Button Reply",
			"",
			{"reply": "nfm_reply", "name": "flow", "response": '["x"'},
		),
		("button", {"payload": "P", "text": "نعم"}, "Button Reply", "نعم", {"reply": "button", "id": "P"}),
		(
			"order",
			{
				"catalog_id": "c",
				"text": "بسرعة",
				"product_items": [
					{"product_retailer_id": "SKU", "quantity": 2, "item_price": 9.5, "currency": "SAR"}
				],
			},
			"Order",
			"بسرعة",
			{"catalog": "c", "items": [{"item": "SKU", "quantity": 2.0, "price": 9.5, "currency": "SAR"}]},
		),
		(
			"system",
			{"type": "customer_identity_changed", "body": "identity"},
			"System",
			"identity",
			{"type": "customer_identity_changed", "body": "identity"},
		),
	],
)
def test_other_types(kind, part, message_type, text, content):
	message = received(kind, part)
	assert (message.message_type, message.text, message.content) == (message_type, text, content)


@pytest.mark.parametrize(
	("kind", "part"),
	[
		("hologram", {"body": "new"}),
		("unsupported", {"type": "poll"}),
		("text", "no object"),
		("image", {}),
		("location", {"latitude": "x"}),
		("interactive", {"type": "future", "future": {}}),
		("order", {"product_items": None}),
		("contacts", "no list"),
	],
)
def test_what_is_unknown_is_kept_raw(kind, part):
	message = received(kind, part, id="wamid.U")
	assert (message.message_type, message.provider_id) == ("Unsupported", "wamid.U")
	assert message.content["raw"][kind] == part


def test_an_unsupported_message_keeps_its_errors():
	message = received("unsupported", {}, errors=[failure(131051, "Message type unknown")])
	assert message.content["errors"][0]["code"] == 131051


def test_an_advertisement_and_a_product_stay_with_the_message():
	body = whatsapp_text(
		"1111",
		SARA,
		"كم السعر؟",
		referral={"source_url": "https://fb.me/x", "ctwa_clid": "clid"},
		context={"referred_product": {"catalog_id": "c", "product_retailer_id": "SKU"}},
	)
	content = only(body).content
	assert content["referral"]["ctwa_clid"] == "clid"
	assert content["product"]["product_retailer_id"] == "SKU"


@pytest.mark.parametrize(("emoji", "expected"), [("👍", "👍"), ("", ""), (None, "")])
def test_a_reaction_and_its_withdrawal(emoji, expected):
	event = received("reaction", {"message_id": "wamid.B", "emoji": emoji})
	assert event == Reaction("1111", "wamid.B", SENDER, expected, NOON)


def test_an_edit_and_a_deletion():
	edited = {"original_message_id": "wamid.B", "message": {"type": "text", "text": {"body": "جديد"}}}
	assert received("edit", edited) == Edit("1111", "wamid.B", "جديد", NOON)
	caption = {
		"original_message_id": "wamid.B",
		"message": {"type": "image", "image": {"id": "M", "caption": "c"}},
	}
	assert received("edit", caption).text == "c"
	assert received("revoke", {"original_message_id": "wamid.B"}) == Deletion("1111", "wamid.B", NOON)


def test_a_new_number_and_a_new_user_id():
	moved = {"type": "user_changed_number", "wa_id": "966500000002", "body": "changed"}
	old = Person("", "+966500000001")
	event = only(whatsapp("1111", messages=[whatsapp_message(old, "system", moved)]))
	assert event == IdentityChange("1111", Sender(None, "+966500000001"), Sender(None, "+966500000002"))
	moved |= {"previous_user_id": "SA.1", "user_id": "SA.2"}
	event = only(whatsapp("1111", messages=[whatsapp_message(old, "system", moved)]))
	assert event == IdentityChange("1111", Sender("SA.1", "+966500000001"), Sender("SA.2", "+966500000002"))
	named = {"type": "user_changed_user_id", "previous_user_id": "SA.1", "user_id": "SA.2"}
	event = only(whatsapp("1111", messages=[whatsapp_message(Person(""), "system", named)]))
	assert event == IdentityChange("1111", Sender("SA.1"), Sender("SA.2"))


@pytest.mark.parametrize(
	("message", "expected"),
	[
		({"from": "966500000001"}, Sender(None, "+966500000001")),
		({"from": "966500000001", "from_user_id": "SA.9"}, Sender("SA.9", "+966500000001")),
		({"from_user_id": "SA.9"}, Sender("SA.9", None)),
		({"from": "SA.9"}, Sender("SA.9", None)),
	],
)
def test_a_person_may_come_without_number(message, expected):
	body = whatsapp(
		"1111",
		messages=[{"id": "m", "timestamp": "1760000000", "type": "text", "text": {"body": "x"}, **message}],
	)
	assert only(body).sender == expected


def test_the_contact_completes_the_sender_and_nobody_elses_does():
	others = [contact(Person("Other", "+966500000009", "SA.9")), contact(SARA)]
	message = whatsapp_message(Person("", "", "SA.9001"), "text", {"body": "x"})
	assert only(whatsapp("1111", contacts=others, messages=[message])).sender == SENDER
	assert only(whatsapp("1111", contacts=others[:1], messages=[message])).sender == Sender("SA.9001")


def test_a_user_name_is_kept_without_its_sign():
	person = {"user_id": "SA.9001", "profile": {"name": "سارة", "username": "@sara"}}
	message = whatsapp_message(Person("", "", "SA.9001"), "text", {"body": "x"})
	assert only(whatsapp("1111", contacts=[person], messages=[message])).sender.username == "sara"


@pytest.mark.parametrize(
	("status", "expected"),
	[
		("sent", "Sent"),
		("delivered", "Delivered"),
		("read", "Seen"),
		("played", "Seen"),
		("failed", "Failed"),
	],
)
def test_statuses(status, expected):
	body = whatsapp(
		"1111",
		statuses=[
			whatsapp_status("wamid.B", status, biz_opaque_callback_data="k1", recipient_user_id="SA.9")
		],
	)
	assert only(body) == StatusUpdate(
		"1111", "wamid.B", expected, NOON, recipient_id="SA.9", recipient_phone="+966500000001", our_key="k1"
	)


def test_a_failure_says_why():
	errors = [failure(131047, "Re-engagement message", "more than 24 hours")]
	event = only(whatsapp("1111", statuses=[whatsapp_status("wamid.C", "failed", to="SA.9", errors=errors)]))
	assert (event.error_code, event.error) == ("131047", "Re-engagement message: more than 24 hours")
	assert (event.recipient_id, event.recipient_phone) == ("SA.9", None)


def test_a_deleted_message_and_an_unknown_status():
	assert only(whatsapp("1111", statuses=[whatsapp_status("w", "deleted")])) == Deletion("1111", "w", NOON)
	assert isinstance(only(whatsapp("1111", statuses=[whatsapp_status("w", "warning")])), Unparsed)


def test_what_was_written_in_the_app_is_an_echo_to_the_person():
	echo = {
		"id": "wamid.E",
		"from": "966110000000",
		"to": "966500000001",
		"timestamp": "1772366400",
		"type": "text",
		"text": {"body": "أهلًا"},
	}
	event = only(
		whatsapp("1111", field="smb_message_echoes", message_echoes=[echo], contacts=[contact(SARA)])
	)
	assert (event.is_echo, event.sender, event.text) == (True, SENDER, "أهلًا")
	taken_back = {**echo, "type": "revoke", "revoke": {"original_message_id": "wamid.E"}}
	assert isinstance(
		only(whatsapp("1111", field="smb_message_echoes", message_echoes=[taken_back])), Deletion
	)


@pytest.mark.parametrize(("value", "marketing"), [("stop", False), ("resume", True)])
def test_marketing_preferences(value, marketing):
	row = {
		"wa_id": "966500000001",
		"user_id": "SA.9001",
		"category": "marketing_messages",
		"value": value,
		"timestamp": "1772366400",
	}
	event = only(whatsapp("1111", field="user_preferences", user_preferences=[row]))
	assert event == Preference("1111", Sender("SA.9001", "+966500000001"), marketing, NOON)


def test_three_entries_of_three_changes_of_three_messages_and_statuses_lose_nothing():
	entries = []
	for entry in range(3):
		parts = []
		for change in range(3):
			ids = [f"{entry}{change}{row}" for row in range(3)]
			messages = [whatsapp_message(SARA, "text", {"body": id}, id=id) for id in ids]
			statuses = [whatsapp_status(f"s{id}", "sent") for id in ids]
			parts += whatsapp(f"p{change}", contacts=[contact(SARA)], messages=messages, statuses=statuses)[
				"entry"
			][0]["changes"]
		entries.append({"id": f"W{entry}", "changes": parts})
	body = {"object": "whatsapp_business_account", "entry": entries}
	events = parse(body)
	ids = [f"{a}{b}{c}" for a in range(3) for b in range(3) for c in range(3)]
	assert [event.provider_id for event in events if isinstance(event, InboundMessage)] == ids
	assert [event.provider_id for event in events if isinstance(event, StatusUpdate)] == [
		f"s{id}" for id in ids
	]
	assert len(events) == 54
	assert account_ids(body) == ["p0", "p1", "p2"]
	assert business_ids(body) == ["W0", "W1", "W2"]


def test_one_broken_message_does_not_take_the_others_along():
	messages = [None, "x", {"type": "text"}, whatsapp_message(SARA, "text", {"body": "ok"}, id="good")]
	events = parse(whatsapp("1111", messages=messages))
	assert [type(event).__name__ for event in events] == ["Unparsed", "InboundMessage"]
	assert events[1].provider_id == "good"


@pytest.mark.parametrize(
	("field", "value", "kind", "expected"),
	[
		(
			"message_template_status_update",
			{
				"event": "REJECTED",
				"message_template_id": 7,
				"message_template_name": "due",
				"message_template_language": "ar",
				"reason": "INVALID_FORMAT",
			},
			"Template Status",
			{
				"template_name": "due",
				"language": "ar",
				"template_id": "7",
				"approval": "Rejected",
				"reason": "INVALID_FORMAT",
			},
		),
		(
			"message_template_status_update",
			{
				"event": "APPROVED",
				"message_template_name": "due",
				"message_template_language": "ar",
				"reason": "NONE",
			},
			"Template Status",
			{"approval": "Approved"},
		),
		(
			"message_template_quality_update",
			{
				"previous_quality_score": "GREEN",
				"new_quality_score": "YELLOW",
				"message_template_name": "due",
			},
			"Template Quality",
			{"quality": "YELLOW", "template_name": "due"},
		),
		(
			"phone_number_quality_update",
			{"event": "FLAGGED", "current_limit": "TIER_1K"},
			"Number Quality",
			{"current_limit": "TIER_1K"},
		),
		("account_update", {"event": "DISABLED_UPDATE"}, "Account", {"event": "DISABLED_UPDATE"}),
	],
)
def test_notices(field, value, kind, expected):
	event = only(whatsapp_notice("WABA", field, value))
	assert isinstance(event, AccountNotice)
	assert (event.business_id, event.kind) == ("WABA", kind)
	assert expected.items() <= event.values.items()


def test_an_error_of_the_account_is_a_notice():
	event = only(whatsapp("1111", errors=[failure(131064)]))
	assert (event.kind, event.values["code"]) == ("Error", 131064)


@pytest.mark.parametrize("field", ["history", "security", ""])
def test_other_fields_are_kept(field):
	event = only(whatsapp_notice("WABA", field, {"x": 1}))
	assert isinstance(event, Unparsed)
	assert event.raw["value"] == {"x": 1}


@pytest.mark.parametrize(
	"timestamp", [None, "", "soon", "-1", "0", "99999999999999999999", True, [], "nan", "1e400"]
)
def test_a_message_without_a_usable_time_came_now(timestamp):
	before = now()
	message = received("text", {"body": "x"}, timestamp=timestamp)
	assert before - timedelta(seconds=1) <= message.message_on <= now() + timedelta(seconds=1)


def test_text_that_no_database_can_store_is_cleaned():
	message = received("text", {"body": "a\0b\ud83dc👍"})
	assert message.text == "abc👍"
	message.text.encode()
