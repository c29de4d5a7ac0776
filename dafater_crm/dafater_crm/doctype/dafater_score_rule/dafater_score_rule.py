# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from dafater_crm.domain import scoring
from dafater_crm.domain.characters import one_line
from dafater_crm.domain.errors import SHOWN_CHARACTERS
from dafater_crm.records import rescoring, score_rules
from dafater_crm.records.master import Master
from dafater_crm.records.rules import explained


class DafaterScoreRule(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		at_least: DF.Int
		decay: DF.Literal["None", "Linear", "Half-Life"]
		decay_days: DF.Int
		description: DF.SmallText | None
		distinct_subjects: DF.Check
		each_event: DF.Check
		enabled: DF.Check
		event_type: DF.Literal[
			"",
			"Page Visit",
			"Download",
			"E-mail Opened",
			"E-mail Clicked",
			"Form Submitted",
			"Reply",
			"Message Sent",
			"Call",
			"Meeting",
			"Visit",
			"Other",
		]
		kind: DF.Literal["Lead Field", "Behaviour"]
		lead_field: DF.Autocomplete | None
		operator: DF.Literal[
			"",
			"Equals",
			"Does Not Equal",
			"Is One Of",
			"Is None Of",
			"Contains",
			"Does Not Contain",
			"Is Set",
			"Is Not Set",
			"Is More Than",
			"Is At Least",
			"Is Less Than",
			"Is At Most",
			"Is Between",
		]
		points: DF.Int
		points_limit: DF.Int
		problem: DF.Literal["", "Field Is Gone", "Value Does Not Exist", "Cannot Be Read"]
		rule_group: DF.Literal["Fit", "Engagement"]
		subject_contains: DF.SmallText | None
		title: DF.Data
		value: DF.SmallText | None
		value_to: DF.Data | None
		within_days: DF.Int
	# end: auto-generated types

	NAME_FIELD = "title"

	def validate(self) -> None:
		self.keep_name()
		self.leave_out_what_does_not_apply()
		self.check_points()
		if self.kind == score_rules.EVENT_KIND:
			self.check_behaviour()
		else:
			self.check_field()

	def on_update(self) -> None:
		rescoring.rules_changed()

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		rescoring.rules_changed()

	def after_delete(self) -> None:
		rescoring.rules_changed()

	def leave_out_what_does_not_apply(self) -> None:
		"""What the form hides must not count: the inputs of the other kind are emptied."""
		self.problem = ""
		if self.kind == score_rules.EVENT_KIND:
			self.rule_group = scoring.ENGAGEMENT
			self.lead_field = self.operator = self.value = self.value_to = None
			self.at_least = cint(self.at_least) or 1
		else:
			self.event_type = self.subject_contains = None
			self.at_least = 1
			self.distinct_subjects = self.within_days = self.each_event = self.points_limit = 0
			self.decay, self.decay_days = scoring.NO_DECAY, 0
		if self.decay == scoring.NO_DECAY:
			self.decay_days = 0
		if not self.each_event:
			self.points_limit = 0

	def check_points(self) -> None:
		with explained(self.label_of("points")):
			scoring.check_points(cint(self.points))

	def check_behaviour(self) -> None:
		if not self.event_type:
			self.throw(_("Choose what the lead must have done."), exc=frappe.MandatoryError)
		with explained(_("Behaviour")):
			score_rules.event_rule(self)

	def check_field(self) -> None:
		if not (self.lead_field and self.operator):
			self.throw(_("Choose the field of the lead and how it is compared."), exc=frappe.MandatoryError)
		kind = score_rules.kind_of(self.lead_field)
		if kind is None:
			self.throw(
				_(
					"Leads have no field {0} that can be scored. Choose another field, or disable the rule."
				).format(frappe.bold(escape_html(self.lead_field))),
				title=self.label_of("lead_field"),
			)
		with explained(self.label_of("value")):
			score_rules.read_condition(self, kind)
		self.check_masters()

	def check_masters(self) -> None:
		"""A rule that names a record which does not exist would never match.

		While the app is installed or migrated ERPNext's masters may not be there yet: the rule is kept and marked.
		"""
		missing = score_rules.missing_masters(self)
		if not missing:
			return
		if frappe.flags.in_install or frappe.flags.in_migrate:
			self.problem = score_rules.VALUE_GONE
			return
		self.throw(
			_("There is no {0} called {1}, so the rule would never match. Choose an existing one.").format(
				_(frappe.get_meta(score_rules.LEAD).get_label(self.lead_field)),
				frappe.bold(escape_html(one_line(missing[0])[:SHOWN_CHARACTERS])),
			),
			title=self.label_of("value"),
		)
