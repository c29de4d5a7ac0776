"""What counts as an interaction with a lead, once, for every report that counts or dates them.

An interaction is a Communication of type "Communication" (e-mail, message; sent or received), a message of the inbox that
went to the person or came from there (WhatsApp, Messenger, Instagram, SMS; its e-mails are Communications), or an activity
that is done and in which somebody spoke: call, meeting, visit, e-mail. It belongs to the lead it is filed on, or to the lead
behind the opportunity it is filed on. Notes, tasks, comments and anything dated in the future are none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import frappe
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Coalesce, Count, Date, Max
from frappe.utils import now_datetime
from pypika.functions import Cast, Length
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Field, Function, LiteralValue, NullValue, Term

from dafater_crm.domain.channels import INSTAGRAM, MESSENGER, SMS, WHATSAPP
from dafater_crm.queries.last_contact import TOUCHES

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"
# A stamp is microseconds since EPOCH times CHANNELS plus the number of the channel: it fits a whole number of MariaDB
# until the year 3000, and is compared exactly.
EPOCH, CHANNELS = datetime(1900, 1, 1), 256
# channels of the inbox that keep no Communication
CHATS = (WHATSAPP, MESSENGER, INSTAGRAM, SMS)

Left = CustomFunction("LEFT", ["text", "length"])
MicrosecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])


class PlaceIn(Function):
	"""FIELD(value, first, second, …): the place of a value in a list from 1 on, 0 for none."""

	def __init__(self, value: Term, *words: str):
		super().__init__("FIELD", value, *words)


@dataclass(frozen=True)
class Kind:
	"""One of the six places where interactions are: a query without columns, and its terms."""

	query: QueryBuilder
	lead: Field
	moment: Term
	channel: Term


def kinds() -> list[Kind]:
	"""Messages, activities and chats, each on leads and on opportunities; served by reference index.

	No permission here: whoever joins them to leads applies `ListedRows`, as in the timeline, where the reader of a record reads
	what was said on it.
	"""
	return [
		kind(through_opportunity)
		for kind in (_messages, _activities, _chats)
		for through_opportunity in (False, True)
	]


def counts_until(lead: Field, day: Field) -> list[QueryBuilder]:
	"""Six correlated counts, to be added up: interactions of `lead` up to the end of `day` (a Date column)."""
	return [
		kind.query.select(Count("*")).where(kind.lead == lead).where(Date(kind.moment) <= day)
		for kind in kinds()
	]


def interactions(width: int, leads: Criterion | None = None) -> list[QueryBuilder]:
	"""Reads to be joined by UNION ALL, with the columns lead, stamp and age: one row an interaction; age is NULL.

	Whosesoever lead it is, unless `leads` says of which (a condition on the lead's own table, for few of them: each is then
	looked up). All are narrow, since every interaction of the site passes through a temporary table: `lead` is the name in bytes
	(`in_bytes`), `stamp` is one whole number for moment and channel, the latest being the greatest.
	"""
	channels = channel_words()
	found = _of_all(kinds()) if leads is None else [_of_leads(kind, leads) for kind in kinds()]
	return [
		kind.query.select(
			in_bytes(kind.lead, width).as_("lead"),
			_stamp(kind.moment, kind.channel, channels).as_("stamp"),
			NullValue().as_("age"),
		)
		for kind in found
	]


def _of_all(found: list[Kind]) -> list[Kind]:
	"""Where all interactions are read, MariaDB is told how: of the indexes on activities it takes one that sends it to every row of the
	table (seven times slower), and it looks for messages of every opportunity instead of reading them in order (twice as slow)."""
	messages, messages_on_deals, activities, *others = found
	messages_on_deals = replace(messages_on_deals, query=messages_on_deals.query.modifier("STRAIGHT_JOIN"))
	activities = replace(activities, query=activities.query.force_index("touches"))
	return [messages, messages_on_deals, activities, *others]


def _of_leads(kind: Kind, leads: Criterion) -> Kind:
	lead = frappe.qb.DocType(LEAD)
	return replace(kind, query=kind.query.join(lead).on(lead.name == kind.lead).where(leads))


def longest_name(doctype: str = LEAD) -> int:
	"""Bytes of the longest name of a record; one statement, read from an index."""
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select(Max(Length(table.name))).run()[0][0] or 1


def in_bytes(name: Term, width: int) -> Term:
	"""A lead's name in bytes, in a column just wide enough: compared as bytes, and not by the rules of Unicode.

	A longer name is none of a record whose longest name is `width`. `text_of` turns it back.
	"""
	return Left(Cast(name, "BINARY"), width + 1)


def channel_words() -> list[str]:
	"""Every channel that an interaction can have: Communication's media, the kinds of activity and the inbox's channels, each once."""
	media = frappe.get_meta("Communication").get_field("communication_medium").options or ""
	return list(dict.fromkeys(word for word in (*media.split("\n"), *TOUCHES, *CHATS) if word))


def channel_of(stamp: Term) -> Term:
	"""Number of a stamp's channel: its place in `channel_words`, 0 where the message has none."""
	return stamp % CHANNELS


def read_stamp(stamp: int, channels: list[str]) -> tuple[datetime, str]:
	"""Moment and channel of a stamp; "" where the message has none."""
	microseconds, place = divmod(int(stamp), CHANNELS)
	return EPOCH + timedelta(microseconds=microseconds), channels[place - 1] if place else ""


class text_of(Cast):
	"""Bytes as text in the collation of Frappe's tables, so that the index of a name can be used."""

	def __init__(self, term: Term):
		super().__init__(term, "CHAR CHARACTER SET utf8mb4")

	def get_function_sql(self, **kwargs) -> str:
		return f"{super().get_function_sql(**kwargs)} COLLATE utf8mb4_unicode_ci"


def _stamp(moment: Term, channel: Term, channels: list[str]) -> Term:
	return MicrosecondsBetween(LiteralValue("MICROSECOND"), EPOCH, moment) * CHANNELS + PlaceIn(
		channel, *channels
	)


def _messages(through_opportunity: bool) -> Kind:
	table = frappe.qb.DocType("Communication")
	# a message that came in through an import may have no date of its own
	moment = Coalesce(table.communication_date, table.creation)
	query, lead = referring(table, through_opportunity)
	query = query.where(table.communication_type == "Communication").where(moment <= now_datetime())
	return Kind(query, lead, moment, Coalesce(table.communication_medium, ""))


def _activities(through_opportunity: bool) -> Kind:
	table = frappe.qb.DocType("Dafater Activity")
	query, lead = referring(table, through_opportunity)
	query = query.where((table.status == "Done") & table.activity_type.isin(TOUCHES))
	return Kind(query.where(table.done_on <= now_datetime()), lead, table.done_on, table.activity_type)


def _chats(through_opportunity: bool) -> Kind:
	"""A conversation that knows its lead counts there; one that knows an opportunity only, for the lead behind it."""
	table, conversation = frappe.qb.DocType("Dafater Message"), frappe.qb.DocType("Dafater Conversation")
	query = frappe.qb.from_(conversation).join(table).on(table.conversation == conversation.name)
	lead = conversation.lead
	if through_opportunity:
		opportunity = frappe.qb.DocType(OPPORTUNITY)
		query = query.join(opportunity).on(opportunity.name == conversation.opportunity)
		query = query.where((Coalesce(lead, "") == "") & (conversation.opportunity > ""))
		lead = opportunity.lead
	query = query.where((lead > "") & conversation.channel.isin(CHATS))
	query = query.where(table.direction.isin(("Incoming", "Outgoing")) & (table.message_on <= now_datetime()))
	return Kind(query, lead, table.message_on, conversation.channel)


def referring(table, through_opportunity: bool) -> tuple[QueryBuilder, Field]:
	"""Rows of `table` filed on leads, or on the opportunities that came from them; and the field with the lead's name."""
	if not through_opportunity:
		return frappe.qb.from_(table).where(table.reference_doctype == LEAD), table.reference_name
	opportunity = frappe.qb.DocType(OPPORTUNITY)
	query = (
		frappe.qb.from_(table)
		.join(opportunity)
		.on(opportunity.name == table.reference_name)
		.where((table.reference_doctype == OPPORTUNITY) & opportunity.lead.isnotnull())
	)
	return query, opportunity.lead
