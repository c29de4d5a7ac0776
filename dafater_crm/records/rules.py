"""Turns the errors of `domain`, which know no language, into the one message that the user reads."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.domain.errors import MESSAGES, RuleError


class explained:
	"""Raise a `RuleError` from the block as a translated `frappe.ValidationError`.

	:param title: translated heading of the message, for example the field's label; a function is asked only when
		there is something to say, since looking a label up for every good value costs more than the checks themselves.
	"""

	__slots__ = ("title",)

	def __init__(self, title: str | Callable[[], str] | None = None):
		self.title = title

	def __enter__(self) -> None:
		return None

	def __exit__(self, kind, error, traceback) -> None:
		if isinstance(error, RuleError):
			_refuse(error, self.title() if callable(self.title) else self.title)


def _refuse(error: RuleError, heading: str | None) -> None:
	# the parameters are what the user typed, and a message is rendered as HTML
	shown = (escape_html(arg) if isinstance(arg, str) else arg for arg in error.args_for_message)
	message = _(MESSAGES[error.code]).format(*shown)
	frappe.throw(message, title=heading or _("Please Correct"), exc=frappe.ValidationError)
