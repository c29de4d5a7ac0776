from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import phones
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.phones import display, kind, to_e164, wa_id

MOBILE = "+966551234567"

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
	"typed",
	[
		"0551234567",
		"551234567",
		"+966551234567",
		"00966551234567",
		"966551234567",
		"+966 0551234567",
		"+9660551234567",
		"9660551234567",
		"009660551234567",
		"+00966551234567",
		"+966(0)551234567",
		"(+966) 551234567",
		"(+966)0551234567",
		"٠٥٥١٢٣٤٥٦٧",
		"۰۵۵۱۲۳۴۵۶۷",
		"+٩٦٦٥٥١٢٣٤٥٦٧",
		"٠٠٩٦٦٥٥١٢٣٤٥٦٧",
		"(055) 123-4567",
		"055.123.4567",
		"055–123—4567",
		"055\u2212123\u20114567",
		"055/123/4567",
		"  055 123 4567\t\n",
		"\u202d+966 55 123 4567\u202c",
		"\u200e+966551234567\u200f",
		"055\u00a0123\u00a04567",
		"tel:+966-55-123-4567",
		"TEL: 0551234567",
		"966551234567+",
		"055" + " " * 30 + "1234567",
		"\uff0b966\uff15\uff151234567",
	],
)
def test_every_way_of_typing_a_mobile(typed):
	assert to_e164(typed) == MOBILE


@pytest.mark.parametrize(
	("typed", "stored", "sort", "shown"),
	[
		("0551234567", "+966551234567", "mobile", "055 123 4567"),
		("011 4123456", "+966114123456", "fixed", "011 412 3456"),
		("114123456", "+966114123456", "fixed", "011 412 3456"),
		("012-412-3456", "+966124123456", "fixed", "012 412 3456"),
		("920012345", "+966920012345", "other", "9200 12345"),
		("+966 9200 12345", "+966920012345", "other", "9200 12345"),
		("800 124 1234", "+9668001241234", "other", "800 124 1234"),
		("+971501234567", "+971501234567", "mobile", "+971 50 123 4567"),
		("00971501234567", "+971501234567", "mobile", "+971 50 123 4567"),
		("+44 (0)7400 123456", "+447400123456", "mobile", "+44 7400 123456"),
		("+14155552671", "+14155552671", "other", "+1 415-555-2671"),
	],
)
def test_kind_and_display(typed, stored, sort, shown):
	assert to_e164(typed) == stored
	assert kind(stored) == sort
	assert display(stored) == shown


@pytest.mark.parametrize(
	"typed",
	[
		"0521234567",  # parses, but 052 is not assigned
		"05512345678",  # eleven digits
		"055123456",
		"12345",
		"999",
		"abc",
		"محمد",
		"055CALLME12",  # the library would dial the letters
		"1-800-FLOWERS",
		"0551234567/0557654321",
		"0551234567,0557654321",
		"0551234567 0557654321",
		"966+551234567",
		"++966551234567",
		"+0551234567",
		"0551234567+",
		"+9995551234567",
		"<b>0551234567</b>",
		"-",
		"()",
		"055" + " " * 31 + "1234567",
		"9" * 100_000,
	],
)
def test_what_is_no_number_is_refused_and_quoted(typed):
	with pytest.raises(RuleError) as caught:
		to_e164(typed)
	assert caught.value.code == "phone_invalid"
	assert caught.value.params == {"value": typed}


@pytest.mark.parametrize(
	"typed",
	[
		"0114123456 ext 12",
		"0114123456;ext=3",
		"0114123456x3",
		"0114123456 #7",
		"011 4123456 تحويلة ٢٠",
		"0114123456 داخلي 5",
	],
)
def test_an_extension_is_refused_not_dropped(typed):
	with pytest.raises(RuleError) as caught:
		to_e164(typed)
	assert caught.value.code == "phone_has_extension"


@pytest.mark.parametrize("blank", [None, "", "  ", "\u200f", "tel:", "\n"])
def test_blank(blank):
	assert to_e164(blank) == ""


def test_a_number_from_a_spreadsheet():
	assert to_e164(551234567) == MOBILE


def test_another_region():
	assert to_e164("0501234567", region="AE") == "+971501234567"
	assert to_e164("00966551234567", region="US") == MOBILE


def test_stored_values_that_are_none_or_broken():
	assert [kind(""), kind("junk"), kind(None)] == ["other"] * 3
	assert [display(""), display("junk"), display(None)] == ["", "junk", ""]


def test_wa_id():
	assert wa_id(MOBILE) == "966551234567"
	assert wa_id("") == wa_id(None) == ""


mobiles = st.builds("5{}{:07d}".format, st.sampled_from("03456789"), st.integers(0, 9_999_999)).filter(
	lambda digits: phonenumbers.is_valid_number(phonenumbers.parse("+966" + digits))
)


@given(
	mobiles,
	st.sampled_from(["", "0", "966", "+966", "00966", "+966 0", "00966-0"]),
	st.sampled_from([{}, ARABIC, PERSIAN]),
)
def test_any_mobile_in_any_form_is_one_number(digits, prefix, script):
	assert to_e164((prefix + digits).translate(script)) == "+966" + digits


@given(st.one_of(st.text(), st.text(alphabet="0123456789+-() ٠٥٦٩۵", max_size=18)))
def test_the_answer_is_stable_or_a_rule_error(typed):
	try:
		stored = to_e164(typed)
	except RuleError:
		return
	assert stored == "" or (stored[0] == "+" and stored[1:].isdigit() and stored.isascii())
	assert to_e164(stored) == stored
	assert to_e164(display(stored)) == stored


def test_stored_saudi_mobiles_that_are_not_parsed_again_are_valid():
	"""What the pattern does not know (prefixes that were given out later) is parsed, and just as right."""
	known = [f"+9665{prefix:03d}12345" for prefix in range(1000)]
	known = [number for number in known if phones._SAUDI_MOBILE.fullmatch(number)]
	assert len(known) > 850
	assert [number for number in known if not phonenumbers.is_valid_number(phonenumbers.parse(number))] == []


@given(
	st.sampled_from(["+966", "966", "00966", "0", ""]),
	st.from_regex("5[0-9]{7,9}", fullmatch=True),
	st.lists(st.tuples(st.integers(0, 16), st.sampled_from([" ", "-", "  ", " - ", "\t"])), max_size=5),
)
def test_typed_mobiles_are_what_the_library_says(prefix, digits, gaps):
	typed = prefix + digits
	for place, gap in gaps:
		typed = f"{typed[:place]}{gap}{typed[place:]}" if 0 < place < len(typed) else typed
	text = f"+{typed[2:]}" if typed.startswith("00") else typed
	try:
		number = phonenumbers.parse(text, "SA")
	except phonenumbers.NumberParseException:
		number = None
	if number is None or not phonenumbers.is_valid_number(number):
		with pytest.raises(RuleError):
			to_e164(typed)
	else:
		assert to_e164(typed) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
