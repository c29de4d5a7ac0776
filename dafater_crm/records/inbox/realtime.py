"""Tells open inboxes that something changed. An event carries names, never what was said: whoever gets it reads again, with the reader's rights.

Two rooms, whose subscription Frappe's socket server checks: the room of a DocType (who may read conversations at all) hears which conversation
changed, the room of one conversation (who may read this one) hears which message, and who of the team is looking or writing.

So an agent hears the names of conversations that only others may read. A name is drawn by chance and says that something happened
somewhere, no more; whoever asks for it is refused. To tell each reader alone would ask for every agent's teams and shares at each message,
and to tell "something" would have every page read its whole list.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.realtime import get_doc_room, get_doctype_room

CONVERSATION = "Dafater Conversation"
LIST_EVENT, THREAD_EVENT, PRESENCE_EVENT = (
	"dafater_inbox_list",
	"dafater_inbox_thread",
	"dafater_inbox_presence",
)


def changed(conversation: str, message: str | None = None, after_commit: bool = True) -> None:
	"""A conversation changed, or one message of it. Told after the commit of the running transaction, each once, or at once
	where the caller has committed.
	"""
	_publish(LIST_EVENT, {"conversation": conversation}, get_doctype_room(CONVERSATION), after_commit)
	values = {"conversation": conversation, "message": message}
	_publish(THREAD_EVENT, values, get_doc_room(CONVERSATION, conversation), after_commit)


def changed_many(changes: Iterable[tuple[str, str | None]]) -> None:
	"""Messages of conversations changed and are committed: told at once, each conversation once to the lists."""
	changes = list(dict.fromkeys(changes))
	for conversation in dict.fromkeys(conversation for conversation, _message in changes):
		_publish(LIST_EVENT, {"conversation": conversation}, get_doctype_room(CONVERSATION), False)
	for conversation, message in changes:
		values = {"conversation": conversation, "message": message}
		_publish(THREAD_EVENT, values, get_doc_room(CONVERSATION, conversation), False)


def presence(conversation: str, user: str, state: str) -> None:
	"""Somebody of the team came, went or writes; told at once. `state`: "Viewing", "Typing" or "Gone"."""
	values = {"conversation": conversation, "user": user, "state": state}
	_publish(PRESENCE_EVENT, values, get_doc_room(CONVERSATION, conversation), False)


def _publish(event: str, message: dict, room: str, after_commit: bool) -> None:
	# the room is always named: in a job Frappe would choose the room of the job instead
	frappe.publish_realtime(event, message, room=room, after_commit=after_commit)
