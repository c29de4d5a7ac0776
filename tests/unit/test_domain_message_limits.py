from __future__ import annotations

import pytest

from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.message_limits import (
	button_limits,
	check_buttons,
	check_files,
	check_text,
	has_captions,
	reactions,
)


@pytest.mark.parametrize(
	("channel", "kind", "fits", "code"),
	[
		("WhatsApp", "Text", "x" * 4096, "message_too_long"),
		("WhatsApp", "Image", "x" * 1024, "message_too_long"),
		("WhatsApp", "Buttons", "x" * 1024, "message_too_long"),
		("Messenger", "Text", "م" * 2000, "message_too_long"),
		("Instagram", "Text", "م" * 500, "message_too_long_in_bytes"),
		("Instagram", "Text", "x" * 1000, "message_too_long_in_bytes"),
		("SMS", "Text", "م" * 1530, "message_too_long"),
	],
)
def test_one_letter_more_does_not_fit(channel, kind, fits, code):
	check_text(channel, fits, kind)
	with pytest.raises(RuleError) as error:
		check_text(channel, fits + "x", kind)
	assert error.value.code == code


def test_mail_has_no_limit_and_a_file_needs_no_text():
	check_text("E-mail", "x" * 100_000)
	check_text("WhatsApp", "", "Image")
	for kind in ("Text", "Buttons"):
		with pytest.raises(RuleError):
			check_text("WhatsApp", " \n", kind)


def test_files():
	for channel in ("WhatsApp", "Messenger", "E-mail"):
		check_files(channel, "Document")
	for channel in ("Instagram", "SMS"):
		check_files(channel, "Text")
		with pytest.raises(RuleError) as error:
			check_files(channel, "Document")
		assert error.value.code == "channel_without_files"


def test_buttons():
	check_buttons("WhatsApp", [letter * 20 for letter in "abc"])
	check_buttons("Messenger", list("abcdefghijklm"))
	for channel, labels, code in (
		("WhatsApp", ["a"] * 4, "message_buttons_too_many"),
		("WhatsApp", ["a" * 21], "message_button_too_long"),
		("SMS", ["a"], "message_buttons_too_many"),
		("Instagram", ["نعم", "لا", "نعم"], "message_buttons_alike"),
	):
		with pytest.raises(RuleError) as error:
			check_buttons(channel, labels)
		assert error.value.code == code


def test_how_many_buttons_a_channel_has():
	assert [button_limits(channel) for channel in ("WhatsApp", "Messenger", "Instagram", "E-mail")] == [
		(3, 20),
		(13, 20),
		(13, 20),
		(0, 0),
	]


def test_which_reactions_a_business_may_give():
	assert [reactions(channel) for channel in ("WhatsApp", "Instagram", "Messenger", "SMS")] == [
		None,
		("❤️",),
		(),
		(),
	]


def test_captions():
	assert [has_captions(channel) for channel in ("WhatsApp", "Messenger", "Instagram", "E-mail")] == [
		True,
		False,
		False,
		True,
	]
