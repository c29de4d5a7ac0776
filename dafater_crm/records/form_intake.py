"""What happens to a sent form: kept first, then judged, then made a lead. One submission, one lead, nothing lost.

`receive` works in the caller's transaction: the submission is written before the lead is tried, and the lead in a savepoint. A
deadlock, and an error that nobody foresaw, roll the whole request back; the submission is then written again.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime, nowdate

from dafater_crm.domain import spam
from dafater_crm.domain.characters import one_line
from dafater_crm.records import capture
from dafater_crm.records.form_lead import ACCEPTED, DUPLICATE, make_lead, site_language

SUBMISSION = "Dafater Form Submission"
REFUSED, SPAM = "Refused", "Spam"
ADDRESS_DAYS = 90
_ATTEMPTS = 3
_BATCH = 500


@dataclass
class Sent:
	"""What came in: values by field of the lead, tracking, and how it was sent. Everything is text as typed."""

	values: dict[str, str]
	tracking: dict[str, str]
	language: str
	nonce: str
	consent: bool = False
	trapped: bool = False
	ip_address: str = ""
	user_agent: str = ""


@dataclass
class Outcome:
	"""`state` of the submission, its name, and what the visitor can correct: messages by field ("" for the whole form)."""

	state: str
	submission: str
	messages: dict[str, str] = field(default_factory=dict)


class AlreadySent(Exception):
	"""The page was sent before, with other values: it must be opened again."""


def receive(form, sent: Sent) -> Outcome:
	"""Take a sent form. Raises `AlreadySent`; every other trouble ends as an `Outcome`.

	Permission: none, the published form is it. The caller has checked the token, the size and the rate.
	"""
	for attempt in range(1, _ATTEMPTS + 1):
		try:
			return _receive(form, sent)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			if attempt == _ATTEMPTS:
				raise
		except frappe.UniqueValidationError:
			# the same page, sent twice at the same moment: the other one has committed, look again
			frappe.db.rollback()
			frappe.clear_messages()
	return _again(frappe.get_doc(SUBMISSION, {"token": sent.nonce}), sent)


def _receive(form, sent: Sent) -> Outcome:
	name = frappe.db.get_value(SUBMISSION, {"token": sent.nonce})
	if name:
		submission = frappe.get_doc(SUBMISSION, name, for_update=True)
		if submission.state != REFUSED or submission.lead:
			return _again(submission, sent)
		submission.attempts += 1
		_fill(submission, form, sent)
		submission.save(ignore_permissions=True)  # the visitor corrects what she sent; her token proves it
	else:
		submission = frappe.new_doc(SUBMISSION)
		_fill(submission, form, sent)
		submission.insert(ignore_permissions=True)  # the published form is the permission
	junk = _junk_reason(form, sent)
	if junk:
		return _settle(submission, SPAM, junk)
	return _try_lead(form, submission)


def _again(submission, sent: Sent) -> Outcome:
	"""The visitor pressed the button twice: the same answer. Other values need a new page."""
	if json.loads(submission.received_values) != _stored(sent):
		raise AlreadySent
	return Outcome(
		submission.state, submission.name, {"": submission.reason} if submission.state == REFUSED else {}
	)


def _fill(submission, form, sent: Sent) -> None:
	reach = sent.values
	submission.update(
		{
			"form": form.name,
			"captured_through": "Web Form",
			"state": ACCEPTED,
			"received_on": submission.received_on or now_datetime(),
			"person_name": one_line(reach.get("lead_name") or reach.get("organisation_name"))[:140],
			"mobile_no": one_line(reach.get("mobile_no"))[:140],
			"email_id": one_line(reach.get("email_id"))[:140].lower(),
			"language": sent.language,
			"consent_given": int(sent.consent),
			"consent_wording": form.get(f"consent_{sent.language}") if sent.consent else None,
			"received_values": json.dumps(_stored(sent), ensure_ascii=False, indent=1),
			"ip_address": sent.ip_address[:140],
			"user_agent": one_line(sent.user_agent)[:500],
			"token": sent.nonce,
		}
	)


def _stored(sent: Sent) -> dict:
	return {"values": sent.values, "tracking": sent.tracking, "consent": sent.consent}


def _junk_reason(form, sent: Sent) -> str:
	if sent.trapped:
		return _("A field that people do not see was filled in.", lang=site_language())
	if spam.too_many_links(sent.values, ignore=("website",)):
		return _("The texts hold more links than a person writes.", lang=site_language())
	if form.daily_limit and _taken_today(form.name) > form.daily_limit:
		return _("The form has reached its leads of the day.", lang=site_language())
	return ""


def _taken_today(form: str) -> int:
	"""Submissions of today that count, this one included."""
	return frappe.db.count(
		SUBMISSION,
		{"form": form, "creation": (">=", nowdate()), "state": ("in", (ACCEPTED, DUPLICATE))},
	)


def _try_lead(form, submission) -> Outcome:
	frappe.db.savepoint("dafater_form_lead")
	try:
		state, lead = make_lead(form, submission)
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point="dafater_form_lead")
		messages = _messages(form, error)
		# a message about what the form itself adds helps its editor, not the visitor, who has done all she can
		hers = messages if isinstance(error, frappe.MandatoryError) or "" not in messages else {}
		return _settle(submission, REFUSED, "\n".join(messages.values()), messages=hers)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		# nobody foresaw this one: keep what was typed, tell us, and spare the visitor
		frappe.db.rollback(save_point="dafater_form_lead")
		frappe.log_error(
			title=f"Dafater form {form.name}", reference_doctype=SUBMISSION, reference_name=submission.name
		)
		frappe.clear_messages()
		reason = _("The lead could not be made for a technical reason. Try again here.", lang=site_language())
		return _settle(submission, REFUSED, reason)
	return _settle(submission, state, None, lead)


def _settle(
	submission, state: str, reason: str | None, lead: str | None = None, messages: dict | None = None
) -> Outcome:
	submission.db_set({"state": state, "reason": reason, "lead": lead}, update_modified=False)
	return Outcome(state, submission.name, messages or {})


def _messages(form, error: Exception) -> dict[str, str]:
	"""The controller's messages as plain text, by the form's field whose label is their title, else ""; empties the list."""
	shown = {capture.FORM_FIELDS[row.lead_field]: row for row in form.form_fields}
	meta = frappe.get_meta(capture.LEAD)
	by_label = {_(meta.get_label(name)): name for name in shown}
	found: dict[str, str] = {}
	for message in frappe.get_message_log():
		text = html.unescape(re.sub(r"<[^>]+>", "", str(message.get("message") or "")))
		found.setdefault(by_label.get(message.get("title"), ""), text)
	frappe.clear_messages()
	return found or {"": str(error)}


def forget_addresses() -> None:
	"""Daily: empty IP address and browser of submissions older than 90 days, 500 rows a transaction."""
	table = frappe.qb.DocType(SUBMISSION)
	limit = add_days(nowdate(), -ADDRESS_DAYS)
	while True:
		names = frappe.get_all(
			SUBMISSION,
			{"creation": ("<", limit), "ip_address": ("is", "set")},
			pluck="name",
			order_by="creation",
			limit=_BATCH,
		)
		if not names:
			return
		frappe.qb.update(table).set(table.ip_address, None).set(table.user_agent, None).where(
			table.name.isin(names)
		).run()
		frappe.db.commit()  # nosemgrep: manual-commit - a job, one batch a transaction
