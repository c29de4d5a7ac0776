"""Nurture sequences: which plan of steps can run, which step follows, and when a step may run.

Steps are numbered from 1. A branch leads forward only, so every sequence comes to its end and no step runs twice for
one enrolment: that is what makes (enrolment, step number) a key that can stop a second sending.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from .errors import RuleError

EMAIL, WHATSAPP, TASK, WAIT, BRANCH = "E-mail", "WhatsApp Template", "Task", "Wait", "Branch on Reply"
# kinds that reach the person: hours, gaps and opt-outs are about these
MESSAGES = (EMAIL, WHATSAPP)
END = 0  # the "step" after the last one
# two messages of one sequence are never closer than this, whatever the delays say
SHORTEST_GAP = timedelta(hours=1)
MOST_STEPS = 50


@dataclass(frozen=True)
class Step:
	"""One step of the plan. `if_replied` and `if_not_replied` are step numbers, `END` for the end; branches only."""

	kind: str
	delay: timedelta = timedelta()
	if_replied: int = END
	if_not_replied: int = END
	ends_here: bool = False


def check_plan(steps: Sequence[Step], stops_on_reply: bool) -> None:
	"""Raise RuleError unless the plan can run from its first step to an end.

	Codes: nurture_no_steps, nurture_too_many_steps, nurture_branch_target, nurture_branch_backward, nurture_branch_idle,
	nurture_wait_without_time, nurture_unreachable_step.
	"""
	if not steps:
		raise RuleError("nurture_no_steps")
	if len(steps) > MOST_STEPS:
		raise RuleError("nurture_too_many_steps", most=MOST_STEPS)
	for number, step in enumerate(steps, start=1):
		if step.kind in (WAIT, BRANCH) and step.delay <= timedelta():
			raise RuleError("nurture_wait_without_time", step=number)
		if step.kind == BRANCH and stops_on_reply:
			raise RuleError("nurture_branch_idle", step=number)
		if step.kind == BRANCH:
			_check_targets(number, step, len(steps))
	_check_reachable(steps)


def _check_targets(number: int, step: Step, count: int) -> None:
	for target in (step.if_replied, step.if_not_replied):
		if target < END or target > count:
			raise RuleError("nurture_branch_target", step=number, target=target)
		if target != END and target <= number:
			raise RuleError("nurture_branch_backward", step=number, target=target)


def _check_reachable(steps: Sequence[Step]) -> None:
	reached, waiting = set(), [1]
	while waiting:
		number = waiting.pop()
		if number != END and number not in reached:
			reached.add(number)
			waiting += [next_step(steps, number, replied) for replied in (True, False)]
	for number in range(1, len(steps) + 1):
		if number not in reached:
			raise RuleError("nurture_unreachable_step", step=number)


def next_step(steps: Sequence[Step], number: int, replied: bool) -> int:
	"""Return the number of the step after step `number`, or `END`."""
	step = steps[number - 1]
	if step.kind == BRANCH:
		return step.if_replied if replied else step.if_not_replied
	if step.ends_here or number >= len(steps):
		return END
	return number + 1


def message_kinds(steps: Sequence[Step]) -> tuple[str, ...]:
	"""Return the kinds of messages that the plan sends, each once, in the order of `MESSAGES`."""
	kinds = {step.kind for step in steps}
	return tuple(kind for kind in MESSAGES if kind in kinds)


def reason_to_end(kinds: Sequence[str], reasons: Mapping[str, str], final: Collection[str]) -> str | None:
	"""Return why a person has no place in a plan, or None: a final reason, or one against each kind of its messages.

	:param kinds: the kinds of messages that the plan sends; a plan of tasks alone has none.
	:param reasons: kind -> why no message of that kind may reach the person. Who can be reached by one kind only stays, and
		the steps of the other kind are skipped.
	:param final: reasons that end it whatever else could reach the person.
	"""
	for kind in kinds:
		if reasons.get(kind) in final:
			return reasons[kind]
	if kinds and all(reasons.get(kind) for kind in kinds):
		return reasons[kinds[0]]
	return None


def due_at(step: Step, done: datetime) -> datetime:
	"""Return when `step` is due if the step before it really ran at `done`: late steps push the later ones."""
	return done + step.delay


def next_opening(moment: datetime, opens: time, closes: time, local: tzinfo, clock: tzinfo) -> datetime:
	"""Return `moment`, or the next opening of the daily window [`opens`, `closes`) if it lies outside of it.

	:param moment: naive, on the site's clock; so is the answer.
	:param local: time zone in which the window is meant, for example Asia/Riyadh.
	:param clock: time zone of the site's clock.
	A window over midnight (21:00 to 06:00) is understood; equal ends mean the whole day.
	"""
	if opens == closes:
		return moment
	there = moment.replace(tzinfo=clock).astimezone(local)
	now = there.time()
	inside = opens <= now < closes if opens < closes else now >= opens or now < closes
	if inside:
		return moment
	day = there.date() if now < opens else there.date() + timedelta(days=1)
	opening = datetime.combine(day, opens, tzinfo=local)
	return opening.astimezone(clock).replace(tzinfo=None)
