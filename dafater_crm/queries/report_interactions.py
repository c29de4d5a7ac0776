"""What counts as an interaction with a lead, once, for every report that counts or dates them.

An interaction is a Communication of type "Communication" (e-mail, message; sent or received), or an activity that is
done and in which somebody spoke: call, meeting, visit, e-mail. It belongs to the lead it is filed on, or to the lead
behind the opportunity it is filed on. Notes, tasks, comments and anything dated in the future are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.query_builder.functions import Coalesce, Count, Date
from frappe.utils import now_datetime
from pypika.functions import Cast
from pypika.queries import QueryBuilder
from pypika.terms import Field, Term

from dafater_crm.queries.last_contact import TOUCHES

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"


@dataclass(frozen=True)
class Kind:
	"""One of the four places where interactions are: a query without columns, and its terms."""

	query: QueryBuilder
	lead: Field
	moment: Term
	channel: Term


def kinds() -> list[Kind]:
	"""Messages on leads and on opportunities, activities on leads and on opportunities; served by reference index.

	No permission here: whoever joins them to leads applies `ListedRows`, as in the timeline, where the reader of a record reads
	what was said on it.
	"""
	return [
		kind(through_opportunity)
		for kind in (_messages, _activities)
		for through_opportunity in (False, True)
	]


def counts_until(lead: Field, day: Field) -> list[QueryBuilder]:
	"""Four correlated counts, to be added up: interactions of `lead` up to the end of `day` (a Date column)."""
	return [
		kind.query.select(Count("*")).where(kind.lead == lead).where(Date(kind.moment) <= day)
		for kind in kinds()
	]


def all_interactions() -> QueryBuilder:
	"""Subquery with the columns lead, moment, channel: one row an interaction, whosesoever lead it is.

	`lead` is in bytes: grouping by text compares by the rules of Unicode, which takes twice as long. `text_of` turns it back.
	"""
	rows = [
		kind.query.select(
			Cast(kind.lead, "BINARY").as_("lead"), kind.moment.as_("moment"), kind.channel.as_("channel")
		)
		for kind in kinds()
	]
	return rows[0] * rows[1] * rows[2] * rows[3]


class text_of(Cast):
	"""Bytes as text in the collation of Frappe's tables, so that the index of a name can be used."""

	def __init__(self, term: Term):
		super().__init__(term, "CHAR CHARACTER SET utf8mb4")

	def get_function_sql(self, **kwargs) -> str:
		return f"{super().get_function_sql(**kwargs)} COLLATE utf8mb4_unicode_ci"


def _messages(through_opportunity: bool) -> Kind:
	table = frappe.qb.DocType("Communication")
	# a message that came in through an import may have no date of its own
	moment = Coalesce(table.communication_date, table.creation)
	query, lead = referring(table, through_opportunity)
	query = query.where(table.communication_type == "Communication").where(moment <= now_datetime())
	return Kind(query, lead, moment, Coalesce(table.communication_medium, ""))


def _activities(through_opportunity: bool) -> Kind:
	table = frappe.qb.DocType("Dafater Activity")
	query, lead = referring(table, through_opportunity)
	query = query.where((table.status == "Done") & table.activity_type.isin(TOUCHES))
	return Kind(query.where(table.done_on <= now_datetime()), lead, table.done_on, table.activity_type)


def referring(table, through_opportunity: bool) -> tuple[QueryBuilder, Field]:
	"""Rows of `table` filed on leads, or on the opportunities that came from them; and the field with the lead's name."""
	if not through_opportunity:
		return frappe.qb.from_(table).where(table.reference_doctype == LEAD), table.reference_name
	opportunity = frappe.qb.DocType(OPPORTUNITY)
	query = (
		frappe.qb.from_(table)
		.join(opportunity)
		.on(opportunity.name == table.reference_name)
		.where((table.reference_doctype == OPPORTUNITY) & opportunity.lead.isnotnull())
	)
	return query, opportunity.lead
