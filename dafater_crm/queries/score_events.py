"""What leads did: recorded events, and messages and activities, which count as events without being copied.

| event | is |
|---|---|
| Reply | a Communication received |
| Message Sent | a Communication sent, or an e-mail activity that is done |
| E-mail Opened | a sent Communication that Frappe's own tracking saw opened, not within seconds of sending |
| Call, Meeting, Visit | an activity of that type that is done |

They belong to the lead they are filed on, or to the lead behind the opportunity they are filed on. Events by machines and
those dated in the future are left out. No permission here: scores are computed for all, whoever saves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

import frappe
from frappe.query_builder import Interval
from frappe.query_builder.functions import Coalesce, Count, Date
from frappe.utils import getdate, now_datetime
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Term, ValueWrapper

from dafater_crm.domain.bots import AFTER_SENDING
from dafater_crm.domain.scoring import Event
from dafater_crm.queries.report_interactions import referring

OPENED, REPLY, SENT = "E-mail Opened", "Reply", "Message Sent"
ACTIVITY_EVENTS = {"Call": "Call", "Meeting": "Meeting", "Visit": "Visit", "E-mail": SENT}


def events_of(
	leads: Collection[str], types: Collection[str], since: datetime | None = None
) -> dict[str, list[Event]]:
	"""{lead: its events of these types}, by whole days. At most seven statements, whatever the number of leads."""
	found: dict[str, list[Event]] = defaultdict(list)
	if not leads or not types:
		return found
	today = getdate()
	for query in _sources(list(leads), set(types), since):
		for lead, event_type, subject, day, times, key in query.run():
			age = max(0, (today - getdate(day)).days)
			found[lead].append(Event(event_type, subject or "", age, times, key or ""))
	return found


def _sources(leads: list[str], types: set[str], since: datetime | None) -> Iterator[QueryBuilder]:
	yield _recorded(leads, types, since)
	for through_opportunity in (False, True):
		if types & {REPLY, SENT}:
			yield _messages(through_opportunity, leads, types, since)
		if OPENED in types:
			yield _opened(through_opportunity, leads, since)
		if kinds := [kind for kind, event_type in ACTIVITY_EVENTS.items() if event_type in types]:
			yield _activities(through_opportunity, leads, kinds, since)


def _recorded(leads: list[str], types: set[str], since: datetime | None) -> QueryBuilder:
	table = frappe.qb.DocType("Dafater Lead Event")
	day = Date(table.happened_on)
	query = (
		frappe.qb.from_(table)
		.select(table.lead, table.event_type, table.subject, day, Count("*"), ValueWrapper(""))
		.where(table.lead.isin(leads) & table.event_type.isin(types) & (table.is_bot == 0))
		.groupby(table.lead, table.event_type, table.subject, day)
	)
	return _between(query, table.happened_on, since)


def _messages(through: bool, leads: list[str], types: set[str], since: datetime | None) -> QueryBuilder:
	table = frappe.qb.DocType("Communication")
	query, lead = referring(table, through)
	# a message that came in through an import may have no date of its own
	moment = Coalesce(table.communication_date, table.creation)
	directions = [way for way, event_type in (("Received", REPLY), ("Sent", SENT)) if event_type in types]
	event_type = Case().when(table.sent_or_received == "Received", REPLY).else_(SENT)
	query = query.select(lead, event_type, table.subject, Date(moment), ValueWrapper(1), table.name).where(
		lead.isin(leads)
		& (table.communication_type == "Communication")
		& table.sent_or_received.isin(directions)
	)
	return _between(query, moment, since)


def _opened(through: bool, leads: list[str], since: datetime | None) -> QueryBuilder:
	table = frappe.qb.DocType("Communication")
	query, lead = referring(table, through)
	opened = table.read_by_recipient_on
	sent = Coalesce(table.communication_date, table.creation)
	soon = Interval(seconds=int(AFTER_SENDING.total_seconds()))
	query = query.select(
		lead, ValueWrapper(OPENED), table.subject, Date(opened), ValueWrapper(1), table.name
	).where(
		lead.isin(leads)
		& (table.sent_or_received == "Sent")
		& (table.read_by_recipient == 1)
		& (opened >= sent + soon)
	)
	return _between(query, opened, since)


def _activities(through: bool, leads: list[str], kinds: list[str], since: datetime | None) -> QueryBuilder:
	table = frappe.qb.DocType("Dafater Activity")
	query, lead = referring(table, through)
	event_type = Case()
	for kind in kinds:
		event_type = event_type.when(table.activity_type == kind, ACTIVITY_EVENTS[kind])
	query = query.select(
		lead, event_type, table.subject, Date(table.done_on), ValueWrapper(1), table.name
	).where(lead.isin(leads) & (table.status == "Done") & table.activity_type.isin(kinds))
	return _between(query, table.done_on, since)


def _between(query: QueryBuilder, moment: Term, since: datetime | None) -> QueryBuilder:
	query = query.where(moment <= now_datetime())
	return query.where(moment >= since) if since else query
