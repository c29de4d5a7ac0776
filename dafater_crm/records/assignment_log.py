"""The one writer of the assignment log, and the one reader that turns its codes into sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_datetime, get_fullname

from dafater_crm.records import log_texts
from dafater_crm.records.history import seconds_since
from dafater_crm.records.raw_rows import append_rows

LOG = "Dafater Assignment Log"
NEW_LEAD, UNTOUCHED, ESCALATED = "New Lead", "Untouched", "Escalated"
BY_HAND, AGENT_LEFT, CAPACITY = "By Hand", "Agent Left", "Capacity"


@dataclass
class Entry:
	"""One row to be appended. `agent` None: nobody took the lead, `reasons` say why."""

	lead: str
	cause: str
	agent: str | None
	previous: str | None = None
	rule: str | None = None
	since: datetime | None = None
	reasons: tuple = ()
	note: str | None = None


def append(entries: list[Entry], now: datetime) -> list[str]:
	"""Append rows in one statement and return their names. Rows are never changed, so no controller runs for them."""
	user = frappe.session.user
	rows = []
	for entry in entries:
		values = {
			"lead": entry.lead,
			"cause": entry.cause,
			"agent": entry.agent,
			"previous": entry.previous,
			"rule": entry.rule,
			"logged_on": now,
			"waited": seconds_since(entry.since, now),
			"done_by": user,
			"reasons": json.dumps(entry.reasons, ensure_ascii=False),
			"note": entry.note,
		}
		rows.append(values)
	return append_rows(LOG, rows, now)


def forget(lead: str) -> None:
	"""The log goes with its lead."""
	table = frappe.qb.DocType(LOG)
	frappe.qb.from_(table).delete().where(table.lead == lead).run()


def sentences(stored: str | None) -> list[str]:
	"""Translate the stored codes; an unknown code of a later release is left out."""
	return log_texts.sentences(stored, _texts())


def _texts() -> dict[str, str]:
	return {
		"fallback_leader": _("Nobody else could take it, so the team leader has it."),
		"least_loaded": _("The agent has the fewest open leads."),
		"load": _("The agent now has {load} open leads."),
		"load_of_capacity": _("The agent now has {load} of at most {capacity} open leads."),
		"matches_item_group": _("The agent takes this product group."),
		"matches_language": _("The agent speaks the lead's language."),
		"matches_territory": _("The agent takes this territory."),
		"next_turn": _("It was the agent's turn."),
		"no_rule": _("No assignment rule fits this lead."),
		"nobody_available": _("None of the {asked} candidates is enabled, available and not on time off."),
		"nobody_has_room": _("All {asked} candidates who work now have as many open leads as they may have."),
		"nobody_suits": _("No candidate takes this territory, language and product group."),
		"outside_hours": _("No candidate works now. The lead waits for the next working hours."),
		"outside_hours_anyway": _("Nobody works now, but the rule does not wait."),
		"passed_on_often": _("It was passed on {times} times and nobody acted."),
		"taken_back": _("It was taken back from an agent who cannot work on it."),
		"untouched_for": _("The earlier agent left it untouched for {hours} business hours."),
		"waited_for_capacity": _("It had waited until somebody had room."),
		"waited_for_hours": _("It had waited for working hours."),
	}


def shown(row) -> dict:
	"""A row of the log as the form shows it: names of people, translated cause and sentences."""
	return {
		"on": get_datetime(row.logged_on),
		"cause": _(row.cause),
		"agent": _full_name(row.agent),
		"previous": _full_name(row.previous),
		"done_by": _full_name(row.done_by),
		"rule": row.rule,
		"waited": row.waited,
		"reasons": sentences(row.reasons),
		"note": row.note,
	}


def _full_name(user: str | None) -> str | None:
	return get_fullname(user) if user else None
