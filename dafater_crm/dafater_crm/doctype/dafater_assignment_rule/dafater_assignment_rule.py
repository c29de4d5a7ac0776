# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt

from dafater_crm.records import assignment_conditions, assignment_pool, assignment_upkeep
from dafater_crm.records.master import Master


class DafaterAssignmentRule(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_assignment_candidate.dafater_assignment_candidate import (
			DafaterAssignmentCandidate,
		)
		from dafater_crm.dafater_crm.doctype.dafater_assignment_condition.dafater_assignment_condition import (
			DafaterAssignmentCondition,
		)

		agents: DF.Table[DafaterAssignmentCandidate]
		candidates_from: DF.Literal["Team", "Agents"]
		conditions: DF.Table[DafaterAssignmentCondition]
		enabled: DF.Check
		escalate_to: DF.Link | None
		fallback: DF.Literal["Nobody", "Team Leader"]
		max_reassignments: DF.Int
		method: DF.Literal["Round Robin", "Least Loaded", "Best Match"]
		outside_hours: DF.Literal["Wait", "Assign Anyway"]
		priority: DF.Int
		problem: DF.SmallText | None
		team: DF.Link | None
		title: DF.Data
		untouched_hours: DF.Float
	# end: auto-generated types

	NAME_FIELD = "title"

	def onload(self) -> None:
		self.problem = assignment_conditions.compiled(self.conditions).problem

	def validate(self) -> None:
		super().validate()
		self.refuse_retired_links()
		self.check_numbers()
		self.check_candidates()
		assignment_conditions.check(self.conditions)
		self.problem = None

	def on_update(self) -> None:
		assignment_pool.forget()
		assignment_upkeep.retry_unmatched()
		assignment_upkeep.enqueue()
		self.warn_without_agents()

	def after_delete(self) -> None:
		assignment_pool.forget()

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		assignment_pool.forget()

	def check_numbers(self) -> None:
		if flt(self.untouched_hours) < 0 or cint(self.max_reassignments) < 0:
			self.throw(_("Hours and times passed on cannot be negative. Enter 0 or more."))

	def check_candidates(self) -> None:
		"""A team or at least one agent; each agent once, for a second row would take two turns."""
		if self.candidates_from == "Team":
			if not self.team:
				self.throw(_("Choose the team whose members get the leads."), exc=frappe.MandatoryError)
			return
		if not self.agents:
			self.throw(_("Add at least one agent who gets the leads."), exc=frappe.MandatoryError)
		seen = set()
		for row in self.agents:
			if row.agent in seen:
				self.throw(
					_("Row {0}: {1} is already a candidate. Remove the row.").format(
						row.idx, frappe.bold(escape_html(row.full_name or row.agent))
					)
				)
			seen.add(row.agent)

	def warn_without_agents(self) -> None:
		"""Allowed, since agents may come later; but nothing is assigned until then."""
		if not self.enabled:
			return
		rule = assignment_pool.read().rule(self.name)
		if rule and not rule.users:
			frappe.msgprint(
				_(
					"No candidate of this rule is an enabled agent yet, so its leads stay without an owner. "
					"Make an agent for each team member who takes leads."
				),
				title=_("No Agents"),
				indicator="orange",
			)
