# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from dafater_crm.domain import nurture, text
from dafater_crm.records.nurture import choices, conditions, templates, texts
from dafater_crm.records.nurture.plans import plan_of
from dafater_crm.records.nurture.stop import hold, release
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained


class DafaterNurtureSequence(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_nurture_condition.dafater_nurture_condition import (
			DafaterNurtureCondition,
		)
		from dafater_crm.dafater_crm.doctype.dafater_nurture_step.dafater_nurture_step import (
			DafaterNurtureStep,
		)

		applies_to: DF.Literal["Dafater Lead", "Dafater Opportunity"]
		conditions: DF.Table[DafaterNurtureCondition]
		email_account: DF.Link | None
		enabled: DF.Check
		enabled_on: DF.Datetime | None
		enrolment: DF.Literal["By Hand", "When Conditions Match"]
		exit_conditions: DF.Table[DafaterNurtureCondition]
		exit_on_conversion: DF.Check
		exit_on_reply: DF.Check
		include_existing: DF.Check
		problem: DF.SmallText | None
		purpose: DF.Literal["Promotional", "Service"]
		requires_consent: DF.Check
		send_from_hour: DF.Int
		send_until_hour: DF.Int
		steps: DF.Table[DafaterNurtureStep]
		time_zone: DF.Autocomplete
		title: DF.Data
	# end: auto-generated types

	def onload(self) -> None:
		"""What the form offers."""
		for key, value in choices.of_form(self).items():
			self.set_onload(key, value)

	def validate(self) -> None:
		self.clean_title()
		self.refuse_retired_links()
		self.check_steps()
		self.check_texts()
		self.check_conditions()
		self.check_hours()
		self.check_account()
		self.keep_plan_while_running()
		self.note_enabling()

	def on_update(self) -> None:
		before = self.get_doc_before_save()
		if before and before.enabled and not self.enabled:
			hold(self.name)
		elif before and self.enabled and (not before.enabled or before.problem):
			release(self.name)

	def on_trash(self) -> None:
		if frappe.db.exists("Dafater Nurture Enrolment", {"sequence": self.name}):
			self.throw(
				_(
					"The sequence {0} has enrolments, which are its history. Disable it instead of deleting it."
				).format(frappe.bold(escape_html(self.name)))
			)

	def clean_title(self) -> None:
		with explained(_("Title")):
			self.title = text.plain(self.title)

	def check_steps(self) -> None:
		for step in self.steps:
			self.check_kind(step)
		with explained(_("Steps")):
			nurture.check_plan(plan_of(self), bool(self.exit_on_reply))

	def check_kind(self, step) -> None:
		if min(step.delay_days or 0, step.delay_hours or 0) < 0 or (step.task_due_in_days or 0) < 0:
			self.throw(_("Step {0}: days and hours cannot be negative.").format(step.idx))
		if step.kind != nurture.BRANCH:
			step.if_replied = step.if_not_replied = 0
		if step.kind != nurture.WHATSAPP:
			step.message_template = None
		if step.kind == nurture.TASK:
			if not step.task_subject:
				self.throw(_("Step {0} makes a task. Enter its subject.").format(step.idx))
			with explained(_("Task Subject")):
				step.task_subject = text.plain(step.task_subject)

	def check_texts(self) -> None:
		chosen = self.templates_before()
		for step in self.steps:
			if step.kind == nurture.EMAIL:
				texts.check_step(step)
			if step.kind == nurture.WHATSAPP:
				templates.check_step(self, step, step.message_template not in chosen)

	def templates_before(self) -> set[str]:
		"""Templates that were in the running sequence before this save: a new or disabled one is checked as a whole."""
		before = self.get_doc_before_save()
		return {step.message_template for step in before.steps} if before and before.enabled else set()

	def check_conditions(self) -> None:
		"""What was wrong with stored ones (`records/nurture/watch.py`) is over when they can be saved."""
		self.problem = None
		conditions.check_rows(self.applies_to, self.exit_conditions)
		if self.enrolment != "When Conditions Match":
			self.conditions = []
			return
		if not self.conditions:
			self.throw(_("Add at least one condition, or enrol by hand."))
		conditions.check_rows(self.applies_to, self.conditions)
		conditions.refuse_contradictions(self.applies_to, self.conditions)

	def check_hours(self) -> None:
		if self.time_zone not in available_timezones():
			self.throw(
				_("{0} is not a time zone. Choose one like Asia/Riyadh.").format(escape_html(self.time_zone))
			)
		hours = self.send_from_hour or 0, self.send_until_hour or 0
		if not all(0 <= hour <= 24 for hour in hours) or hours[0] % 24 == hours[1] % 24:
			self.throw(_("Enter two different hours from 0 to 24 for the sending hours."))

	def check_account(self) -> None:
		if self.email_account and not frappe.get_cached_value(
			"Email Account", self.email_account, "enable_outgoing"
		):
			self.throw(
				_("The e-mail account {0} cannot send. Choose one with outgoing e-mail.").format(
					frappe.bold(escape_html(self.email_account))
				)
			)

	def keep_plan_while_running(self) -> None:
		"""Enrolments know their place by the step's number, so the plan stays while some are under way; texts may change."""
		before = self.get_doc_before_save()
		if not before or _shape(before) == _shape(self):
			return
		if frappe.db.exists(
			"Dafater Nurture Enrolment", {"sequence": self.name, "status": ("in", ["Active", "Paused"])}
		):
			self.throw(
				_(
					"People are in this sequence, so its steps cannot be added, removed or reordered. "
					"Change texts and delays only, or make a copy of the sequence."
				)
			)

	def note_enabling(self) -> None:
		before = self.get_doc_before_save()
		if self.enabled and not (before and before.enabled):
			self.enabled_on = now_datetime()


def _shape(sequence) -> list[tuple]:
	return [
		(step.kind, step.if_replied or 0, step.if_not_replied or 0, bool(step.ends_here))
		for step in sequence.steps
	]
