"""Why an enrolment ended, was skipped or was never made: stored in English, since a job has no reader; told in theirs."""

from __future__ import annotations

import frappe

from dafater_crm.queries import suppression
from dafater_crm.records.labels import _

REPLIED = _("The person replied.")
OPT_OUT = _("The person does not want to be contacted.")
UNSUBSCRIBED = _("The person unsubscribed.")
WITHDRAWN = _("The person withdrew the consent to marketing.")
NO_CONSENT = _("The person has not agreed to marketing.")
NO_ADDRESS = _("The record has no e-mail address.")
NO_NUMBER = _("The record has no number for WhatsApp.")
BLOCKED = _("The person is blocked in the inbox.")
NO_MARKETING = _("The person stopped marketing messages on WhatsApp.")
NO_NAME = _("The template names the person, and the record has no name.")
NO_OWNER = _("The template names the record's owner, and the record has none.")
NO_COMPANY = _("The template names the company, and the record has none.")
STEP_GONE = _("The step was removed from the sequence.")
OTHER_ACCOUNT = _("The person's open conversation is with another WhatsApp account.")
FINISHED = _("The record is converted, closed or disqualified.")
CONDITION = _("The record matches an exit condition.")
GONE = _("The record was deleted.")
MERGED = _("The lead was merged with another one that is in this sequence.")
BY_HAND = _("Stopped by a person.")
DISABLED = _("The sequence was disabled.")
BROKEN = _("A condition of the sequence can no longer be checked.")
SKIPPED = _("Skipped by a person.")
INTERRUPTED = _("The step was interrupted. It is not repeated, so that nobody gets it twice.")
NOT_YOURS = _("You may not change this record.")
ENROLLED = _("The record is in this sequence already.")
OVER, LEAVING = FINISHED, CONDITION

# reason of `queries.suppression` -> what is stored and told
OF_SUPPRESSION = {
	suppression.NO_ADDRESS: NO_ADDRESS,
	suppression.NO_NUMBER: NO_NUMBER,
	suppression.BLOCKED: BLOCKED,
	suppression.NO_MARKETING: NO_MARKETING,
	suppression.OPTED_OUT: OPT_OUT,
	suppression.UNSUBSCRIBED: UNSUBSCRIBED,
	suppression.WITHDRAWN: WITHDRAWN,
	suppression.NO_CONSENT: NO_CONSENT,
}

# these end a sequence, whatever other kinds of messages could reach the person
FINAL = frozenset((OPT_OUT,))


def told(reason: str | None) -> str:
	"""A stored reason in the reader's language."""
	return frappe._(reason) if reason else ""
