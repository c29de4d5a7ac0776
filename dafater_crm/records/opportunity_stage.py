"""Stage, probability, outcome and status of an opportunity, and the activities that a stage asks for.

The outcome comes only through a stage: entering a Won or Lost stage wins or loses the opportunity, leaving it
reopens it. The status is derived (`domain.opportunity_status`) from the outcome, the documents and `closed_on`.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime, nowdate

from dafater_crm.domain import opportunity_status
from dafater_crm.records import history
from dafater_crm.records.raw_rows import append_rows
from dafater_crm.records.recompute import first_stage, outcome_of


def enter_first_stage(doc) -> None:
	"""A new opportunity without a stage starts in the first open one."""
	doc.sales_stage = doc.sales_stage or first_stage("Open")


def follow_stage(doc) -> None:
	"""Everything that a change of stage brings with it, before the row is written."""
	before = doc.get_doc_before_save()
	changed = before is None or before.sales_stage != doc.sales_stage
	if changed and doc.sales_stage:
		_check_order_of_stages(doc.sales_stage)
	if changed:
		if before:
			_check_activities(doc, before)
			doc.stage_before_won = None
		doc.stage_changed_on = now_datetime()
		_set_outcome_dates(doc)
	_set_probability(doc, before, changed)
	_require_lost_reason(doc)


def _check_order_of_stages(stage: str) -> None:
	if not frappe.get_cached_value("Dafater Sales Stage", stage, "sequence"):
		frappe.throw(
			_(
				"The sales stage {0} has no sequence, so it has no place on the board. Give it one, then save again."
			).format(frappe.bold(_(stage))),
			title=_("Stage Without Sequence"),
		)


def _set_outcome_dates(doc) -> None:
	"""The day of winning or losing is the day of the stage change; no later edit moves it."""
	outcome = outcome_of(doc.sales_stage)
	doc.won_on = nowdate() if outcome == "Won" else None
	doc.lost_on = nowdate() if outcome == "Lost" else None
	if outcome == "Open":
		doc.lost_reasons, doc.lost_details = [], None
	doc.closed_on = None


def _set_probability(doc, before, changed: bool) -> None:
	"""From the stage, unless set by hand. A new stage with an outcome always gives its own 100 or 0."""
	by_hand = before is not None and before.probability != doc.probability and not changed
	if by_hand:
		doc.probability_by_hand = 1
	if changed and outcome_of(doc.sales_stage) != "Open":
		doc.probability_by_hand = 0
	if not doc.probability_by_hand:
		doc.probability = (
			frappe.get_cached_value("Dafater Sales Stage", doc.sales_stage, "probability")
			if doc.sales_stage
			else 0
		)


def _require_lost_reason(doc) -> None:
	if outcome_of(doc.sales_stage) == "Lost" and not doc.lost_reasons:
		doc.throw(
			_("Choose at least one reason why {0} was lost.").format(
				frappe.bold(doc.title or doc.party_title)
			),
			title=_("Lost Reason Missing"),
			exc=frappe.MandatoryError,
		)


def set_status(doc) -> None:
	doc.status = opportunity_status.status_of(
		outcome_of(doc.sales_stage), doc.document_status or "", bool(doc.closed_on)
	)


def keep_stage_history(doc) -> None:
	"""After the write: one row of history, and the activities of the new stage."""
	before = doc.get_doc_before_save()
	if before and before.sales_stage == doc.sales_stage:
		return
	history.append_stage(
		doc,
		before.sales_stage if before else None,
		doc.sales_stage,
		before.stage_changed_on if before else None,
	)
	_plan_activities(doc)


def _plan_activities(doc) -> None:
	"""Insert the activities of the stage at once, assigned to the opportunity's owner; none twice."""
	if not doc.sales_stage:
		return
	stage = frappe.get_cached_doc("Dafater Sales Stage", doc.sales_stage)
	planned = set()
	if stage.activities and doc.get_doc_before_save():
		planned = set(
			frappe.get_all(
				"Dafater Activity",
				filters={
					"reference_doctype": doc.doctype,
					"reference_name": doc.name,
					"sales_stage": doc.sales_stage,
					# one that was cancelled is planned again when the stage is entered again
					"status": ("!=", "Cancelled"),
				},
				pluck="subject",
			)
		)
	rows = [_activity_row(doc, row) for row in stage.activities if not planned & _spellings(row.subject)]
	append_rows("Dafater Activity", rows)


def _spellings(subject: str) -> set[str]:
	"""The subject as seeded and in both languages: it was planned in the language of whoever moved the stage."""
	return {subject, _(subject), _(subject, lang="ar"), _(subject, lang="en")}


def _activity_row(doc, activity) -> dict:
	return {
		"activity_type": activity.activity_type,
		"subject": _(activity.subject),
		"status": "Open",
		"assigned_to": doc.opportunity_owner,
		"reference_doctype": doc.doctype,
		"reference_name": doc.name,
		"sales_stage": doc.sales_stage,
		"required": activity.required,
		"due_on": add_days(now_datetime(), activity.due_in_days or 0),
	}


def _check_activities(doc, before) -> None:
	"""Leaving a stage forwards with open required activities warns or is refused, as the settings say."""
	rule = frappe.get_cached_doc("Dafater CRM Settings").stage_activities
	if rule == "Ignore" or not before.sales_stage or outcome_of(doc.sales_stage) == "Lost":
		return
	if _place_of(doc.sales_stage) < _place_of(before.sales_stage):
		return
	open_ones = frappe.get_all(
		"Dafater Activity",
		filters={
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"sales_stage": before.sales_stage,
			"required": 1,
			"status": "Open",
		},
		pluck="subject",
	)
	if not open_ones:
		return
	message = _("These activities of the stage {0} are still open: {1}.").format(
		frappe.bold(_(before.sales_stage)), ", ".join(_(subject) for subject in open_ones)
	)
	if rule == "Block":
		doc.throw(
			_("{0} Finish or cancel them, then change the stage.").format(message), title=_("Open Activities")
		)
	frappe.msgprint(message, title=_("Open Activities"), indicator="orange", alert=True)


def _place_of(stage: str | None) -> int:
	return frappe.get_cached_value("Dafater Sales Stage", stage, "sequence") or 0 if stage else 0


def delete_history(doc) -> None:
	"""The history and the planned activities belong to the opportunity and go with it."""
	stages, activities = frappe.qb.DocType("Dafater Stage History"), frappe.qb.DocType("Dafater Activity")
	frappe.qb.from_(stages).delete().where(stages.opportunity == doc.name).run()
	frappe.qb.from_(activities).delete().where(
		(activities.reference_doctype == doc.doctype) & (activities.reference_name == doc.name)
	).run()
