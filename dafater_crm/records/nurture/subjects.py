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
	"""`email` and `owner` are fieldnames. `over` are the statuses in which nobody is nurtured any more."""

	email: str
	owner: str
	person: str
	over: tuple[str, ...]


SUBJECTS = {
	LEAD: Subject("email_id", "lead_owner", "lead_name", ("Converted", "Disqualified", "Do Not Contact")),
	OPPORTUNITY: Subject("contact_email", "opportunity_owner", "party_title", ("Won", "Lost", "Closed")),
}
