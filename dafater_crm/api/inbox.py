"""What the page of the inbox reads, and who is looking at a conversation. Sending is in `api.inbox_send`, acting in `api.conversations`."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime

from dafater_crm.domain import message_limits, message_window, send_errors
from dafater_crm.queries import inbox_conversation, inbox_list, inbox_thread
from dafater_crm.records.inbox import presence, replies

CONVERSATION = inbox_list.CONVERSATION
EQUAL = ("conversation_class", "channel", "priority", "account", "team", "assigned_to")
MAX_NAMES = 100
# who works in the inbox, and so may be named in a note
INBOX_ROLES = (
	"Dafater Sales Manager",
	"Dafater Sales Operations",
	"Dafater Support Agent",
	"Dafater Account Executive",
	"Dafater Sales Development Rep",
)


@frappe.whitelist(methods=["GET", "POST"])
def conversations(
	folder: str = "all",
	statuses: list | str | None = None,
	filters: dict | str | None = None,
	search: str | None = None,
	names: list | str | None = None,
	before: list | str | None = None,
	limit: int = inbox_list.PAGE,
) -> dict:
	"""Return one page of conversations, the newest first: {"rows", "more", "people"}.

	:param folder: "mine", "unassigned", "teams" or "all".
	:param statuses: a list of statuses; [] is all, nothing the active ones.
	:param filters: class, channel, priority, account, team, assigned_to: each one value.
	:param names: only these, where they still fit the rest (what a browser asks when it hears that they changed).
	:param before: [`last_message_on`, `name`] of the last row that is known; the page after it follows.
	Permission: read on conversations; rows of the reader's own list.
	"""
	frappe.has_permission(CONVERSATION, "read", throw=True)
	wanted = inbox_list.Wanted(
		folder=folder if folder in inbox_list.FOLDERS else "all",
		statuses=_statuses(statuses),
		equal={
			field: str(value) for field, value in _parsed(filters, {}).items() if field in EQUAL and value
		},
		search=search or "",
		names=_names(names),
	)
	return inbox_list.conversations(wanted, _key(before), cint(limit))


@frappe.whitelist(methods=["GET", "POST"])
def counts() -> dict:
	"""Return {folder: {"active", "unread"}}. Permission: read on conversations; rows of the reader's own list."""
	frappe.has_permission(CONVERSATION, "read", throw=True)
	return inbox_list.counts()


@frappe.whitelist(methods=["GET", "POST"])
def conversation(name: str) -> dict:
	"""Return the conversation with its person, account, links and what may be sent now. Permission: read on it."""
	doc = _readable(name)
	return {
		"conversation": {
			field: doc.get(field)
			for field in (*inbox_list.FIELDS, "company", "language", "first_inbound_on", "resolved_on")
		},
		**inbox_conversation.head(doc),
		"window": _window(doc),
		"limits": _limits(doc.channel),
		"can_write": bool(doc.has_permission("write")),
		"present": _present(name),
	}


@frappe.whitelist(methods=["GET", "POST"])
def thread(
	name: str,
	before: list | str | None = None,
	names: list | str | None = None,
	limit: int = inbox_thread.PAGE,
) -> dict:
	"""Return a page of messages, the oldest first: {"messages", "more", "quotes", "log", "people", "window"}.

	A failed message has a `reason`: what to do, in the reader's language, where the provider's code is known.

	:param before: [`message_on`, `name`] of the oldest message that is known; the page before it follows.
	:param names: only these messages of the conversation.
	Permission: read on the conversation.
	"""
	doc = _readable(name)
	page = inbox_thread.thread(name, _key(before), _names(names), cint(limit))
	for message in page["messages"]:
		if message.status == "Failed":
			explained = send_errors.explanation(message.error_code)
			message.reason = _(explained) if explained else None
	return {**page, "window": _window(doc)}


@frappe.whitelist(methods=["GET", "POST"])
def saved_replies(name: str) -> list[dict]:
	"""Return the saved replies that fit the conversation, their variables filled in. Permission: read on it."""
	doc = _readable(name)
	values = replies.values_for(doc, _full_name())
	found = inbox_conversation.saved_replies(doc.conversation_class, doc.team)
	for reply in found:
		reply.body = replies.fill(reply.body, values)
	return found


@frappe.whitelist(methods=["GET", "POST"])
def templates(name: str) -> list[dict]:
	"""Return the approved templates of the conversation's account, each placeholder with a first value. Permission: read on it."""
	doc = _readable(name)
	values = replies.values_for(doc, _full_name())
	first = {"Person's Name": values["name"], "Agent's Name": values["agent"], "Company": values["company"]}
	found = inbox_conversation.templates(doc.account) if doc.account else []
	for template in found:
		for parameter in template.parameters:
			parameter.value = first.get(parameter.value_from, "")
	return found


@frappe.whitelist(methods=["GET", "POST"])
def mentionable(name: str, text: str = "", limit: int = 10) -> list[dict]:
	"""Return colleagues of the inbox, for a mention or to assign to: [{"user", "name"}]. Permission: read on the conversation."""
	_readable(name)
	return inbox_conversation.mentionable(text.strip()[:140], INBOX_ROLES, min(max(cint(limit), 1), 200))


@frappe.whitelist(methods=["POST"])
def viewing(name: str, here: bool = True) -> dict:
	"""Say that one has the conversation open (or no longer), and hear who else has. Permission: read on it."""
	_readable(name)
	if here:
		presence.come(name, frappe.session.user)
	else:
		presence.go(name, frappe.session.user)
	return _present(name)


@frappe.whitelist(methods=["POST"])
def typing(name: str) -> None:
	"""Tell the others who look at the conversation that one is writing. Permission: write on it."""
	_readable(name).check_permission("write")
	presence.write(name, frappe.session.user)


def _readable(name: str):
	doc = frappe.get_doc(CONVERSATION, name)
	doc.check_permission("read")
	return doc


def _present(name: str) -> dict:
	others = presence.others(name, frappe.session.user)
	people = inbox_list.people(others)
	return {
		user: {"state": state, "name": people.get(user, {}).get("name", user)}
		for user, state in others.items()
	}


def _window(doc) -> dict:
	"""What may be written now, and until when; moments in the site's time zone."""
	now = now_datetime()
	return {
		"state": message_window.state(doc.channel, doc.last_inbound_on, now),
		"closes_on": message_window.closes_on(doc.channel, doc.last_inbound_on),
		"now": now,
	}


def _limits(channel: str) -> dict:
	"""What the channel takes beside texts: files, so many buttons of so many characters, reactions (None is any emoji)."""
	most, longest = message_limits.button_limits(channel)
	return {
		"files": message_limits.takes_files(channel),
		"buttons": most,
		"button_length": longest,
		"reactions": message_limits.reactions(channel),
	}


def _full_name() -> str:
	return frappe.get_cached_value("User", frappe.session.user, "full_name") or frappe.session.user


def _statuses(given: list | str | None) -> tuple[str, ...]:
	chosen = _parsed(given, None)
	if chosen is None:
		return inbox_list.ACTIVE
	return tuple(status for status in inbox_list.STATUSES if status in chosen)


def _names(given: list | str | None) -> tuple[str, ...]:
	return tuple(str(name) for name in _parsed(given, [])[:MAX_NAMES])


def _key(given: list | str | None) -> tuple[str, str] | None:
	key = _parsed(given, None)
	if not isinstance(key, list) or len(key) != 2:
		return None
	return str(get_datetime(key[0])), str(key[1])


def _parsed(given, default):
	parsed = frappe.parse_json(given) if isinstance(given, str) and given else given
	return default if parsed is None or not isinstance(parsed, (list, dict)) else parsed
