"""What logs say: sentences in the reader's language from stored codes, and texts of what was refused or failed."""

from __future__ import annotations

import json

import frappe
from frappe.utils import cstr

# a log of many rows holds so much of an error at most
MOST_TEXT = 500


def sentences(stored: str | None, texts: dict[str, str]) -> list[str]:
	"""Fill the translated `texts` with the stored values; an unknown code of a later release is left out.

	:param stored: JSON of [[code, {name: value}], …].
	"""
	try:
		found = json.loads(stored or "[]")
	except ValueError:
		return []
	return [texts[code].format(**values) for code, values in found if code in texts]


def message_of(error: Exception, most: int | None = None) -> str:
	"""The text of a refused document for a file or a log: no HTML, and Frappe's pending pop-up is taken back."""
	frappe.clear_messages()
	return frappe.utils.strip_html(cstr(error)).strip()[:most]
