"""Signed tokens of public forms: when the page was made, for which form, and a number that is used once.

A token is "nonce.seconds.signature". It proves that the page came from us; it holds no secret and no person. Whether a
nonce was used already is the caller's knowledge.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

MIN_SECONDS = 3  # nobody fills in a form faster
MAX_SECONDS = 6 * 60 * 60

_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Verdict:
	"""What a token proves. `state` is "ok", "too_fast", "expired" or "forged"; `nonce` is "" when forged."""

	state: str
	nonce: str = ""


def issue(key: bytes, form: str, now: int, nonce: str) -> str:
	"""Return the token of a page of `form` made at `now` (epoch seconds); `nonce` is 32 hex digits from a CSPRNG."""
	if not re.fullmatch("[0-9a-f]{32}", nonce):
		raise ValueError("a nonce is 32 lower case hex digits")
	return f"{nonce}.{int(now)}.{_signature(key, form, int(now), nonce)}"


def check(key: bytes, form: str, token: str | None, now: int) -> Verdict:
	"""Judge a token that came back at `now`. A token of another form or another key is forged."""
	found = _TOKEN.fullmatch(token or "")
	if not found:
		return Verdict("forged")
	nonce, made, signature = found[1], int(found[2]), found[3]
	if not hmac.compare_digest(signature, _signature(key, form, made, nonce)):
		return Verdict("forged")
	age = int(now) - made
	if age < MIN_SECONDS:
		return Verdict("too_fast", nonce)
	return Verdict("expired" if age > MAX_SECONDS else "ok", nonce)


def _signature(key: bytes, form: str, made: int, nonce: str) -> str:
	return hmac.new(key, f"{form}\n{made}\n{nonce}".encode(), hashlib.sha256).hexdigest()
