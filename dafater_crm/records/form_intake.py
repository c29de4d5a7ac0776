"""What happens to a sent form: kept first, then judged, then made a lead. One submission, one lead, nothing lost.

`receive` works in the caller's transaction: the submission is written before the lead is tried, and the lead in a savepoint. A
deadlock, and an error that nobody foresaw, roll the whole request back; the submission is then written again.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime, nowdate
from frappe.utils.password import get_encryption_key

from dafater_crm.domain import spam
from dafater_crm.domain.characters import one_line
from dafater_crm.queries.same_person import find_same_person
from dafater_crm.records import capture

SUBMISSION = "Dafater Form Submission"
ACCEPTED, REFUSED, SPAM, DUPLICATE = "Accepted", "Refused", "Spam", "Duplicate"
ATTACH = "Attach to That Lead"
ADDRESS_DAYS = 90
CHANNELS = {
	"consent_phone": "Phone",
	"consent_whatsapp": "WhatsApp",
	"consent_email": "E-mail",
	"consent_sms": "SMS",
}
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
		return _("A field that people do not see was filled in.", lang=_site_language())
	if spam.too_many_links(sent.values, ignore=("website",)):
		return _("The texts hold more links than a person writes.", lang=_site_language())
	if form.daily_limit and _taken_today(form.name) > form.daily_limit:
		return _("The form has reached its leads of the day.", lang=_site_language())
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
		reason = _(
			"The lead could not be made for a technical reason. Try again here.", lang=_site_language()
		)
		return _settle(submission, REFUSED, reason)
	return _settle(submission, state, None, lead)


def make_lead(form, submission, unattended: bool = True) -> tuple[str, str]:
	"""Make the lead of a submission, or attach it to the person's open lead. Returns (state, lead).

	Raises `frappe.ValidationError` when the controller refuses the lead; the caller rolls back.
	`unattended=False`: a person releases it and needs the right to create leads.
	"""
	sent = received(submission)
	values = sent["values"]
	same = find_same_person(values) if form.same_person == ATTACH else []
	if same:
		lead, owner = same[0].name, same[0].lead_owner
		capture.attach(
			lead, _("Form {0}", lang=_site_language()).format(form.title), {**values, **sent["tracking"]}
		)
	else:
		made = capture.insert_lead(_lead_values(form, submission, sent), "Web Form", unattended)
		lead, owner = made.name, made.lead_owner
	if submission.consent_given:
		_record_consent(form, submission, lead)
	capture.note_event(lead, form.title, "Web Form", submission.name)
	_tell(form, owner, lead, submission.person_name)
	return (DUPLICATE if same else ACCEPTED), lead


def received(submission) -> dict:
	"""What was received: {"values", "tracking", "consent"}. Throws when personal data was deleted on request."""
	try:
		return json.loads(submission.received_values)
	except ValueError:
		frappe.throw(_("The personal data of this submission was deleted. No lead can be made of it."))


def _lead_values(form, submission, sent: dict) -> dict:
	fixed = ("source", "campaign", "item_group", "company", "territory", "team")
	return {
		**{name: form.get(name) for name in fixed},
		"preferred_language": submission.language,
		**{name: value for name, value in capture.with_scheme(sent["values"]).items() if value},
		**capture.tracking(sent["tracking"]),
		"source_reference": submission.name,
	}


def _record_consent(form, submission, lead: str) -> None:
	"""One entry a channel, or one for all. The evidence names the submission, which holds what was shown and sent."""
	chosen = [channel for name, channel in CHANNELS.items() if form.get(name)]
	for channel in ["All"] if len(chosen) == len(CHANNELS) else chosen:
		frappe.get_doc(
			{
				"doctype": "Dafater Consent Entry",
				"party_type": capture.LEAD,
				"party_name": lead,
				"purpose": form.consent_purpose,
				"channel": channel,
				"action": "Granted",
				"given_on": submission.received_on,
				"source": f"Web Form {form.name}"[:140],
				"wording": submission.consent_wording,
				"evidence": "\n".join(
					(
						f"form: {form.name}",
						f"submission: {submission.name}",
						f"language: {submission.language}",
						f"address digest: {address_digest(submission.ip_address)}",
					)
				),
			}
		).insert(ignore_permissions=True)  # the visitor's own act, kept whoever she is


def address_digest(ip_address: str | None) -> str:
	"""HMAC-SHA256 of an IP address with the site's key.

	The ledger is kept for ever, so it does not hold the address. The digest proves that a disputed address is the one that
	consent came from, and says nothing to whoever lacks the key.
	"""
	return hmac.new(signing_key(), (ip_address or "").encode(), hashlib.sha256).hexdigest()


def signing_key() -> bytes:
	"""The key of form tokens and digests: derived from the site's encryption key, which signs nothing else here."""
	return hmac.new(get_encryption_key().encode(), b"dafater-lead-form", hashlib.sha256).digest()


def _tell(form, owner: str | None, lead: str, person: str | None) -> None:
	users = [owner] if owner else []
	if form.notify_team and form.team:
		users += frappe.get_cached_doc("Dafater Team", form.team).people()
	subject = _("{0} sent the form {1}", lang=_site_language()).format(person or lead, form.title)
	capture.notify(dict.fromkeys(users), subject, capture.LEAD, lead)


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


def _site_language() -> str:
	return frappe.db.get_default("lang") or "en"


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
