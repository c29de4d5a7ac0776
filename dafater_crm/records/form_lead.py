"""The lead of a sent form: made or attached to the person's open one, with the consent that was given and whoever is told of it."""

from __future__ import annotations

import hashlib
import hmac
import json

import frappe
from frappe import _
from frappe.utils.password import get_encryption_key

from dafater_crm.queries.same_person import find_same_person
from dafater_crm.records import capture

ACCEPTED, DUPLICATE = "Accepted", "Duplicate"
ATTACH = "Attach to That Lead"
CHANNELS = {
	"consent_phone": "Phone",
	"consent_whatsapp": "WhatsApp",
	"consent_email": "E-mail",
	"consent_sms": "SMS",
}


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
			lead, _("Form {0}", lang=site_language()).format(form.title), {**values, **sent["tracking"]}
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
	subject = _("{0} sent the form {1}", lang=site_language()).format(person or lead, form.title)
	capture.notify(dict.fromkeys(users), subject, capture.LEAD, lead)


def site_language() -> str:
	"""What is written for everybody who reads the record later is in the site's language."""
	return frappe.db.get_default("lang") or "en"
