"""The DocTypes that can be nurtured, and what a sequence needs to know about each of them."""

from __future__ import annotations

from dataclasses import dataclass

LEAD, OPPORTUNITY, PROSPECT = "Dafater Lead", "Dafater Opportunity", "Dafater Prospect"
SEQUENCE, ENROLMENT, LEDGER = (
	"Dafater Nurture Sequence",
	"Dafater Nurture Enrolment",
	"Dafater Nurture Ledger",
)
OUTREACH_STATES = ("Active", "Paused")


@dataclass(frozen=True)
class Subject:
	"""`email`, `phones` (the best first) and `owner` are fieldnames. `over`: statuses in which nobody is nurtured any more."""

	email: str
	phones: tuple[str, ...]
	owner: str
	person: str
	over: tuple[str, ...]


SUBJECTS = {
	LEAD: Subject(
		"email_id",
		("whatsapp_no", "mobile_no"),
		"lead_owner",
		"lead_name",
		("Converted", "Disqualified", "Do Not Contact"),
	),
	OPPORTUNITY: Subject(
		"contact_email",
		("contact_mobile",),
		"opportunity_owner",
		"party_title",
		("Won", "Lost", "Closed"),
	),
}
