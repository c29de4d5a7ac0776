"""Sixteen processes at the same moment: no conversation goes to two, nobody above capacity, spread within one (G12)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.site.conversation_cast import (
	ANSWERING,
	HELPING,
	OTHER_TEAM,
	inbox,  # noqa: F401
	log_rows,
	make_agent,
	make_conversation,
	make_team,
	stored,
)
from tests.site.people import EXECUTIVE, cast  # noqa: F401
from tests.site.processes import RACES, at_once

pytestmark = [pytest.mark.usefixtures("inbox"), pytest.mark.slow]
PROCESSES, EACH = 16, 4


def holders(conversations: list) -> list[str | None]:
	return [stored(conversation, "assigned_to").assigned_to for conversation in conversations]


def share_out(conversations: list) -> None:
	"""Each process takes some of the conversations, and each conversation is taken by two processes."""
	names = [conversation.name for conversation in conversations]
	parts = [names[start :: PROCESSES // 2] for start in range(PROCESSES // 2)]
	results = at_once(RACES, "share_out", [{"conversations": part} for part in parts * 2])
	assert all("ok" in result for result in results), results


def test_sixteen_at_once_give_each_conversation_to_one_and_spread_within_one():
	for user in (ANSWERING, HELPING, OTHER_TEAM):
		make_agent(user, inbox_capacity=100)
	conversations = [make_conversation("عندي شكوى") for _ in range(PROCESSES * EACH)]
	share_out(conversations)
	found = Counter(holders(conversations))
	assert set(found) == {ANSWERING, HELPING, OTHER_TEAM}
	assert max(found.values()) - min(found.values()) <= 1
	for conversation in conversations:
		rows = log_rows(conversation, "Assignment")
		assert [row[1] for row in rows] == [None], rows
		assert log_rows(conversation, "Class") == [("Class", None, "Complaint", "Rule")]


def test_sixteen_who_take_the_same_conversation_find_one_who_has_it():
	conversation = make_conversation()
	users = [ANSWERING, HELPING, OTHER_TEAM, EXECUTIVE] * (PROCESSES // 4)
	results = at_once(RACES, "take", [{"conversation": conversation.name}] * PROCESSES, users)
	[holder] = holders([conversation])
	for user, result in zip(users, results, strict=True):
		if user == holder:
			assert result == {"ok": holder}, result
		else:
			# whoever was slower either learns who has it, or may not even see it any more
			assert "PermissionError" in result["error"] or "has this conversation already" in result["error"]
	assert log_rows(conversation, "Assignment") == [("Assignment", None, holder, "Agent")]


def test_sixteen_at_once_put_nobody_above_capacity():
	make_agent(ANSWERING, inbox_capacity=7)
	make_agent(HELPING, inbox_capacity=5)
	make_agent(EXECUTIVE, inbox_capacity=9)
	team = make_team(ANSWERING, HELPING)
	conversations = [make_conversation(team=team.name) for _ in range(PROCESSES * 2)]
	share_out(conversations)
	assert Counter(holders(conversations)) == {ANSWERING: 7, HELPING: 5, None: PROCESSES * 2 - 12}
