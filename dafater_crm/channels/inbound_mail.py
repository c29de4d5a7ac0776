"""The mail that Frappe is receiving at this moment.

Frappe's "append to" makes a record from three texts and hands it no headers, so that a bounce would become a lead. It offers no
hook for it either; the frame of its `InboundMail` is read, and nothing of it is changed.
"""

from __future__ import annotations

import inspect
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr

from frappe.core.utils import html2text
from frappe.email.receive import InboundMail

# the methods of InboundMail that insert records
_INSERTING = ("_create_reference_document", "_build_communication_doc")
MAX_TEXT = 10_000


def current() -> InboundMail | None:
	"""Return the mail whose processing led here, or None."""
	frame = inspect.currentframe()
	while frame:
		if frame.f_code.co_name in _INSERTING:
			mail = frame.f_locals.get("self")
			if isinstance(mail, InboundMail):
				return mail
		frame = frame.f_back
	return None


def headers(mail: InboundMail) -> dict[str, str]:
	"""The headers with lower case names; of a repeated one the first."""
	found: dict[str, str] = {}
	for name, value in mail.mail.items():
		found.setdefault(name.lower(), str(value))
	return found


def display_name(mail: InboundMail) -> str:
	"""The sender's name as it was written. Frappe's own loses hyphens and brackets, and names in other than UTF-8."""
	raw = str(mail.mail.get("X-Original-From") or mail.mail.get("From") or "")
	# addresses are parsed before words are decoded (RFC 2047, 5): a decoded name may hold a comma
	return _decoded(parseaddr(raw)[0]) or ""


def subject(mail: InboundMail) -> str:
	"""The whole subject. Frappe keeps the first part alone where a header mixes plain and encoded words."""
	decoded = _decoded(str(mail.mail.get("Subject") or ""))
	return mail.subject if decoded is None else decoded


def _decoded(raw: str) -> str | None:
	"""A header with its encoded words decoded; None where they name a charset that does not exist or do not fit it."""
	try:
		return str(make_header(decode_header(raw)))
	except (LookupError, UnicodeDecodeError, HeaderParseError):
		return None


def text(mail: InboundMail) -> str:
	"""What the person wrote, as plain text without the quoted mail below, at most 10,000 characters."""
	if mail.text_content.strip():
		from email_reply_parser import EmailReplyParser

		written = EmailReplyParser.parse_reply(mail.text_content)
	else:
		written = html2text(mail.html_content or "")
	return written.strip()[:MAX_TEXT]
