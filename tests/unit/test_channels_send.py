"""Sends of all three channels against the provider: what arrives there, and what its refusals become."""

from __future__ import annotations

import socket

import pytest

from dafater_crm.channels import profile, send
from dafater_crm.channels.graph import base_url, is_file_address
from dafater_crm.channels.messenger_send import payload as messenger_payload
from dafater_crm.channels.whatsapp_send import payload as whatsapp_payload
from dafater_crm.domain.channels import AccountConfig, Media, OutboundMessage, Sender, SendError, SendResult
from tests.provider.server import ProviderServer

SARA = Sender("SA.9001", "+966500000001")
OMAR = Sender("PSID")


@pytest.fixture
def provider():
	with ProviderServer(instagram=("IG",)) as running:
		yield running


def account(provider, channel="WhatsApp", **more):
	ids = {"WhatsApp": "1111", "Messenger": "PAGE", "Instagram": "IG"}
	values = {
		"access_token": "token",
		"graph_version": "v26.0",
		"base_url": provider.url,
		"timeout": (1.0, 1.0),
	}
	return AccountConfig(channel, ids.get(channel, ""), **{**values, **more})


def text(to=SARA, body="مرحبا", **more):
	return OutboundMessage(to, "Text", body, **more)


def refused(provider, message=None, **more) -> SendError:
	with pytest.raises(SendError) as error:
		send(account(provider, **more), message or text())
	return error.value


def test_a_text_arrives_as_whatsapp_wants_it(provider):
	result = send(account(provider), text(our_key="k1", reply_to_id="wamid.Z"))
	assert result.status == "Sent"
	assert result.provider_id.startswith("wamid.OUT")
	assert provider.sent == [
		{
			"messaging_product": "whatsapp",
			"recipient_type": "individual",
			"to": "966500000001",
			"type": "text",
			"text": {"body": "مرحبا", "preview_url": False},
			"context": {"message_id": "wamid.Z"},
			"biz_opaque_callback_data": "k1",
		}
	]
	request = provider.script.requests[0]
	assert request["path"] == "/v26.0/1111/messages"
	assert request["headers"]["Authorization"] == "Bearer token"


def test_who_hides_the_number_is_written_to_by_user_id(provider):
	send(account(provider), text(Sender("SA.9001")))
	assert provider.sent[0]["recipient"] == "SA.9001"
	assert "to" not in provider.sent[0]


def test_every_kind_is_taken_by_whatsapp(provider):
	file = Media("Document", media_id="M1", file_name="SINV-1.pdf")
	messages = [
		OutboundMessage(SARA, "Image", "c", Media("Image", url="https://x/y.jpg")),
		OutboundMessage(SARA, "Document", "", file),
		OutboundMessage(SARA, "Audio", "", Media("Audio", media_id="M2")),
		OutboundMessage(SARA, "Buttons", "؟", buttons=("نعم", "لا")),
		OutboundMessage(SARA, "Location", location={"latitude": 0.0, "longitude": 46.5, "name": ""}),
		OutboundMessage(SARA, "Reaction", "👍", reply_to_id="wamid.Z"),
		OutboundMessage(SARA, "Read Mark", reply_to_id="wamid.Z"),
	]
	results = [send(account(provider), message) for message in messages]
	assert all(result.provider_id for result in results[:-1])
	assert results[-1] == SendResult(None, "Seen")
	bodies = provider.sent
	assert bodies[0]["image"] == {"link": "https://x/y.jpg", "caption": "c"}
	assert bodies[1]["document"] == {"id": "M1", "filename": "SINV-1.pdf"}
	assert bodies[2]["audio"] == {"id": "M2"}
	assert [button["reply"]["title"] for button in bodies[3]["interactive"]["action"]["buttons"]] == [
		"نعم",
		"لا",
	]
	assert bodies[4]["location"] == {"latitude": 0.0, "longitude": 46.5}
	assert (bodies[5]["reaction"], "context" in bodies[5]) == (
		{"message_id": "wamid.Z", "emoji": "👍"},
		False,
	)
	assert bodies[6] == {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.Z"}


def test_a_template_with_file_values_and_button():
	template = {
		"name": "invoice_due",
		"language": "ar",
		"header": Media("Document", media_id="M", file_name="SINV-1.pdf"),
		"body": ["سارة", "1,250.50\n ر.س"],
		"buttons": [{"index": 0, "value": "tok"}],
	}
	body = whatsapp_payload(OutboundMessage(SARA, "Template", template=template))
	assert body["template"] == {
		"name": "invoice_due",
		"language": {"code": "ar"},
		"components": [
			{
				"type": "header",
				"parameters": [{"type": "document", "document": {"id": "M", "filename": "SINV-1.pdf"}}],
			},
			{
				"type": "body",
				"parameters": [{"type": "text", "text": "سارة"}, {"type": "text", "text": "1,250.50 ر.س"}],
			},
			{
				"type": "button",
				"sub_type": "url",
				"index": "0",
				"parameters": [{"type": "text", "text": "tok"}],
			},
		],
	}
	plain = whatsapp_payload(OutboundMessage(SARA, "Template", template={"name": "hello", "language": "en"}))
	assert plain["template"] == {"name": "hello", "language": {"code": "en"}}


def test_messenger_within_and_after_the_window(provider):
	result = send(account(provider, "Messenger"), text(OMAR, our_key="k", reply_to_id="m_0"))
	assert result.provider_id.startswith("m_OUT")
	assert provider.sent[0] == {
		"recipient": {"id": "PSID"},
		"message": {"text": "مرحبا", "metadata": "k"},
		"messaging_type": "RESPONSE",
		"reply_to": {"mid": "m_0"},
	}
	late = messenger_payload(text(OMAR, within_window=False))
	assert (late["messaging_type"], late["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_messenger_and_instagram_files_buttons_marks(provider):
	page, profile = account(provider, "Messenger"), account(provider, "Instagram")
	send(page, OutboundMessage(OMAR, "Document", media=Media("Document", media_id="A")))
	send(profile, OutboundMessage(OMAR, "Image", media=Media("Image", url="https://x/i.jpg")))
	send(page, OutboundMessage(OMAR, "Buttons", "?", buttons=("نعم",)))
	assert send(page, OutboundMessage(OMAR, "Read Mark", reply_to_id="m")).provider_id is None
	send(profile, OutboundMessage(OMAR, "Reaction", "❤️", reply_to_id="m"))
	send(profile, OutboundMessage(OMAR, "Reaction", "", reply_to_id="m"))
	bodies = provider.sent
	assert bodies[0]["message"] == {"attachment": {"type": "file", "payload": {"attachment_id": "A"}}}
	assert bodies[1]["message"] == {"attachment": {"type": "image", "payload": {"url": "https://x/i.jpg"}}}
	assert bodies[2]["message"]["quick_replies"] == [
		{"content_type": "text", "title": "نعم", "payload": "نعم"}
	]
	assert bodies[3]["sender_action"] == "mark_seen"
	assert [body["sender_action"] for body in bodies[4:]] == ["react", "unreact"]


@pytest.mark.parametrize(
	("channel", "message", "code"),
	[
		("WhatsApp", text(Sender()), "incomplete"),
		("WhatsApp", text(body="x" * 4097), "message_too_long"),
		("WhatsApp", text(body=" "), "message_empty"),
		("WhatsApp", OutboundMessage(SARA, "Image"), "incomplete"),
		(
			"WhatsApp",
			OutboundMessage(SARA, "Buttons", "x", buttons=("a", "b", "c", "d")),
			"message_buttons_too_many",
		),
		("WhatsApp", OutboundMessage(SARA, "Buttons", "x", buttons=("a" * 21,)), "message_button_too_long"),
		("WhatsApp", OutboundMessage(SARA, "Hologram"), "kind"),
		("Messenger", text(OMAR, "x" * 2001), "message_too_long"),
		("Messenger", OutboundMessage(OMAR, "Image", "caption", Media("Image", url="https://x")), "caption"),
		("Messenger", OutboundMessage(OMAR, "Reaction", "👍", reply_to_id="m"), "kind"),
		("Messenger", OutboundMessage(OMAR, "Template", template={"name": "x"}), "kind"),
		("Instagram", text(OMAR, "م" * 501), "message_too_long_in_bytes"),
		("E-mail", text(), "channel"),
	],
)
def test_what_cannot_be_sent_never_leaves(provider, channel, message, code):
	error = refused(provider, message, channel=channel)
	assert (error.code, error.action) == (code, "fail")
	assert provider.script.requests == []


def test_five_hundred_arabic_letters_fit_into_instagram(provider):
	assert send(account(provider, "Instagram"), text(OMAR, "م" * 500)).provider_id


@pytest.mark.parametrize(
	("failure", "code", "action"),
	[
		({"error": 131056}, "131056", "retry"),
		({"error": 131047}, "131047", "fail"),
		({"error": 131049}, "131049", "later"),
		({"error": 190, "status": 401}, "190", "stop"),
		({"error": 10, "subcode": 2018278}, "10/2018278", "fail"),
		({"error": 424242}, "424242", "fail"),
		({"status": 503}, "http 503", "retry"),
		({"status": 404}, "http 404", "fail"),
		({"error": 131000, "status": 200}, "131000", "retry"),
	],
)
def test_refusals_say_what_to_do(provider, failure, code, action):
	provider.fail("messages", **failure)
	error = refused(provider)
	assert (error.code, error.action, error.uncertain) == (code, action, False)
	assert send(account(provider), text()).provider_id


def test_the_wait_that_the_provider_asks_for(provider):
	provider.fail("messages", status=429, headers={"Retry-After": "37"})
	assert refused(provider).retry_after == 37
	provider.fail("messages", status=429, headers={"Retry-After": "soon"})
	assert refused(provider).retry_after is None


def test_a_wrong_token_stops_the_account_and_shows_nowhere(provider):
	error = refused(provider, access_token="very-secret")
	assert (error.code, error.action) == ("190", "stop")
	provider.fail("messages", 100, message="token very-secret is odd")
	error = refused(provider, access_token="very-secret")
	assert "very-secret" not in f"{error} {error.message} {error!r}"
	assert "very-secret" not in repr(account(provider, access_token="very-secret", app_secret="very-secret"))


def test_a_lost_answer_is_uncertain_and_a_closed_door_is_not(provider):
	provider.hang_up("messages", "after")
	error = refused(provider)
	assert (error.code, error.action, error.uncertain) == ("network", "retry", True)
	assert len(provider.sent) == 1
	provider.dawdle("messages", 1.5)
	error = refused(provider)
	assert (error.code, error.action, error.uncertain) == ("timeout", "retry", True)
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		closed = f"http://127.0.0.1:{free.getsockname()[1]}"
	error = refused(provider, base_url=closed)
	assert (error.code, error.action, error.uncertain) == ("network", "retry", False)


def test_an_answer_without_id_is_not_sent_again(provider):
	provider.fail("messages", status=200)
	error = refused(provider)
	assert (error.code, error.action, error.uncertain) == ("answer", "fail", True)


def test_who_somebody_is(provider):
	provider.profiles = {
		"PSID": {"first_name": "عمر", "last_name": "العلي"},
		"IGSID": {"name": "ريم", "username": "reem"},
	}
	assert profile(account(provider, "Messenger"), "PSID") == Sender("PSID", name="عمر العلي")
	assert profile(account(provider, "Instagram"), "IGSID") == Sender("IGSID", name="ريم", username="reem")
	assert profile(account(provider), "SA.1") is None
	assert provider.script.requests[0]["path"] == "/v26.0/PSID?fields=first_name%2Clast_name%2Cname"
	with pytest.raises(SendError) as error:
		profile(account(provider, "Messenger"), "gone")
	assert error.value.action == "fail"


def test_addresses():
	assert base_url(AccountConfig("WhatsApp", "1")) == "https://graph.facebook.com"
	assert base_url(AccountConfig("Instagram", "1")) == "https://graph.instagram.com"
	assert base_url(AccountConfig("Instagram", "1", base_url="http://127.0.0.1:9/")) == "http://127.0.0.1:9"


@pytest.mark.parametrize(
	("url", "expected"),
	[
		("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
		("https://scontent.xx.fbcdn.net/v/t1.jpg", True),
		("https://scontent.cdninstagram.com/x", True),
		("https://FBCDN.NET./x", True),
		("http://127.0.0.1:9900/files/1", True),
		("http://127.0.0.1:3306/", False),
		("http://lookaside.fbsbx.com/x", False),
		("https://evilfbcdn.net/x", False),
		("https://fbcdn.net.evil.com/x", False),
		("https://user@fbcdn.net/x", False),
		("https://fbcdn.net:8443/x", False),
		("https://169.254.169.254/latest", False),
		("file:///etc/passwd", False),
		("https://[", False),
		("", False),
	],
)
def test_files_are_fetched_from_the_provider_alone(url, expected):
	assert is_file_address(AccountConfig("WhatsApp", "1", base_url="http://127.0.0.1:9900"), url) is expected
	if "127.0.0.1" in url:
		assert not is_file_address(AccountConfig("WhatsApp", "1"), url)
