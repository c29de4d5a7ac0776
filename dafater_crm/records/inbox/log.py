"""The one writer of the conversation log, and the one reader that turns its codes into sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.records import log_texts
from dafater_crm.records.inbox.batch import Batch
from dafater_crm.records.raw_rows import append_rows

LOG = "Dafater Conversation Log"
# kinds
CLASS, ASSIGNMENT, STATUS, PRIORITY, TEAM, LINK = "Class", "Assignment", "Status", "Priority", "Team", "Link"
# causes
BY_RULE, BY_AGENT, BY_SYSTEM, BY_REMINDER, AGENT_LEFT = "Rule", "Agent", "System", "Reminder", "Agent Left"
VALUE_LENGTH = 140


@dataclass
class Entry:
	"""One row to be appended: `kind` went from `old` to `new`, because of `cause`."""

	conversation: str
	kind: str
	old: str | None
	new: str | None
	cause: str
	rule: str | None = None
	reasons: tuple = ()


def append(entries: list[Entry], now: datetime | None = None, store: Batch | None = None) -> None:
	"""Append rows in one statement, or with what `store` keeps. Rows are never changed, so no controller runs for them."""
	if not entries:
		return
	now, user = now or now_datetime(), frappe.session.user
	rows = [
		{
			"conversation": entry.conversation,
			"kind": entry.kind,
			"old_value": _short(entry.old),
			"new_value": _short(entry.new),
			"cause": entry.cause,
			"rule": entry.rule,
			"done_by": user,
			"logged_on": now,
			"reasons": json.dumps(entry.reasons, ensure_ascii=False) if entry.reasons else None,
		}
		for entry in entries
	]
	if store:
		for row in rows:
			store.insert(LOG, **row)
		return
	# rows of one moment keep their order
	append_rows(
		LOG, [{"creation": now + timedelta(microseconds=n), **row} for n, row in enumerate(rows)], now
	)


def by_agent(conversation: str, kinds: list[str]) -> set[str]:
	"""Those of `kinds` that a person has ever set on the conversation. One statement."""
	table = frappe.qb.DocType(LOG)
	return set(
		frappe.qb.from_(table)
		.select(table.kind)
		.distinct()
		.where((table.conversation == conversation) & (table.cause == BY_AGENT) & table.kind.isin(kinds))
		.run(pluck=True)
	)


def sentences(stored: str | None) -> list[str]:
	"""Translate the stored codes; an unknown code of a later release is left out."""
	return log_texts.sentences(stored, _texts())


def _short(value: str | None) -> str | None:
	return str(value)[:VALUE_LENGTH] if value else None


def _texts() -> dict[str, str]:
	return {
		"account_default": _("It is the default of the channel account."),
		"all_had_it": _("Everybody who could take it has had it. The leaders were asked to decide."),
		"has_skill": _("The agent has the skill {skill}."),
		"keyword": _("The customer wrote “{keyword}”."),
		"knows_person": _("The agent spoke with this customer before."),
		"least_loaded": _("The agent has the fewest open conversations."),
		"left": _("The earlier agent is disabled or on time off."),
		"load": _("The agent now has {load} open conversations."),
		"load_of_capacity": _("The agent now has {load} of at most {capacity} open conversations."),
		"no_answer_in": _("The customer had waited {minutes} business minutes."),
		"nobody_available": _("None of the {asked} agents is available."),
		"outside_hours": _("No agent works now. It waits for the next working hours."),
		"nobody_has_room": _(
			"All {asked} agents who work now have as many open conversations as they may have."
		),
		"reminded": _("The agent was reminded after {minutes} business minutes."),
		"snooze_over": _("The snooze was over."),
	}
