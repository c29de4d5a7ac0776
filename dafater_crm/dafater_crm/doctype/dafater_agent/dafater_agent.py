# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_time, getdate

from dafater_crm.domain import scheduling
from dafater_crm.records import assignment_pool, assignment_upkeep
from dafater_crm.records.inbox import upkeep as inbox_upkeep
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained


class DafaterAgent(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_agent_language.dafater_agent_language import (
			DafaterAgentLanguage,
		)
		from dafater_crm.dafater_crm.doctype.dafater_agent_product_group.dafater_agent_product_group import (
			DafaterAgentProductGroup,
		)
		from dafater_crm.dafater_crm.doctype.dafater_agent_skill.dafater_agent_skill import DafaterAgentSkill
		from dafater_crm.dafater_crm.doctype.dafater_agent_territory.dafater_agent_territory import (
			DafaterAgentTerritory,
		)
		from dafater_crm.dafater_crm.doctype.dafater_agent_time_off.dafater_agent_time_off import (
			DafaterAgentTimeOff,
		)
		from dafater_crm.dafater_crm.doctype.dafater_working_hours.dafater_working_hours import (
			DafaterWorkingHours,
		)

		available: DF.Check
		capacity: DF.Int
		enabled: DF.Check
		full_name: DF.Data | None
		hours: DF.Table[DafaterWorkingHours]
		inbox_capacity: DF.Int
		inbox_turn: DF.Int
		item_groups: DF.TableMultiSelect[DafaterAgentProductGroup]
		languages: DF.TableMultiSelect[DafaterAgentLanguage]
		skills: DF.Table[DafaterAgentSkill]
		territories: DF.TableMultiSelect[DafaterAgentTerritory]
		time_off: DF.Table[DafaterAgentTimeOff]
		turn: DF.Int
		user: DF.Link
	# end: auto-generated types

	def validate(self) -> None:
		self.keep_turn()
		self.require_a_desk_user()
		self.check_capacity()
		self.check_hours()
		self.check_time_off()
		self.keep_each_choice_once()

	def on_update(self) -> None:
		assignment_pool.forget()
		if self.enabled and self.available:
			assignment_upkeep.enqueue()
		# became available, or left conversations behind
		inbox_upkeep.enqueue()

	def after_delete(self) -> None:
		assignment_pool.forget()

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		assignment_pool.forget()

	def keep_turn(self) -> None:
		"""Assignment moves the turns by itself and relies on them: a form opened earlier must not set them back."""
		self.turn = self.inbox_turn = 0
		if not self.is_new():
			turns = frappe.db.get_value(self.doctype, self.name, ["turn", "inbox_turn"], for_update=True)
			self.turn, self.inbox_turn = (cint(turn) for turn in turns)

	def require_a_desk_user(self) -> None:
		if not self.is_new() and not self.has_value_changed("user"):
			return
		user = frappe.db.get_value("User", self.user, ["enabled", "user_type"], as_dict=True)
		if not user or not user.enabled or user.user_type != "System User":
			self.throw(
				_("{0} cannot be an agent. Choose an enabled user who works in the desk.").format(
					frappe.bold(escape_html(self.user))
				)
			)

	def check_capacity(self) -> None:
		if cint(self.capacity) < 0:
			self.throw(_("The capacity cannot be negative. Enter 0 for no limit."))

	def check_hours(self) -> None:
		"""Each window ends after it begins, and no two of a day share a moment."""
		slots = [(row.weekday, get_time(row.from_time), get_time(row.to_time)) for row in self.hours]
		with explained(_("Working Hours")):
			pair = scheduling.find_overlap(slots)
		if pair:
			first, second = (self.hours[index].idx for index in pair)
			self.throw(
				_("Rows {0} and {1} of the working hours overlap. Change one of them.").format(first, second)
			)

	def check_time_off(self) -> None:
		for row in self.time_off:
			if getdate(row.to_date) < getdate(row.from_date):
				self.throw(
					_("Row {0}: the time off ends before it begins. Change one of the days.").format(row.idx)
				)

	def keep_each_choice_once(self) -> None:
		"""Repeated territories, product groups and languages say nothing more."""
		for table, field in (
			("territories", "territory"),
			("item_groups", "item_group"),
			("languages", "language"),
		):
			once = {row.get(field): row for row in reversed(self.get(table))}
			if len(once) < len(self.get(table)):
				self.set(table, [row for row in self.get(table) if once[row.get(field)] is row])
