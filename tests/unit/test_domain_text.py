from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.text import is_formula, plain


def code_of(typed: str, **options) -> str:
	with pytest.raises(RuleError) as caught:
		plain(typed, **options)
	return caught.value.code


@pytest.mark.parametrize(
	("typed", "stored"),
	[
		(None, ""),
		("", ""),
		(" \t\n", ""),
		("  شركة   الرياض\nالمحدودة ", "شركة الرياض المحدودة"),
		("Ali\u202egpj.exe", "Aligpj.exe"),
		("a\x00b", "ab"),
		("A < B", "A < B"),
		("I <3 CRM", "I <3 CRM"),
		("5 > 4", "5 > 4"),
		("AT&T", "AT&T"),
		("R&D; Sales", "R&D; Sales"),
		("-", "-"),
		("=", "="),
		("--", "--"),
		("@home", "@home"),
		("@360 Agency", "@360 Agency"),
		("- خصم خاص", "- خصم خاص"),
		("- خصم (خاص)", "- خصم (خاص)"),
		("+Plus Agency", "+Plus Agency"),
		("-Sale today!", "-Sale today!"),
		("- Q4 results", "- Q4 results"),
		("- B2B Sales", "- B2B Sales"),
		("Sales (north) = good", "Sales (north) = good"),
		("1 - 1 = 0", "1 - 1 = 0"),
	],
)
def test_accepted(typed, stored):
	assert plain(typed) == stored


@pytest.mark.parametrize(
	"typed",
	[
		"<script>alert(1)</script>",
		"<b>Ali</b>",
		"Ali <img src=x onerror=alert(1)>",
		"Ali <img src=x ",
		"</td>",
		"<!--",
		"<?php",
		"<\u202eb>",
		"<\x00script>",
		"&lt;script&gt;",
		"&#60;script",
		"&#x3c;img",
		"a<b",
	],
)
def test_markup_is_refused(typed):
	assert code_of(typed) == "text_has_markup"


@pytest.mark.parametrize(
	"typed",
	[
		"=1+1",
		'=HYPERLINK("http://evil.example","Click")',
		"=cmd|' /C calc'!A0",
		"\t=1+1",
		"\r\n=1+1",
		"\u200b=1+1",
		"\u202e=1+1",
		" =1+1",
		"= Ali",
		"+966551234567",
		"-2+3+cmd|' /C calc'!A0",
		"+SUM(A1:A9)",
		"-SUM (A1:A9)",
		"+-+1",
		"+A1",
		"-$B$2*3",
		"+'Sheet 2'!A1",
		"+Sheet2!A1",
		"-cmd|x",
		"+=1",
		"@SUM(1+1)*cmd|' /C calc'!A0",
		"@Sheet2!A1",
		"\uff1d1+1",
		"\uff0b1",
		"\uff20SUM(1)",
		"-(1)",
	],
)
def test_a_formula_is_refused(typed):
	assert code_of(typed) == "text_is_formula"


def test_length_is_counted_in_characters_after_cleaning():
	assert plain("ش" * 140) == "ش" * 140
	assert plain(" " * 50 + "a" * 139 + "\u202e" + "b") == "a" * 139 + "b"
	assert plain("😀" * 5, max_length=5) == "😀" * 5
	with pytest.raises(RuleError) as caught:
		plain("ش" * 141)
	assert (caught.value.code, caught.value.args_for_message) == ("text_too_long", (141, 140))
	assert code_of("abcdef", max_length=5) == "text_too_long"


def test_is_formula_looks_behind_leading_white_space():
	assert is_formula("\t =1")
	assert not is_formula("")
	assert not is_formula("= ")
	assert not is_formula("name")


texts = st.one_of(st.text(), st.text(alphabet="=+-@<>/!(|1Ab \t\u202e&;lt"))


@given(texts)
def test_what_is_accepted_is_stable_and_harmless(typed):
	try:
		stored = plain(typed)
	except RuleError:
		return
	assert plain(stored) == stored
	assert not re.search("<[a-zA-Z/!?]", stored)
	assert not re.match("=.", stored)
	assert not re.match(r"[+-]\s*\d", stored)
	assert "|" not in stored or stored[0] not in "=+-@"


@given(st.sampled_from("=+-"), st.integers(0, 10**12), st.sampled_from(["", " ", "\t", "\u200f"]))
def test_a_signed_number_never_passes(sign, number, before):
	assert code_of(f"{before}{sign}{number}") == "text_is_formula"
