"""Tells people about conversations by Frappe's notifications, each in their own language, by a job. Never the cause of an error."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.utils import escape_html

from dafater_crm.records import jobs

CONVERSATION = "Dafater Conversation"
TELL = "dafater_crm.records.inbox.notice.tell"


def assigned(conversation: str, user: str) -> None:
	"""Somebody else, or the rules, gave `user` a conversation."""
	_enqueue("assigned", conversation, [user])


def unanswered(conversation: str, users: Iterable[str], minutes: int) -> None:
	"""The customer waits for an answer."""
	_enqueue("unanswered", conversation, users, minutes)


def nobody_left(conversation: str, users: Iterable[str], minutes: int) -> None:
	"""Everybody who could take it has had it: its leaders decide."""
	_enqueue("nobody_left", conversation, users, minutes)


def snooze_over(conversation: str, user: str) -> None:
	_enqueue("snooze_over", conversation, [user])


def tell(kind: str, conversation: str, users: list[str], minutes: int, by: str) -> None:
	"""Job: one notification for each user. Commits."""
	title = frappe.db.get_value(CONVERSATION, conversation, "title")
	shown = frappe.bold(escape_html(title or conversation))
	for user in users:
		subject = _text(kind, language_of(user)).format(shown, minutes)
		values = {
			"type": "Alert",
			"document_type": CONVERSATION,
			"document_name": conversation,
			"subject": subject,
			"from_user": by,
		}
		make_notification_logs(frappe._dict(values), [user])
	frappe.db.commit()  # nosemgrep: manual-commit - a job of its own, or after the commit of what it tells about


def language_of(user: str) -> str | None:
	return frappe.get_cached_value("User", user, "language") or None


def _text(kind: str, language: str | None) -> str:
	if kind == "assigned":
		return _("The conversation with {0} was assigned to you.", lang=language)
	if kind == "unanswered":
		return _("{0} has waited {1} business minutes for an answer.", lang=language)
	if kind == "snooze_over":
		return _("The snooze of the conversation with {0} is over.", lang=language)
	return _(
		"{0} has waited {1} business minutes and everybody has had the conversation. Decide who answers.",
		lang=language,
	)


def _enqueue(kind: str, conversation: str, users: Iterable[str], minutes: int = 0) -> None:
	jobs.soon(
		TELL,
		queue="short",
		now=frappe.flags.in_test,
		kind=kind,
		conversation=conversation,
		users=list(users),
		minutes=minutes,
		by=frappe.session.user,
	)
