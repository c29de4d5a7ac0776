"""Messenger and Instagram."""

from __future__ import annotations

from datetime import datetime

import pytest

from dafater_crm.channels import account_ids, parse
from dafater_crm.domain.channels import (
	AccountNotice,
	Deletion,
	Edit,
	InboundMessage,
	Media,
	Reaction,
	Sender,
	StatusUpdate,
	Unparsed,
)
from tests.provider.payloads import NOON, Person, event, instagram_text, messaging, messenger_text

OMAR = Person("عمر", user_id="PSID")
SENDER = Sender("PSID")


def only(body):
	(found,) = parse(body)
	return found


def on_messenger(**parts):
	return only(messaging("page", "PAGE", [event("PAGE", OMAR, **parts)]))


def on_instagram(**parts):
	return only(messaging("instagram", "IG", [event("IG", OMAR, **parts)]))


def attachment(kind, **payload):
	return {"mid": "m_1", "attachments": [{"type": kind, "payload": payload}]}


def test_a_text_of_each():
	assert only(messenger_text("PAGE", OMAR, "مرحبا", mid="m_1")) == InboundMessage(
		"PAGE", "m_1", SENDER, NOON, "Text", "مرحبا"
	)
	assert only(instagram_text("IG", OMAR, "hi", mid="i_1")) == InboundMessage(
		"IG", "i_1", SENDER, NOON, "Text", "hi"
	)


def test_seconds_and_milliseconds_are_told_apart():
	row = event("PAGE", OMAR, on=None, message={"mid": "m", "text": "x"})
	for timestamp in (1760000000, 1760000000000, "1760000000"):
		assert only(messaging("page", "PAGE", [{**row, "timestamp": timestamp}])).message_on == datetime(
			2025, 10, 9, 8, 53, 20
		)
	assert only(messaging("page", "PAGE", [row])).message_on == NOON


@pytest.mark.parametrize(
	("kind", "expected"), [("image", "Image"), ("video", "Video"), ("audio", "Audio"), ("file", "Document")]
)
def test_files(kind, expected):
	message = on_messenger(message=attachment(kind, url="https://cdn/x"))
	assert (message.message_type, message.media) == (expected, (Media(expected, url="https://cdn/x"),))


def test_several_files_are_one_message():
	rows = [{"type": "image", "payload": {"url": f"https://cdn/{n}"}} for n in range(3)]
	message = on_messenger(message={"mid": "m", "text": "صور", "attachments": [*rows, {"type": "hologram"}]})
	assert (message.message_type, message.text) == ("Image", "صور")
	assert [media.url for media in message.media] == ["https://cdn/0", "https://cdn/1", "https://cdn/2"]
	assert message.content == {"unknown": [{"type": "hologram"}]}


def test_a_sticker_a_place_a_page_and_a_quick_reply():
	sticker = on_messenger(message=attachment("image", url="https://cdn/s", sticker_id=369239263222822))
	assert (sticker.message_type, sticker.media[0].kind) == ("Sticker", "Sticker")
	place = on_messenger(message=attachment("location", coordinates={"lat": 0, "long": 46.5}))
	assert (place.message_type, place.content) == ("Location", {"latitude": 0.0, "longitude": 46.5})
	page = on_messenger(message=attachment("fallback", url="https://x", title="عنوان"))
	assert (page.message_type, page.text) == ("Text", "عنوان\nhttps://x")
	tapped = on_messenger(message={"mid": "m", "text": "نعم", "quick_reply": {"payload": "YES"}})
	assert (tapped.message_type, tapped.text, tapped.content["id"]) == ("Button Reply", "نعم", "YES")


def test_a_reply_names_its_message_or_story():
	assert on_messenger(message={"mid": "m", "text": "x", "reply_to": {"mid": "m_0"}}).reply_to_id == "m_0"
	story = {"id": "s", "url": "https://cdn/story"}
	message = on_instagram(message={"mid": "m", "text": "x", "reply_to": {"story": story}})
	assert (message.reply_to_id, message.content["story"]) == (None, story)


@pytest.mark.parametrize("kind", ["share", "ig_reel", "reel", "ig_post"])
def test_what_was_shared_on_instagram(kind):
	message = on_instagram(message=attachment(kind, url="https://cdn/p", title="عرض"))
	assert message.message_type == "Text"
	assert message.content["shared"][0]["url"] == "https://cdn/p"


def test_a_story_mention_and_a_heart():
	mention = on_instagram(message=attachment("story_mention", url="https://cdn/story"))
	assert (mention.message_type, mention.media[0].url, mention.content) == (
		"Image",
		"https://cdn/story",
		{"story_mention": True},
	)
	assert on_instagram(message=attachment("like_heart")).text == "❤️"


@pytest.mark.parametrize(
	"message",
	[
		{"mid": "m"},
		{"mid": "m", "is_unsupported": True},
		attachment("hologram"),
		attachment("image"),
		{"mid": "m", "attachments": "x"},
	],
)
def test_what_is_unknown_is_kept_raw(message):
	found = on_instagram(message=message)
	assert found.message_type == "Unsupported"
	assert found.content["raw"] == message


def test_an_echo_is_about_the_person_and_brings_our_key_back():
	message = {"mid": "m_2", "is_echo": True, "app_id": 123, "metadata": "our-key", "text": "أهلًا"}
	found = on_messenger(from_us=True, message=message)
	assert (found.is_echo, found.sender, found.our_key, found.account_id) == (True, SENDER, "our-key", "PAGE")
	assert found.content == {"app_id": "123"}


def test_a_person_cannot_bring_a_key_of_ours():
	assert on_messenger(message={"mid": "m", "text": "x", "metadata": "our-key"}).our_key is None


def test_a_message_taken_back():
	assert on_instagram(message={"mid": "i_1", "is_deleted": True}) == Deletion("IG", "i_1", NOON)


def test_deliveries_by_id_and_by_watermark():
	rows = [event("PAGE", OMAR, on=None, delivery={"mids": ["m_2", "m_3"], "watermark": 1772366400000})]
	found = parse(messaging("page", "PAGE", rows))
	assert [(update.provider_id, update.status, update.happened_on) for update in found] == [
		("m_2", "Delivered", NOON),
		("m_3", "Delivered", NOON),
	]
	for mids in ({}, {"mids": []}, {"mids": None}, {"mids": "m"}):
		found = on_messenger(on=None, delivery={"watermark": 1772366400000, **mids})
		assert found == StatusUpdate("PAGE", None, "Delivered", NOON, recipient_id="PSID", watermark=NOON)


def test_reads_by_watermark_and_by_id():
	assert on_messenger(read={"watermark": 1772366400000}).watermark == NOON
	assert on_instagram(read={"mid": "i_9"}) == StatusUpdate("IG", "i_9", "Seen", NOON, recipient_id="PSID")
	assert isinstance(on_instagram(read={}), Unparsed)


def test_postbacks_with_and_without_an_id():
	found = on_messenger(
		postback={"mid": "m_3", "title": "ابدأ", "payload": "START", "referral": {"ref": "r"}}
	)
	assert (found.provider_id, found.message_type, found.text) == ("m_3", "Button Reply", "ابدأ")
	assert found.content == {"reply": "postback", "id": "START", "referral": {"ref": "r"}}
	first, again = (on_messenger(postback={"payload": "START"}).provider_id for _ in range(2))
	assert first == again
	assert first != on_messenger(postback={"payload": "OTHER"}).provider_id


@pytest.mark.parametrize(
	("reaction", "emoji"),
	[
		({"action": "react", "emoji": "❤️", "reaction": "love"}, "❤️"),
		({"action": "react", "reaction": "angry"}, "😠"),
		({"action": "react", "reaction": "other"}, "👍"),
		({"action": "unreact", "emoji": "❤️"}, ""),
	],
)
def test_reactions(reaction, emoji):
	assert on_messenger(reaction={"mid": "m_2", **reaction}) == Reaction("PAGE", "m_2", SENDER, emoji, NOON)


def test_an_edit_and_a_policy_notice():
	assert on_messenger(message_edit={"mid": "m_1", "text": "جديد", "num_edit": 1}) == Edit(
		"PAGE", "m_1", "جديد", NOON
	)
	notice = only(
		messaging(
			"page",
			"PAGE",
			[
				{
					"recipient": {"id": "PAGE"},
					"timestamp": 1,
					"policy_enforcement": {"action": "block", "reason": "r"},
				}
			],
		)
	)
	assert isinstance(notice, AccountNotice)
	assert notice.values == {"event": "policy_enforcement", "action": "block", "reason": "r"}


def test_standby_and_the_test_button_are_read_alike():
	row = event("IG", OMAR, message={"mid": "i", "text": "x"})
	standby = {"object": "instagram", "entry": [{"id": "IG", "time": 1, "standby": [row]}]}
	button = {
		"object": "instagram",
		"entry": [{"id": "IG", "changes": [{"field": "messages", "value": row}]}],
	}
	assert only(standby) == only(button) == only(messaging("instagram", "IG", [row]))
	comment = {
		"object": "instagram",
		"entry": [{"id": "IG", "changes": [{"field": "comments", "value": {"id": "c"}}]}],
	}
	assert isinstance(only(comment), Unparsed)


@pytest.mark.parametrize(
	"parts", [{"optin": {"ref": "x"}}, {"referral": {"ref": "x"}}, {}, {"message": {"text": "no id"}}]
)
def test_what_says_nothing_we_know_is_kept(parts):
	found = on_messenger(**parts)
	assert isinstance(found, Unparsed)
	assert parts.items() <= found.raw.items()


def test_every_entry_and_event_is_read():
	entries = [
		{
			"id": f"P{n}",
			"time": 1,
			"messaging": [event(f"P{n}", OMAR, message={"mid": f"{n}{m}", "text": "x"}) for m in range(3)],
		}
		for n in range(3)
	]
	body = {"object": "page", "entry": entries}
	assert [found.provider_id for found in parse(body)] == [f"{n}{m}" for n in range(3) for m in range(3)]
	assert account_ids(body) == ["P0", "P1", "P2"]
