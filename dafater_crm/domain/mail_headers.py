"""What the headers of a received mail say about its sender: a person, or a program that wants no answer.

RFC 3834 (Auto-Submitted), RFC 2919 (List-Id), RFC 2369 (List-Unsubscribe), RFC 3464 (delivery reports), and the older
Precedence and X- headers that mail programs still set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .characters import one_line

_PRESENT = (
	"list-id",
	"list-unsubscribe",
	"list-post",
	"x-autoreply",
	"x-autorespond",
	"x-auto-response-suppress",
)
_BULK = frozenset(("bulk", "list", "junk", "auto_reply"))
_ROBOT = re.compile(
	r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|notifications?)(?:[-+=.][^@]*)?@"
)
_SEPARATORS = re.compile(r"[._\-+0-9]+")
# a name that begins with one of these would be refused as a spreadsheet formula
_LEADING = "=+-@\uff1d\uff0b\uff0d\uff20 "


def is_automatic(headers: Mapping[str, str], sender: str, content_type: str = "") -> bool:
	"""Tell whether a program wrote the mail: auto-reply, bounce, mailing list, bulk sender.

	`headers` has lower case names. An empty envelope sender ("Return-Path: <>") is a bounce by RFC 5321.
	"""
	if headers.get("auto-submitted", "no").split(";")[0].strip().lower() != "no":
		return True
	if any(name in headers for name in _PRESENT):
		return True
	if (
		headers.get("precedence", "").strip().lower() in _BULK
		or headers.get("return-path", "").strip() == "<>"
	):
		return True
	return content_type == "multipart/report" or bool(_ROBOT.match(sender.lower()))


def person_name(display_name: str | None, address: str, max_length: int = 140) -> str:
	"""Return a name for the lead: the display name without markup and formula signs, else one made of the address.

	"sara.alqahtani7@example.com" gives "Sara Alqahtani". Never empty for a valid address.
	"""
	name = one_line(re.sub(r"[<>\"|]", " ", display_name or "")).lstrip(_LEADING).strip("' ")
	if not name or "@" in name:
		local = address.split("@")[0]
		name = one_line(_SEPARATORS.sub(" ", local)).title() or local
	return name[:max_length].strip()
