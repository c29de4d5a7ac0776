"""Is a delivery really the provider's? HMAC-SHA256 over the raw bytes, as the header X-Hub-Signature-256 carries it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

HEADER = "X-Hub-Signature-256"
_FORM = re.compile(r"sha256=([0-9a-f]{64})", re.IGNORECASE)


def sign(secret: str, body: bytes) -> str:
	"""Return the header's value for a body. Raises ValueError for an empty secret, whose signatures anybody can make."""
	if not secret:
		raise ValueError("a signature needs a secret")
	return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_valid(secrets: str | Iterable[str], body: bytes, header: str | None) -> bool:
	"""Tell whether a header belongs to this body under one of the secrets (several apps may share an address).

	`body` is what came over the wire: parsed and written again it no longer fits. False without a secret, without a header and for
	anything malformed. Compared in constant time; every secret is tried, so that the time says nothing about which one fits.
	"""
	match = _FORM.fullmatch(header) if isinstance(header, str) else None
	given = bytes.fromhex(match.group(1)) if match else b""
	fits = False
	for secret in [secrets] if isinstance(secrets, str) else secrets:
		if secret:
			wanted = hmac.new(secret.encode(), body, hashlib.sha256).digest()
			fits = hmac.compare_digest(wanted, given) or fits
	return fits


def is_verification(mode: str | None, token: str | None, verify_tokens: Iterable[str]) -> bool:
	"""Tell whether a GET is the provider's check of a new address: hub.mode and hub.verify_token. Empty tokens never fit."""
	given = (token or "").encode()
	fits = [hmac.compare_digest(wanted.encode(), given) for wanted in verify_tokens if wanted]
	return mode == "subscribe" and any(fits)
