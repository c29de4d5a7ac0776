"""The plan of a sequence as the domain understands it: its steps, and the hours in which it sends."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from dafater_crm.domain import nurture


def plan_of(sequence) -> list[nurture.Step]:
	"""The sequence's rows as the domain's steps."""
	return [
		nurture.Step(
			kind=row.kind,
			delay=timedelta(days=row.delay_days or 0, hours=row.delay_hours or 0),
			if_replied=row.if_replied or 0,
			if_not_replied=row.if_not_replied or 0,
			ends_here=bool(row.ends_here),
		)
		for row in sequence.steps
	]


def opening(sequence, moment):
	"""`moment`, or when the sending hours begin again. Service messages are not bound to them."""
	if sequence.purpose != "Promotional":
		return moment
	return nurture.next_opening(
		moment,
		time((sequence.send_from_hour or 0) % 24),
		time((sequence.send_until_hour or 0) % 24),
		ZoneInfo(sequence.time_zone),
		ZoneInfo(get_system_timezone()),
	)


def kinds_of(sequence) -> tuple[str, ...]:
	"""The kinds of messages that a sequence sends."""
	return nurture.message_kinds(plan_of(sequence))


def sequences_with(kind: str) -> list[str]:
	"""Names of the sequences with a step of this kind. One statement."""
	step = frappe.qb.DocType("Dafater Nurture Step")
	return (
		frappe.qb.from_(step)
		.select(step.parent)
		.distinct()
		.where((step.kind == kind) & (step.parenttype == "Dafater Nurture Sequence"))
		.run(pluck=True)
	)
