"""Turns the errors of `domain`, which know no language, into the one message that the user reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.domain.errors import MESSAGES, RuleError


@contextmanager
def explained(title: str | Callable[[], str] | None = None) -> Iterator[None]:
	"""Raise a `RuleError` from the block as a translated `frappe.ValidationError`.

	:param title: translated heading of the message, for example the field's label; a function is asked only when
		there is something to say, since looking a label up for every good value costs more than the checks themselves.
	"""
	try:
		yield
	except RuleError as error:
		# the parameters are what the user typed, and a message is rendered as HTML
		shown = (escape_html(arg) if isinstance(arg, str) else arg for arg in error.args_for_message)
		message = _(MESSAGES[error.code]).format(*shown)
		heading = title() if callable(title) else title
		frappe.throw(message, title=heading or _("Please Correct"), exc=frappe.ValidationError)
