"""Plans of nurture sequences: what can run, what follows, and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import nurture
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.nurture import BRANCH, EMAIL, END, TASK, WAIT, WHATSAPP, Step

RIYADH, UTC = ZoneInfo("Asia/Riyadh"), timezone.utc
NINE, TWENTY_ONE = time(9), time(21)
DAY = timedelta(days=1)


def code_of(steps, stops_on_reply=False) -> str | None:
	try:
		nurture.check_plan(steps, stops_on_reply)
	except RuleError as error:
		return error.code
	return None


@pytest.mark.parametrize(
	("steps", "code"),
	[
		([], "nurture_no_steps"),
		([Step(EMAIL)] * 51, "nurture_too_many_steps"),
		([Step(WAIT)], "nurture_wait_without_time"),
		([Step(EMAIL), Step(BRANCH, if_replied=0, if_not_replied=0)], "nurture_wait_without_time"),
		([Step(EMAIL), Step(BRANCH, DAY, if_replied=9, if_not_replied=0)], "nurture_branch_target"),
		([Step(EMAIL), Step(BRANCH, DAY, if_replied=-1)], "nurture_branch_target"),
		(
			[Step(EMAIL), Step(BRANCH, DAY, if_replied=1, if_not_replied=3), Step(TASK)],
			"nurture_branch_backward",
		),
		([Step(BRANCH, DAY, if_replied=1)], "nurture_branch_backward"),
		([Step(EMAIL, ends_here=True), Step(EMAIL)], "nurture_unreachable_step"),
		(
			[Step(BRANCH, DAY, if_replied=3, if_not_replied=3), Step(TASK), Step(TASK)],
			"nurture_unreachable_step",
		),
		([Step(EMAIL), Step(WAIT, timedelta(days=1)), Step(TASK)], None),
		(
			[
				Step(EMAIL),
				Step(BRANCH, DAY, if_replied=3, if_not_replied=4),
				Step(TASK, ends_here=True),
				Step(EMAIL),
			],
			None,
		),
	],
)
def test_which_plans_can_run(steps, code):
	assert code_of(steps) == code


def test_a_branch_on_reply_makes_no_sense_where_a_reply_stops_everything():
	steps = [
		Step(EMAIL),
		Step(BRANCH, DAY, if_replied=3, if_not_replied=4),
		Step(TASK, ends_here=True),
		Step(EMAIL),
	]
	assert code_of(steps, stops_on_reply=True) == "nurture_branch_idle"


def test_the_step_after_each_step():
	steps = [
		Step(EMAIL),
		Step(BRANCH, DAY, if_replied=3, if_not_replied=4),
		Step(TASK, ends_here=True),
		Step(EMAIL),
	]
	assert nurture.next_step(steps, 1, False) == 2
	assert nurture.next_step(steps, 2, True) == 3
	assert nurture.next_step(steps, 2, False) == 4
	assert nurture.next_step(steps, 3, False) == END
	assert nurture.next_step(steps, 4, False) == END


@st.composite
def plans(draw):
	count = draw(st.integers(1, 12))
	return [
		draw(
			st.one_of(
				st.just(Step(EMAIL)),
				st.just(Step(TASK, ends_here=True)),
				st.builds(
					Step,
					kind=st.just(BRANCH),
					delay=st.just(DAY),
					if_replied=st.integers(-1, count + 1),
					if_not_replied=st.integers(-1, count + 1),
				),
			)
		)
		for _ in range(count)
	]


@given(plans(), st.lists(st.booleans(), min_size=60, max_size=60))
def test_an_accepted_plan_ends_and_repeats_no_step(steps, replies):
	if code_of(steps):
		return
	number, seen = 1, []
	for replied in replies:
		seen.append(number)
		number = nurture.next_step(steps, number, replied)
		if number == END:
			break
	assert number == END
	assert len(seen) == len(set(seen)) <= len(steps)


@pytest.mark.parametrize(
	("moment", "opening"),
	[
		# the site's clock is UTC, the window is meant in Riyadh, three hours ahead
		(datetime(2026, 3, 1, 5, 59), datetime(2026, 3, 1, 6, 0)),
		(datetime(2026, 3, 1, 6, 0), datetime(2026, 3, 1, 6, 0)),
		(datetime(2026, 3, 1, 17, 59, 59), datetime(2026, 3, 1, 17, 59, 59)),
		(datetime(2026, 3, 1, 18, 0), datetime(2026, 3, 2, 6, 0)),
		(datetime(2026, 3, 1, 22, 0), datetime(2026, 3, 2, 6, 0)),
		(datetime(2026, 2, 28, 23, 0), datetime(2026, 3, 1, 6, 0)),
	],
)
def test_the_sending_hours_are_those_of_riyadh(moment, opening):
	assert nurture.next_opening(moment, NINE, TWENTY_ONE, RIYADH, UTC) == opening


def test_a_window_over_midnight_and_one_without_end():
	clock = RIYADH
	assert nurture.next_opening(datetime(2026, 3, 1, 23), TWENTY_ONE, time(6), RIYADH, clock) == datetime(
		2026, 3, 1, 23
	)
	assert nurture.next_opening(datetime(2026, 3, 1, 12), TWENTY_ONE, time(6), RIYADH, clock) == datetime(
		2026, 3, 1, 21
	)
	assert nurture.next_opening(datetime(2026, 3, 1, 3), NINE, NINE, RIYADH, clock) == datetime(2026, 3, 1, 3)


def test_a_zone_with_summer_time_opens_at_its_own_hour():
	berlin = ZoneInfo("Europe/Berlin")
	# the night of 29 March 2026 is an hour shorter there
	assert nurture.next_opening(datetime(2026, 3, 28, 22), NINE, TWENTY_ONE, berlin, UTC) == datetime(
		2026, 3, 29, 7
	)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_an_opening_is_never_earlier_and_always_inside(moment):
	opening = nurture.next_opening(moment, NINE, TWENTY_ONE, RIYADH, UTC)
	assert moment <= opening < moment + timedelta(hours=12, seconds=1)
	assert nurture.next_opening(opening, NINE, TWENTY_ONE, RIYADH, UTC) == opening


@pytest.mark.parametrize(
	("steps", "kinds"),
	[
		([], ()),
		([Step(TASK), Step(WAIT, DAY)], ()),
		([Step(WHATSAPP), Step(TASK), Step(WHATSAPP)], (WHATSAPP,)),
		([Step(WHATSAPP), Step(EMAIL), Step(EMAIL)], (EMAIL, WHATSAPP)),
	],
)
def test_the_kinds_of_messages_of_a_plan(steps, kinds):
	assert nurture.message_kinds(steps) == kinds


@pytest.mark.parametrize(
	("kinds", "reasons", "ends"),
	[
		((EMAIL,), {}, None),
		((EMAIL,), {EMAIL: "no address"}, "no address"),
		((EMAIL,), {WHATSAPP: "no number"}, None),
		((EMAIL, WHATSAPP), {EMAIL: "no address"}, None),
		((EMAIL, WHATSAPP), {WHATSAPP: "no number"}, None),
		((EMAIL, WHATSAPP), {EMAIL: "no address", WHATSAPP: "no number"}, "no address"),
		((EMAIL, WHATSAPP), {WHATSAPP: "opted out"}, "opted out"),
		((EMAIL, WHATSAPP), {EMAIL: "no address", WHATSAPP: "opted out"}, "opted out"),
		((), {}, None),
		((), {EMAIL: "opted out"}, None),
	],
)
def test_who_can_be_reached_by_one_kind_stays_unless_the_reason_is_final(kinds, reasons, ends):
	assert nurture.reason_to_end(kinds, reasons, {"opted out"}) == ends
