"""Statuses of a conversation as people move them: what is written along, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dafater_crm.domain import conversation_status as statuses
from dafater_crm.domain.business_time import BusinessCalendar
from dafater_crm.domain.errors import RuleError

NOW = datetime(2026, 11, 22, 15, 0)
# Sunday to Thursday, 8 to 17
CALENDAR = BusinessCalendar({day: ((8 * 3600, 17 * 3600),) for day in (6, 0, 1, 2, 3)})


def row(status: str = "Open", **values) -> dict:
	return {"status": status, "identity": "p1", "reopened": 0, "first_inbound_on": None, **values}


def moved(before: dict, status: str, until: datetime | None = None, calendar=CALENDAR) -> dict:
	return statuses.moved(before, status, NOW, calendar, until)


def test_resolving_counts_from_the_first_message_by_the_clock_and_in_business_hours() -> None:
	# Thursday 16:00 to Sunday 15:00: one hour on Thursday, seven on Sunday
	since = datetime(2026, 11, 19, 16, 0)
	assert moved(row(first_inbound_on=since), "Resolved") == {
		"status": "Resolved",
		"snoozed_until": None,
		"resolved_on": NOW,
		"resolution_time": 71 * 3600,
		"resolution_business": 8 * 3600,
		"waiting_since": None,
		"open_key": None,
	}


def test_without_a_message_or_business_hours_there_is_nothing_to_count() -> None:
	found = moved(row(), "Resolved")
	assert (found["resolution_time"], found["resolution_business"]) == (None, None)
	found = moved(row(first_inbound_on=NOW - timedelta(hours=1)), "Resolved", calendar=BusinessCalendar({}))
	assert (found["resolution_time"], found["resolution_business"]) == (3600, None)


@pytest.mark.parametrize("status", ["Open", "Pending"])
def test_leaving_resolved_counts_and_takes_the_persons_key_again(status: str) -> None:
	found = moved(row("Resolved", reopened=2), status)
	assert (found["reopened"], found["open_key"], found["resolved_on"]) == (3, "p1", None)


def test_pending_means_that_nobody_waits_and_open_leaves_the_clock() -> None:
	assert moved(row(), "Pending")["waiting_since"] is None
	assert "waiting_since" not in moved(row("Pending"), "Open")
	assert "waiting_since" not in moved(row("New"), "Snoozed", NOW + timedelta(hours=1))


def test_a_snooze_has_an_end_that_is_to_come() -> None:
	until = NOW + timedelta(minutes=1)
	assert moved(row(), "Snoozed", until) == {"status": "Snoozed", "snoozed_until": until}
	# another moment for what is snoozed already
	assert moved(row("Snoozed", snoozed_until=until), "Snoozed", until) == {}
	later = until + timedelta(days=1)
	assert moved(row("Snoozed", snoozed_until=until), "Snoozed", later)["snoozed_until"] == later
	for end, code in ((None, "snooze_without_end"), (NOW, "snooze_in_the_past")):
		with pytest.raises(RuleError) as error:
			moved(row(), "Snoozed", end)
		assert error.value.code == code


def test_nothing_changes_without_a_change_and_nothing_becomes_new_again() -> None:
	for status in ("New", "Open", "Pending", "Resolved"):
		assert moved(row(status), status) == {}
	with pytest.raises(RuleError) as error:
		moved(row(), "New")
	assert error.value.code == "conversation_not_new"
	with pytest.raises(ValueError, match="no status"):
		moved(row(), "Lost")
