"""The first answer that opportunities got, from what was sent and done.

It is the earlier of two: the first message that we sent (Frappe stamps it on the opportunity, as the inbox does) and the first call,
meeting, visit or e-mail that was done.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Cast, Coalesce, Min
from pypika import Case, CustomFunction
from pypika.queries import QueryBuilder
from pypika.terms import LiteralValue

from dafater_crm.queries.last_contact import TOUCHES

OPPORTUNITY = "Dafater Opportunity"

SecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])
Greatest = CustomFunction("GREATEST", ["first", "second"])
Least = CustomFunction("LEAST", ["first", "second"])


def first_answers(names: list[str]) -> list[dict]:
	"""name, creation, company, `answered_after` in seconds of the clock, and what is stored: answer_time, answer_business.

	`answered_after` is None without an answer, and 0 for one that is dated before the opportunity. One statement; no permission, for
	jobs and for what runs after a commit.
	"""
	table = DocType(OPPORTUNITY)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.creation, table.company, table.answer_time, table.answer_business)
		.select(_first_answer(table).as_("answered_after"))
		.where(table.name.isin(names))
		.run(as_dict=True)
	)


def _first_answer(table) -> QueryBuilder:
	activity = DocType("Dafater Activity")
	stamped = (
		Case()
		.when(table.first_response_time > 0, table.first_response_time)
		.when(table.first_responded_on.isnotnull(), _seconds(table.creation, table.first_responded_on))
	)
	spoken = _seconds(table.creation, Min(activity.done_on))
	first = Least(Coalesce(stamped, spoken), Coalesce(spoken, stamped))
	return (
		frappe.qb.from_(activity)
		.select(Cast(Greatest(first, 0), "SIGNED"))
		.where((activity.reference_doctype == OPPORTUNITY) & (activity.reference_name == table.name))
		.where((activity.status == "Done") & activity.activity_type.isin(TOUCHES))
	)


def _seconds(start, end):
	return SecondsBetween(LiteralValue("SECOND"), start, end)
