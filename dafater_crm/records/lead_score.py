"""The score on a lead: which fields hold it, how it is put together and what happens when it is high enough.

The reasons are stored without a language, as JSON: `{"reasons": [{"r": rule, "g": group, "p": points, "n": times}]}`, `n` only for
behaviour. The form translates them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import cint

from dafater_crm.domain import scoring
from dafater_crm.queries.score_leads import OUT_OF_FUNNEL
from dafater_crm.records import jobs, learnt, score_rules

POINTS_FIELDS = ("score", "fit_score", "engagement_score", "grade", "score_reasons")
LEARNT_FIELDS = ("learnt_score", "learnt_reasons")
OWN_FIELDS = (*POINTS_FIELDS, *LEARNT_FIELDS, "scored_on")
UNSCORED = {"score": 0, "fit_score": 0, "engagement_score": 0, "learnt_score": 0}
NOTIFY, NOTIFY_AND_MARK = "Notify the Owner", "Notify the Owner and Mark as In Process"
NOTIFY_JOB = "dafater_crm.records.lead_score.notify_owner"


def score_document(doc) -> None:
	"""Step of a lead's `validate`. No statement: rules, settings and the learnt model come from Redis.

	What a client sends in the fields of the score is ignored. Points for behaviour stay as stored until the job that follows the
	behaviour; a new lead has none.
	"""
	before = doc.get_doc_before_save()
	stored = {field: (before or UNSCORED).get(field) for field in OWN_FIELDS}
	doc.update(stored)
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	if settings.scoring_on and doc.status not in OUT_OF_FUNNEL:
		rules = score_rules.active()
		reasons = scoring.field_reasons(rules.fields, doc.get)
		reasons += [
			reason for reason in read_reasons(stored["score_reasons"]) if reason.rule in rules.event_names
		]
		doc.update(points(reasons, settings))
		react(doc, cint(stored["score"]) if before else None, settings)
	if before is None:
		doc.update(learnt.values_of(doc))
		doc.scored_on = doc.moment()


def points(reasons: Iterable[scoring.Reason], settings) -> dict:
	"""Values of the points fields for these reasons, the weightiest first."""
	ordered = sorted(reasons, key=lambda reason: (-abs(reason.points), reason.rule))
	score = scoring.total(ordered)
	return {
		"score": score.total,
		"fit_score": score.fit,
		"engagement_score": score.engagement,
		"grade": scoring.grade(score.total, bands(settings)),
		"score_reasons": dump_reasons(ordered),
	}


def bands(settings) -> tuple[int, int, int]:
	"""Where grades A, B and C begin."""
	return (cint(settings.grade_a_from), cint(settings.grade_b_from), cint(settings.grade_c_from))


def dump_reasons(reasons: Iterable[scoring.Reason]) -> str:
	rows = []
	for reason in reasons:
		row = {"r": reason.rule, "g": reason.group, "p": reason.points}
		rows.append(row if reason.times is None else row | {"n": reason.times})
	return json.dumps({"reasons": rows}, ensure_ascii=False, separators=(",", ":"))


def read_reasons(text: str | None) -> list[scoring.Reason]:
	"""Stored reasons; none where the text is empty or not ours."""
	if not text:
		return []
	try:
		rows = json.loads(text)["reasons"]
		return [scoring.Reason(row["r"], row["g"], row["p"], row.get("n")) for row in rows]
	except (KeyError, TypeError, ValueError):
		return []


def react(doc, earlier: int | None, settings) -> None:
	"""The lead has just reached the points of the settings by itself: tell its owner, mark it, as the settings say."""
	if not crossed(earlier, doc.score, settings):
		return
	if settings.at_threshold == NOTIFY_AND_MARK and doc.qualification_status == "Unqualified":
		doc.qualification_status = "In Process"
	notify_later(doc.name)


def crossed(earlier: int | None, score: int, settings) -> bool:
	"""Whether something happens at the threshold, and the score has just risen to it. `earlier` None: a new lead."""
	least = cint(settings.qualified_at)
	if settings.at_threshold not in (NOTIFY, NOTIFY_AND_MARK):
		return False
	return score >= least and (earlier is None or earlier < least)


def notify_later(name: str) -> None:
	"""Once the transaction is committed; a save that fails notifies nobody."""
	jobs.after_commit(NOTIFY_JOB, lead=name, job_id=f"dafater-score-{name}")


def notify_owner(lead: str) -> None:
	"""Job: a notification in the desk for the lead's owner, in the owner's language."""
	from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

	row = frappe.db.get_value("Dafater Lead", lead, ["title", "score", "lead_owner", "owner"], as_dict=True)
	if not row:
		return
	user = row.lead_owner or row.owner
	language = frappe.db.get_value("User", user, "language")
	subject = _("The lead {0} has reached {1} points.", lang=language)
	enqueue_create_notification(
		[user],
		{
			"type": "Alert",
			"document_type": "Dafater Lead",
			"document_name": lead,
			"subject": subject.format(frappe.bold(frappe.utils.escape_html(row.title)), row.score),
		},
	)
