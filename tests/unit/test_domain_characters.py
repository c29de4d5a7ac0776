from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.characters import ascii_digits, compact, one_line, strip_invisible

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_digits_of_both_arabic_scripts():
	assert ascii_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 0a٪") == "0123456789 0123456789 0a٪"


@pytest.mark.parametrize(
	"char", [*BIDI, "\x00", "\x7f", "\xad", "\u200b", "\ufeff", "\ud800", "\u3164", "\U000e0041"]
)
def test_invisible_characters_go(char):
	assert strip_invisible(f"a{char}b") == "ab"
	assert one_line(f"a{char}b") == "ab"


@pytest.mark.parametrize("space", ["\t", "\n", "\r\n", "\v", "\x85", "\u00a0", "\u2028", "\u3000", "  "])
def test_white_space_becomes_one_space_or_none(space):
	assert one_line(f"{space}a{space}b{space}") == "a b"
	assert compact(f"{space}1{space}٢{space}") == "12"


def test_joiners_stay_inside_a_text_only():
	assert one_line("می\u200cخواهم") == "می\u200cخواهم"
	assert one_line("\u200d علي \u200c") == "علي"
	assert one_line("\u200c\u200d") == ""
	assert strip_invisible("1\u200c2\u200d3") == "123"


def test_letters_and_marks_compose_even_across_an_invisible_character():
	assert one_line("e\u200b\u0301") == "é"
	assert one_line("ا\u0653") == "آ"


def test_none_and_numbers():
	assert one_line(None) == compact(None) == ""
	assert compact(551234567) == "551234567"


@given(st.text())
def test_one_line_is_stable_and_can_be_stored(text):
	line = one_line(text)
	assert one_line(line) == line
	assert unicodedata.is_normalized("NFC", line)
	assert not set(line) & set(BIDI)
	assert all(not char.isspace() or char == " " for char in line)
	line.encode("utf-8")
