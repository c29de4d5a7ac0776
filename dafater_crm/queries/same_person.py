"""Which open leads are the same person: looked up by mobile or e-mail, and compared as duplicates are.

A mobile alone is no person: a son gives his father's, and what he sends, his consent included, is not the father's. Sees every
lead: capture must not make a second lead only because the visitor may not read the first. A caller that answers a user
checks permission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import frappe

from dafater_crm.domain import emails, phones, saudi_ids
from dafater_crm.domain.duplicates import likely
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.matching import DUPLICATE
from dafater_crm.queries.duplicates import COMPARED, profile_of, stored_frequencies, with_holders

CLOSED = ("Converted", "Disqualified")
MOST = 20

_REACH = {"mobile_no": phones.to_e164, "email_id": emails.normalise}
_AS_STORED = {
	**_REACH,
	"phone": phones.to_e164,
	"whatsapp_no": phones.to_e164,
	"cr_number": saudi_ids.validate_cr,
	"vat_number": saudi_ids.validate_vat,
	"national_id": saudi_ids.validate_national_id,
}


def find_same_person(values: Mapping[str, object]) -> list[dict]:
	"""Return open leads with the same `mobile_no` or `email_id` that are the same person, the newest first, of at most 20.

	The same person: `domain.matching` says "duplicate" of all that was typed and all that the lead has. A mobile or address
	that is not valid finds nothing. Each row has name, title, status, lead_owner and matched_on ("mobile_no" or
	"email_id"). No statement without a valid key, one with it.
	"""
	keys = reach_keys(values)
	if not keys:
		return []
	rows = _open_leads(keys)
	profiles = {row.name: profile_of(row) for row in rows}
	if not profiles:
		return []
	sent = profile_of({field: as_stored(field, values.get(field)) for field in COMPARED})
	frequencies = with_holders(stored_frequencies(), [sent, *profiles.values()])
	same = {
		name for name, match in likely(sent, profiles.items(), frequencies) if match.decision == DUPLICATE
	}
	found = [row for row in rows if row.name in same]
	for row in found:
		row.matched_on = next(field for field, value in keys.items() if row[field] == value)
	return found


def _open_leads(keys: Mapping[str, str]) -> list[dict]:
	lead = frappe.qb.DocType("Dafater Lead")
	rule = None
	for field, value in keys.items():
		rule = (lead[field] == value) if rule is None else rule | (lead[field] == value)
	return (
		frappe.qb.from_(lead)
		.select(lead.name, lead.title, lead.status, lead.lead_owner, *(lead[field] for field in COMPARED))
		.where(rule)
		.where(lead.status.notin(CLOSED))
		.orderby(lead.creation, order=frappe.qb.desc)
		.limit(MOST)
		.run(as_dict=True)
	)


def reach_keys(values: Mapping[str, object]) -> dict[str, str]:
	"""The mobile as E.164 and the e-mail in lower case, as they are stored; what is not valid is left out."""
	found = {field: as_stored(field, values.get(field)) for field in _REACH}
	return {field: value for field, value in found.items() if value}


def as_stored(field: str, value: object) -> str:
	"""What was typed for a field as a lead stores it, "" where it is not valid."""
	rule: Callable[[str], str] = _AS_STORED.get(field, str.strip)
	try:
		return rule(str(value or "")) or ""
	except RuleError:
		return ""
