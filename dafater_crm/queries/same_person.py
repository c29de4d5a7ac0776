"""Which open leads are the same person: exact mobile or e-mail, one statement.

One function, so that a better comparison can take its place without its callers knowing. Sees every lead: capture must
not make a second lead only because the visitor may not read the first. A caller that answers a user checks permission.
"""

from __future__ import annotations

from collections.abc import Mapping

import frappe

from dafater_crm.domain import emails, phones
from dafater_crm.domain.errors import RuleError

CLOSED = ("Converted", "Disqualified")
MOST = 20


def find_same_person(values: Mapping[str, object]) -> list[dict]:
	"""Return open leads with the same `mobile_no` or `email_id`, the newest first, at most 20.

	`values` are as typed; a mobile or address that is not valid finds nothing. Each row has name, title, status, lead_owner
	and matched_on ("mobile_no" or "email_id"). No statement without a valid key.
	"""
	keys = reach_keys(values)
	if not keys:
		return []
	lead = frappe.qb.DocType("Dafater Lead")
	rule = None
	for field, value in keys.items():
		rule = (lead[field] == value) if rule is None else rule | (lead[field] == value)
	rows = (
		frappe.qb.from_(lead)
		.select(lead.name, lead.title, lead.status, lead.lead_owner, lead.mobile_no, lead.email_id)
		.where(rule)
		.where(lead.status.notin(CLOSED))
		.orderby(lead.creation, order=frappe.qb.desc)
		.limit(MOST)
		.run(as_dict=True)
	)
	for row in rows:
		row.matched_on = next(field for field, value in keys.items() if row[field] == value)
	return rows


def reach_keys(values: Mapping[str, object]) -> dict[str, str]:
	"""The mobile as E.164 and the e-mail in lower case, as they are stored; what is not valid is left out."""
	found = {}
	for field, rule in (("mobile_no", phones.to_e164), ("email_id", emails.normalise)):
		try:
			value = rule(str(values.get(field) or ""))
		except RuleError:
			continue
		if value:
			found[field] = value
	return found
