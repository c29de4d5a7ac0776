"""Which conversations a search means: by the person's number, address or name, by the subject, by what was said.

What people call themselves, subjects and messages have full-text indexes, since a pattern over a million messages would read all of them.
A word finds the words that begin with it, also behind the Arabic article and the letters that are written together with it.
"""

from __future__ import annotations

import re

import frappe
from frappe.query_builder import Order

from dafater_crm.domain.characters import ascii_digits, one_line
from dafater_crm.queries.view_section import Rendered

CONVERSATION, MESSAGE, IDENTITY = "Dafater Conversation", "Dafater Message", "Dafater Contact Identity"
# a search that finds more than these is too wide to be useful; the newest are shown
MOST = 500
SHORTEST_PHONE = 4
MAX_WORDS = 6
ARABIC = re.compile(r"[\u0621-\u064a]")
# the article and the letters joined to a word: and, in, for, with their article
JOINED = ("ال", "و", "وال", "ب", "بال", "ل", "لل")
WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\D+")


def found_by(search: str) -> tuple[str, ...]:
	"""Return the names of conversations that the search may mean, whoever may see them; () for none. Three statements."""
	text = one_line(search)[:140]
	if not text:
		return ()
	names = dict.fromkeys([*_by_person(text), *_by_words(text)])
	return tuple(names)[: 2 * MOST]


def _by_person(text: str) -> list[str]:
	"""By a part of the phone number, or the beginning of an address or a user name."""
	identity, conversation = frappe.qb.DocType(IDENTITY), frappe.qb.DocType(CONVERSATION)
	digits = DIGITS.sub("", ascii_digits(text)).removeprefix("00").lstrip("0")
	if len(digits) >= SHORTEST_PHONE and not re.search(r"[^\W\d_]", text):
		rule = identity.phone.like(f"%{digits}%")
	elif "@" in text:
		rule = identity.email_id.like(f"{_literal(text)}%") | (identity.username == text.lstrip("@"))
	else:
		return []
	# first the persons, then theirs: joined at once, the server would walk through all conversations instead
	persons = frappe.qb.from_(identity).select(identity.name).where(rule).limit(MOST).as_("persons")
	return (
		frappe.qb.from_(persons)
		.join(conversation)
		.on(conversation.identity == persons.name)
		.select(conversation.name)
		.orderby(conversation.last_message_on, order=Order.desc)
		.limit(MOST)
		.run(pluck=True)
	)


def _by_words(text: str) -> list[str]:
	wanted = expression(text)
	if not wanted:
		return []
	conversation, message = frappe.qb.DocType(CONVERSATION), frappe.qb.DocType(MESSAGE)
	titles = (
		frappe.qb.from_(conversation)
		.select(conversation.name)
		.where(_matches("`title`, `subject`", wanted))
		.limit(MOST)
		.run(pluck=True)
	)
	said = (
		frappe.qb.from_(message)
		.select(message.conversation)
		.where(_matches("`body`", wanted))
		.where(message.deleted_on.isnull())
		.limit(MOST)
		.run(pluck=True)
	)
	return [*titles, *said]


def expression(text: str) -> str:
	"""Return the search as MariaDB's boolean full-text expression, "" where it has no word. Nothing in it is an operator of the user's."""
	words = WORD.findall(text)[:MAX_WORDS]
	return " ".join(_word(word) for word in words if len(word) > 1 or len(words) == 1)


def _word(word: str) -> str:
	if not ARABIC.search(word):
		return f"+{word}*"
	return "+(" + " ".join(f"{part}{word}*" for part in ("", *JOINED)) + ")"


def _literal(text: str) -> str:
	"""The text inside a LIKE pattern."""
	return re.sub(r"([\\%_])", r"\\\1", text)


def _matches(columns: str, wanted: str) -> Rendered:
	"""A condition on columns that have a full-text index together; the columns are ours, the expression is escaped."""
	return Rendered(f"MATCH ({columns}) AGAINST ({frappe.db.escape(wanted)} IN BOOLEAN MODE)")
