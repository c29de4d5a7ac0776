"""The text of a saved reply: `{{ name }}` and its like, in our own sandbox; the result is plain text, as messages are."""

from __future__ import annotations

import html
import re

import frappe
from frappe import _

from dafater_crm.records.sandbox import Vocabulary, check_source, render

WORDS = Vocabulary(variables=("name", "agent", "company", "team"))
VARIABLE = re.compile(r"\{[{%]")


def check(body: str | None) -> None:
	"""Raise one clear `frappe.ValidationError` unless the text can be filled in."""
	check_source(body, _("Saved Reply"), WORDS)


def fill(body: str, values: dict[str, str]) -> str:
	"""Return the text with its variables filled in; as it was written where it cannot be (it is checked when it is saved)."""
	if not VARIABLE.search(body):
		return body
	try:
		return html.unescape(render(body, _("Saved Reply"), WORDS, values))
	except frappe.ValidationError:
		frappe.clear_last_message()
		return body


def values_for(conversation, agent: str) -> dict[str, str]:
	"""What the variables say in this conversation. `agent`: full name of who answers."""
	return {
		"name": conversation.get("title") or "",
		"agent": agent,
		"company": conversation.get("company") or frappe.defaults.get_user_default("Company") or "",
		"team": conversation.get("team") or "",
	}
