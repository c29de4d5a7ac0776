# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _

from dafater_crm.domain import amounts, text
from dafater_crm.records.master import Master
from dafater_crm.records.rules import explained

# An outcome fixes its probability; an open stage keeps what was entered.
FIXED_PROBABILITY = {"Won": 100, "Lost": 0}


class DafaterSalesStage(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_sales_stage_activity.dafater_sales_stage_activity import (
			DafaterSalesStageActivity,
		)

		activities: DF.Table[DafaterSalesStageActivity]
		description: DF.SmallText | None
		disabled: DF.Check
		outcome: DF.Literal["Open", "Won", "Lost"]
		probability: DF.Percent
		sequence: DF.Int
		stage_name: DF.Data
	# end: auto-generated types

	NAME_FIELD = "stage_name"

	def validate(self) -> None:
		self.keep_name()
		self.check_sequence()
		self.set_probability()
		self.clean_activities()
		self.keep_one_of_each_outcome()

	def on_trash(self) -> None:
		if not self.disabled:
			self.refuse_when_last(self.outcome)

	def check_sequence(self) -> None:
		"""Boards and reports sort by it: a whole number from 0 up."""
		if self.sequence is None or self.sequence < 0:
			self.throw(_("Enter the sequence of the stage: a whole number, 0 or more."))

	def set_probability(self) -> None:
		"""A won stage has 100 percent and a lost one 0; an open one between the two."""
		label = self.label_of("probability")
		with explained(label):
			self.probability = FIXED_PROBABILITY.get(self.outcome, amounts.percent(self.probability, label))

	def clean_activities(self) -> None:
		for row in self.activities:
			with explained(_("Row {0}").format(row.idx)):
				row.subject = text.plain(row.subject)

	def keep_one_of_each_outcome(self) -> None:
		"""Opportunities need somewhere to start, to be won and to be lost."""
		before = self.get_doc_before_save()
		if before and not before.disabled and (self.disabled or self.outcome != before.outcome):
			self.refuse_when_last(before.outcome)

	def refuse_when_last(self, outcome: str) -> None:
		"""Throw when no other enabled stage has `outcome`. Locks the stages: two people may disable two of them at once."""
		stage = frappe.qb.DocType("Dafater Sales Stage")
		rows = (
			frappe.qb.from_(stage)
			.select(stage.name, stage.outcome, stage.disabled)
			.for_update()
			.run(as_dict=True)
		)
		if any(row.outcome == outcome and not row.disabled and row.name != self.name for row in rows):
			return
		self.throw(
			_(
				"{0} is the last enabled stage with the outcome {1}. Add or enable another one with that outcome first."
			).format(frappe.bold(frappe.utils.escape_html(self.name)), frappe.bold(_(outcome)))
		)
