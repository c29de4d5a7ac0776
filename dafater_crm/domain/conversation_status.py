"""Statuses of a conversation as people move them, and the clocks that stop and start with them.

New: nobody looked yet. Open: somebody works on it. Pending: the customer is to answer. Snoozed: until a moment. Resolved.
Received messages move it as well; `records.inbox.writer` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .business_time import BusinessCalendar
from .errors import RuleError

NEW, OPEN, PENDING, SNOOZED, RESOLVED = STATUSES = ("New", "Open", "Pending", "Snoozed", "Resolved")
# somebody has to do something now: these count against an agent's capacity
AT_WORK = (NEW, OPEN)


def moved(
	row: Mapping[str, Any],
	status: str,
	now: datetime,
	calendar: BusinessCalendar,
	until: datetime | None = None,
) -> dict[str, Any]:
	"""Return the columns that change when a person gives the conversation `row` this status; {} when none does.

	:param calendar: counts `resolution_business`; an empty one leaves it out.
	:param until: the end of a snooze.
	Raises RuleError: back to New, a snooze without an end or with one that is past. ValueError: no such status.
	"""
	if status not in STATUSES:
		raise ValueError(f"{status} is no status of a conversation")
	before = row.get("status")
	if status == before and (status != SNOOZED or until == row.get("snoozed_until")):
		return {}
	if status == NEW:
		raise RuleError("conversation_not_new")
	changes: dict[str, Any] = {"status": status, "snoozed_until": None}
	if before == RESOLVED:
		changes |= _reopened(row)
	if status == SNOOZED:
		changes["snoozed_until"] = _end(until, now)
	elif status == PENDING:
		changes["waiting_since"] = None
	elif status == RESOLVED:
		changes |= _resolved(row, now, calendar)
	return changes


def _end(until: datetime | None, now: datetime) -> datetime:
	if not until:
		raise RuleError("snooze_without_end")
	if until <= now:
		raise RuleError("snooze_in_the_past")
	return until


def _resolved(row: Mapping[str, Any], now: datetime, calendar: BusinessCalendar) -> dict[str, Any]:
	"""Times run from the first received message, in whole seconds; none where the customer never wrote."""
	since = row.get("first_inbound_on")
	business = None if not since or calendar.is_empty else int(calendar.seconds_between(since, now))
	return {
		"resolved_on": now,
		"resolution_time": max(0, int((now - since).total_seconds())) if since else None,
		"resolution_business": business,
		"waiting_since": None,
		"open_key": None,
	}


def _reopened(row: Mapping[str, Any]) -> dict[str, Any]:
	return {
		"resolved_on": None,
		"resolution_time": None,
		"resolution_business": None,
		"reopened": (row.get("reopened") or 0) + 1,
		"open_key": row.get("identity"),
	}
