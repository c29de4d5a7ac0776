"""Score rules for the people who write them, and the measure of what was learnt."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from dafater_crm.domain import scoring
from dafater_crm.queries import score_events, score_leads
from dafater_crm.records import learnt, score_rules
from dafater_crm.records.rules import explained

RULE, LEAD = "Dafater Score Rule", "Dafater Lead"
BATCH = 2000


@frappe.whitelist(methods=["GET"])
def fields() -> list:
	"""Fields of leads that a rule can look at: [{"value", "label", "kind", "options"}]. Permission: read on score rules."""
	frappe.has_permission(RULE, "read", throw=True)
	return score_rules.scorable_fields()


@frappe.whitelist(methods=["POST"])
def preview(rule: dict | str) -> dict:
	"""How many open leads a rule, saved or not, would match now: {"matching": n, "open": n}.

	Counts the leads that the user's own list shows. Permission: read on score rules and leads.
	"""
	frappe.has_permission(RULE, "read", throw=True)
	frappe.has_permission(LEAD, "read", throw=True)
	row = frappe._dict(frappe.parse_json(rule) or {})
	with explained(_("Value")):
		read = score_rules.read_for_preview(row)
	if read is None:
		frappe.throw(_("Choose the field of the lead and how it is compared."))
	if isinstance(read, scoring.FieldRule):
		return _matching_field(read)
	return _matching_events(read)


@frappe.whitelist(methods=["GET"])
def learnt_state() -> list:
	"""What was learnt and how well it foretold, all teams first: rows of Dafater Learnt Model. Permission: read on them."""
	frappe.has_permission(learnt.MODEL, "read", throw=True)
	fields = ["team", "state", "built_on", "won", "lost", "measured_on", "auc", "log_loss", "base_log_loss"]
	return frappe.get_list(learnt.MODEL, fields=fields, order_by="team asc", limit=100)


def _matching_field(rule: scoring.FieldRule) -> dict:
	found = score_leads.open_values(rule.fields)
	matching = sum(number for *values, number in found if rule.holds(*values))
	return {"matching": matching, "open": sum(number for *_values, number in found)}


def _matching_events(rule: scoring.EventRule) -> dict:
	since = add_days(now_datetime(), -rule.within - 1) if rule.within else None
	matching = everything = 0
	for names in score_leads.open_names(BATCH):
		events = score_events.events_of(names, [rule.event_type], since)
		matching += sum(1 for name in names if scoring.event_points(rule, events.get(name, ()))[0])
		everything += len(names)
	return {"matching": matching, "open": everything}
