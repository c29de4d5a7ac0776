"""Phone numbers: typed in many ways, stored once as E.164 (facts: saudi.md 4.1)."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from .characters import ascii_digits, strip_invisible
from .errors import RuleError

_LONGEST_INPUT = 40
_TEL = re.compile(r"^\s*tel\s*:", re.IGNORECASE)
EXTENSION_WORDS = r"ext(?:ension|n)?|x|تحويل[ةه]?|داخلي|#"
_EXTENSION = re.compile(rf"\d[\s,;.(]*(?:{EXTENSION_WORDS})[\s.:=)]*\d", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d\s().\-/]+", re.ASCII)
# Saudi mobiles, stored and as most people type them; the library comes to the same in forty times the time.
_PLAN = r"5(?:[013-689]\d|7[0-35-8])\d{6}"
_SAUDI_MOBILE = re.compile(rf"\+966{_PLAN}", re.ASCII)
_TYPED_MOBILE = re.compile(rf"(?:\+966|966|0)?({_PLAN})", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \-]+(?=\d)", re.ASCII)
# (+966) 50 123 4567: the library wants the + first
_BRACKETED_CODE = re.compile(r"^\(\s*\+\s*(\d{1,3})\s*\)", re.ASCII)
_KINDS = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "fixed"}


def to_e164(raw: str | None, region: str = "SA") -> str:
	"""Return the number as E.164, e.g. "+966551234567"; "" for a blank.

	A number without + or 00 is read in ``region`` (ISO 3166 alpha-2), with or without its trunk 0 or country
	code; with + or 00 any country is accepted. Arabic-Indic and Persian digits, spaces, dashes, dots, slashes,
	brackets, bidi controls, "tel:" and a + that right-to-left typing left at the end are accepted.

	Raises RuleError "phone_invalid" when the number is not assigned in its country's plan: 052xxxxxxx and a
	mobile of 11 digits parse but do not exist. Letters are refused, though the library would dial them, because
	a name in the phone box would become a number. Raises RuleError "phone_has_extension" rather than dropping
	the extension: E.164 cannot hold it, and losing it in silence is worse than asking.
	"""
	typed = "" if raw is None else str(raw)
	if _SAUDI_MOBILE.fullmatch(typed):
		return typed
	text = _TEL.sub("", ascii_digits(unicodedata.normalize("NFKC", strip_invisible(typed)))).strip()
	if not text:
		return ""
	if _EXTENSION.search(text):
		raise RuleError("phone_has_extension", value=typed)
	text = _canonical(text)
	if (
		region == "SA"
		and (mobile := _TYPED_MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", text)))
		and len(text) <= _LONGEST_INPUT
	):
		return f"+966{mobile[1]}"
	number = _parse(text, region)
	if number is None:
		raise RuleError("phone_invalid", value=typed)
	return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def kind(e164: str) -> str:
	"""Return "mobile", "fixed" or "other" for a stored number.

	"other" holds 9200 and 800 numbers, what cannot be parsed, and numbers of countries such as the US where
	the plan does not tell a mobile from a fixed line.
	"""
	number = _stored(e164)
	return "other" if number is None else _KINDS.get(phonenumbers.number_type(number), "other")


def display(e164: str) -> str:
	"""Return a stored number for people: "055 123 4567" in Saudi Arabia, "+1 415-555-2671" elsewhere.

	What cannot be parsed, e.g. data from before this rule, is returned as it is.
	"""
	number = _stored(e164)
	if number is None:
		return e164 or ""
	is_saudi = number.country_code == phonenumbers.country_code_for_region("SA")
	style = PhoneNumberFormat.NATIONAL if is_saudi else PhoneNumberFormat.INTERNATIONAL
	return phonenumbers.format_number(number, style)


def wa_id(e164: str) -> str:
	"""Return WhatsApp's form of a stored number: E.164 without its plus sign; "" for a blank."""
	return (e164 or "").removeprefix("+")


def _canonical(text: str) -> str:
	# Unicode has two dozen dashes; phones are pasted with most of them.
	text = "".join("-" if unicodedata.category(char) == "Pd" or char == "\u2212" else char for char in text)
	if text.endswith("+") and text.count("+") == 1:
		text = "+" + text[:-1]
	return _BRACKETED_CODE.sub(r"+\1 ", re.sub(r"^(?:\+\s*)?00", "+", text))


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
	if len(text) > _LONGEST_INPUT or not _NUMBER.fullmatch(text):
		return None
	try:
		number = phonenumbers.parse(text, region)
	except phonenumbers.NumberParseException:
		return None
	return number if phonenumbers.is_valid_number(number) else None


def _stored(e164: str) -> phonenumbers.PhoneNumber | None:
	return _parse(e164, None) if e164 else None
