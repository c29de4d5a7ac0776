"""E-mail addresses: one spelling for storing and matching."""

from __future__ import annotations

import re

from .characters import strip_invisible
from .errors import RuleError

MAX_LENGTH = 140  # what a Data field of Frappe holds
_MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1

_GMAIL = frozenset(("gmail.com", "googlemail.com"))
_WITH_SUBADDRESSES = frozenset(
	("gmail", "googlemail", "outlook", "hotmail", "live", "icloud", "me", "mac", "proton", "protonmail", "pm")
)
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")
# RFC 5322 dot-atom, except that it begins with a letter, digit or underscore: an address that begins with = + -
# or @ is a spreadsheet formula far more often than a mailbox.
_LOCAL = re.compile(r"[a-z0-9_][a-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 1035 labels; the last one is letters or punycode, so that an IP address is no domain.
_DOMAIN = re.compile(
	r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
)


def normalise(raw: str | None) -> str:
	"""Return one address in lower case, e.g. "sara@example.com"; "" for a blank.

	Accepts "mailto:" with or without its "?subject=…", the form "Sara <sara@example.com>", and stray bidi
	controls. Conservative on purpose: ASCII only (an Arabic domain must be given in its xn-- form, as mail
	servers and Frappe itself want it), one address only, no quoted local part, no IP address.

	Raises RuleError "email_invalid", also when the address is longer than 140 characters.
	"""
	typed = "" if raw is None else str(raw)
	address = _bare(strip_invisible(typed).strip())
	if not address:
		return ""
	# Test for ASCII before lower(): the Kelvin sign lowers to an ASCII "k" and would become another mailbox.
	if not address.isascii() or len(address) > MAX_LENGTH:
		raise RuleError("email_invalid", value=typed)
	address = address.lower()
	local, _, domain = address.rpartition("@")
	if len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
		raise RuleError("email_invalid", value=typed)
	return address


def mailbox(address: str) -> str:
	"""Return what all spellings of one mailbox share, to compare and never to write to; ``address`` as `normalise` returns it.

	Gmail delivers a.li@, ali@ and ali+offers@ to one person, also at googlemail.com (support.google.com/mail/answer/7436150); Microsoft, Apple
	and Proton do not read dots away, but all know the + (RFC 5233 calls it a subaddress).
	"""
	local, at, domain = address.rpartition("@")
	provider = domain.partition(".")[0]
	if provider in _WITH_SUBADDRESSES:
		local = local.partition("+")[0] or local
	if domain in _GMAIL:
		local, domain = local.replace(".", "") or local, "gmail.com"
	return local + at + domain


def _bare(text: str) -> str:
	named = _NAMED.fullmatch(text)
	if named:
		# "Sara <>" is a mistake, not a blank: keep it so that it is refused.
		text = named[1].strip() or text
	if text[:7].lower() == "mailto:":
		text = text[7:].partition("?")[0].strip() or text
	return text
