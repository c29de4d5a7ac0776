"""Which conversations a search means: by the person's number, address or name, by the subject, by what was said.

Each way answers with the newest conversations of the reader's own list, so what the list shows of a search is exactly the newest of all
that fit. Numbers, titles and words have indexes. A word that is in every tenth message would be slow there, since a full-text index
collects all its rows before the first is shown; so the reader's newest conversations are read first, and mostly that fills the page.
A word finds the words that begin with it, also behind the Arabic article and the letters that are written together with it.
"""

from __future__ import annotations

import re
from typing import Protocol

import frappe
from pypika.terms import Criterion

from dafater_crm.domain import phones
from dafater_crm.domain.characters import ascii_digits, one_line
from dafater_crm.domain.errors import RuleError
from dafater_crm.queries.view_section import Rendered

CONVERSATION, MESSAGE, IDENTITY = "Dafater Conversation", "Dafater Message", "Dafater Contact Identity"
# so many of the reader's newest conversations are looked through for a word before the index of all messages is asked
LOOKED_THROUGH, FIRST = 1000, 100
# persons whose number begins or ends as it was typed; the newest
MOST_PERSONS = 500
SHORTEST_PHONE = 4
COUNTRY = "966"
MAX_WORDS = 6
ARABIC = re.compile(r"[\u0621-\u064a]")
# the article and the letters joined to a word: and, in, for, with their article
JOINED = ("ال", "و", "وال", "ب", "بال", "ل", "لل")
WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\D+")


class Reader(Protocol):
	"""The list of whoever searches, narrowed to what was asked for beside the words."""

	limit: int

	def narrowed(self, query): ...

	def newest(self, most: int) -> list[str]: ...


def found_by(search: str, reader: Reader) -> tuple[str, ...]:
	"""Return names of conversations: the newest `reader.limit` that the search means are among them. () for none.

	`narrowed` adds the reader's conditions, order and limit to a query of conversations; `newest` names the newest of the reader's list.
	Seven statements at most.
	"""
	text = one_line(search)[:140]
	wanted = expression(text)
	names = dict.fromkeys(_by_person(text, reader) if text else ())
	if wanted:
		names |= dict.fromkeys([*_by_title(wanted, reader), *_by_what_was_said(text, wanted, reader)])
	return tuple(names)


def _by_person(text: str, reader: Reader) -> list[str]:
	"""By the phone number, its beginning or its end, or the beginning of an address, or a user name."""
	identity = frappe.qb.DocType(IDENTITY)
	if not re.search(r"[^\W\d_]", text):
		return _by_number(text, reader)
	if "@" in text:
		begins = identity.email_id.like(f"{_literal(text)}%")
		return _of_persons(begins | (identity.username == text.lstrip("@")), reader)
	return []


def _by_number(text: str, reader: Reader) -> list[str]:
	"""A whole number however it is written, 05…, 9665…, 009665…; else those that begin or end as typed. By indexes."""
	identity = frappe.qb.DocType(IDENTITY)
	if (number := _whole(text)) and (found := _of_persons(identity.phone == number, reader)):
		return found
	typed = DIGITS.sub("", ascii_digits(text))
	digits = typed.removeprefix("00").lstrip("0")
	if len(digits) < SHORTEST_PHONE:
		return []
	begins = identity.phone.like(f"+{digits}%") | identity.phone.like(f"+{COUNTRY}{digits}%")
	# the numbers backwards, see the DocType's `on_doctype_update`
	ends = identity["_phone_backwards"].like(f"{digits[::-1]}%")
	return _of_persons(begins | ends, reader)


def _whole(text: str) -> str | None:
	try:
		return phones.to_e164(text) or None
	except RuleError:
		return None


def _of_persons(rule: Criterion, reader: Reader) -> list[str]:
	identity, conversation = frappe.qb.DocType(IDENTITY), frappe.qb.DocType(CONVERSATION)
	# first the persons, then theirs: joined at once, the server would walk through all conversations instead
	persons = (
		frappe.qb.from_(identity)
		.select(identity.name)
		.where(rule)
		.orderby(identity.last_inbound_on, order=frappe.qb.desc)
		.limit(MOST_PERSONS)
		.as_("persons")
	)
	query = frappe.qb.from_(persons).join(conversation).on(conversation.identity == persons.name)
	return reader.narrowed(query.select(conversation.name)).run(pluck=True)


def _by_title(wanted: str, reader: Reader) -> list[str]:
	conversation = frappe.qb.DocType(CONVERSATION)
	query = frappe.qb.from_(conversation).select(conversation.name)
	return reader.narrowed(query.where(_matches("`title`, `subject`", wanted))).run(pluck=True)


def _by_what_was_said(text: str, wanted: str, reader: Reader) -> list[str]:
	"""In the newest conversations; in all of them where those did not fill the page. Four statements at most."""
	newest, found = reader.newest(LOOKED_THROUGH), []
	# what everybody says is found in the first few
	for some in (newest[:FIRST], newest[FIRST:]):
		found += _said_in(some, text) if some else []
		if len(found) >= reader.limit:
			return found[: reader.limit]
	if len(newest) < LOOKED_THROUGH:
		return found
	conversation, message = frappe.qb.DocType(CONVERSATION), frappe.qb.DocType(MESSAGE)
	query = (
		frappe.qb.from_(message)
		.join(conversation)
		.on(conversation.name == message.conversation)
		.select(conversation.name)
		.distinct()
		.where(_matches("`body`", wanted))
		.where(message.deleted_on.isnull())
	)
	return reader.narrowed(query).run(pluck=True)


def _said_in(names: list[str], text: str) -> list[str]:
	"""Those of these conversations in which it was said, in the order given."""
	message = frappe.qb.DocType(MESSAGE)
	query = (
		frappe.qb.from_(message)
		.select(message.conversation)
		.distinct()
		.where(message.conversation.isin(names))
		.where(message.deleted_on.isnull())
	)
	for word in _words(text):
		query = query.where(message.body.regexp(_pattern(word)))
	found = set(query.run(pluck=True))
	return [name for name in names if name in found]


def expression(text: str) -> str:
	"""Return the search as MariaDB's boolean full-text expression, "" where it has no word. Nothing in it is an operator of the user's."""
	return " ".join(_word(word) for word in _words(text))


def _words(text: str) -> list[str]:
	words = WORD.findall(text)[:MAX_WORDS]
	return [word for word in words if len(word) > 1 or len(words) == 1]


def _pattern(word: str) -> str:
	"""What `expression` finds, as a regular expression of MariaDB's."""
	joined = f"(?:{'|'.join(JOINED)})?" if ARABIC.search(word) else ""
	return rf"(?<![\p{{L}}\p{{N}}_]){joined}{word}"


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
