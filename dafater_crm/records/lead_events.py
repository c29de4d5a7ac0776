"""The one writer of what leads did elsewhere: on the website, in a mail tool, at an event.

Rows are appended and never edited, except for the mark of a machine, which several clicks together may prove later. An event
whose `source_reference` is known already is left out, so that a sender may repeat itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.utils import escape_html, get_datetime, now_datetime

from dafater_crm.domain import bots
from dafater_crm.domain.characters import one_line
from dafater_crm.records.raw_rows import append_rows
from dafater_crm.records.rescoring import leads_did_something

EVENT, LEAD = "Dafater Lead Event", "Dafater Lead"
CLICKED = "E-mail Clicked"
FIELDS = ("lead", "event_type", "happened_on", "subject", "channel", "source_reference", "is_bot")
# a sender's clock may be ahead of ours
CLOCK_SKEW = timedelta(minutes=10)
LONGEST = {"subject": 255, "channel": 140, "source_reference": 140}


def record(lead: str, event_type: str, **values) -> bool:
	"""Record one event; True when it is new. See `record_many`."""
	return record_many([{"lead": lead, "event_type": event_type, **values}])["recorded"] == 1


def record_many(events: Iterable[dict]) -> dict[str, int]:
	"""Record events, all or none. Returns {"recorded": new ones, "known": left out as recorded already}.

	Each event: `lead`, `event_type`; optional `happened_on` (default now), `subject` (page, file or e-mail), `channel`,
	`source_reference`, and what tells a machine: `is_bot`, `method`, `user_agent`, `sent_on` (when the e-mail was sent). A
	reference is compared on the whole site without regard to case: begin it with the name of its source. At most five
	statements. The caller has checked permission on the leads. Throws one message for a lead, type or date that is wrong.
	"""
	rows = [_row(event, number) for number, event in enumerate(events, start=1)]
	if not rows:
		return {"recorded": 0, "known": 0}
	_check_leads({row["lead"] for row in rows})
	names = _insert(rows)
	recorded = set(frappe.get_all(EVENT, {"name": ("in", names)}, pluck="name", limit=0))
	new = [row for name, row in zip(names, rows, strict=True) if name in recorded]
	_mark_bursts([row for row in new if row["event_type"] == CLICKED])
	leads_did_something({row["lead"] for row in new})
	return {"recorded": len(new), "known": len(rows) - len(new)}


def forget(lead: str) -> None:
	"""The events of a lead go with it."""
	frappe.db.delete(EVENT, {"lead": lead})


def event_types() -> list[str]:
	return frappe.get_meta(EVENT).get_field("event_type").options.split("\n")


def _row(event: dict, number: int) -> dict:
	if not isinstance(event, dict) or not event.get("lead"):
		frappe.throw(_("Event {0} names no lead.").format(number))
	if event.get("event_type") not in event_types():
		frappe.throw(
			_("Event {0}: {1} is not a type of event. Use one of these: {2}.").format(
				number, frappe.bold(_shown(event.get("event_type"))), ", ".join(event_types())
			)
		)
	happened_on = _moment(event.get("happened_on"), number) or now_datetime()
	machine = event.get("is_bot") or bots.is_bot(
		_text(event.get("method")),
		_text(event.get("user_agent")),
		happened_on,
		_moment(event.get("sent_on"), number),
	)
	return {
		"lead": _text(event["lead"]),
		"event_type": event["event_type"],
		"happened_on": min(happened_on, now_datetime()),
		# an address of a page in Arabic arrives in percent signs
		"subject": _fit(unquote(_text(event.get("subject"))), "subject") or None,
		"channel": _fit(_text(event.get("channel")), "channel") or None,
		"source_reference": _reference(event.get("source_reference"), number),
		"is_bot": int(bool(machine)),
	}


def _moment(value, number: int) -> datetime | None:
	if not value:
		return None
	try:
		moment = get_datetime(value)
	except (TypeError, ValueError, OverflowError):
		moment = None
	if moment is None:
		frappe.throw(_("Event {0}: {1} is not a date and time.").format(number, frappe.bold(_shown(value))))
	if moment.tzinfo:
		frappe.throw(_("Event {0}: write the time without a time zone, in that of this site.").format(number))
	if moment > now_datetime() + CLOCK_SKEW:
		frappe.throw(_("Event {0} lies in the future. Send it once it has happened.").format(number))
	return moment


def _reference(value, number: int) -> str | None:
	reference = _text(value)
	if len(reference) > LONGEST["source_reference"]:
		frappe.throw(
			_("Event {0}: the reference has {1} characters. It may have {2}.").format(
				number, len(reference), LONGEST["source_reference"]
			)
		)
	return reference or None


def _fit(text: str, field: str) -> str:
	return one_line(text)[: LONGEST[field]]


def _text(value) -> str:
	return one_line(value) if isinstance(value, str | int) else ""


def _shown(value) -> str:
	return escape_html(one_line(value)[:60])


def _check_leads(names: set[str]) -> None:
	known = set(frappe.get_all(LEAD, {"name": ("in", list(names))}, pluck="name", limit=0))
	if missing := sorted(names - known):
		frappe.throw(
			_("These leads do not exist: {0}.").format(", ".join(escape_html(name) for name in missing[:10])),
			frappe.DoesNotExistError,
		)


def _insert(rows: list[dict]) -> list[str]:
	return append_rows(EVENT, ({field: row[field] for field in FIELDS} for row in rows), ignore_doubles=True)


def _mark_bursts(clicks: list[dict]) -> None:
	"""Many clicks of one lead within seconds are a scanner's, also when they were sent one by one."""
	if not clicks:
		return
	table = frappe.qb.DocType(EVENT)
	moments = [row["happened_on"] for row in clicks]
	near = (
		frappe.qb.from_(table)
		.select(table.lead, table.name, table.happened_on)
		.where(table.lead.isin({row["lead"] for row in clicks}) & (table.event_type == CLICKED))
		.where(table.happened_on >= min(moments) - bots.BURST_WINDOW)
		.where(table.happened_on <= max(moments) + bots.BURST_WINDOW)
		.run()
	)
	of_lead = defaultdict(list)
	for lead, name, moment in near:
		of_lead[lead].append((name, moment))
	found = set().union(*map(bots.bursts, of_lead.values()))
	if found:
		frappe.qb.update(table).set(table.is_bot, 1).where(table.name.isin(found)).run()
