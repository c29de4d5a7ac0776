"""The end of the tour: every status and amount on the site against what the plan says by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import frappe
from frappe.utils import flt

from dafater_crm.erpnext import customer as customers
from dafater_crm.queries import facts
from dafater_crm.queries.customer_view import customer_view
from dafater_crm.setup.tour_walk import LEAD, OPPORTUNITY, PROSPECT, Journey, Walk

CUSTOMER_FIELD = {"Sales Order": "customer", "Sales Invoice": "customer", "Payment Entry": "party"}
HALALA = 0.005


@dataclass(frozen=True)
class Check:
	"""One comparison. `about` names the lead and the document of the plan."""

	about: str
	expected: object
	actual: object

	@property
	def passed(self) -> bool:
		if isinstance(self.expected, int | float) and not isinstance(self.actual, str):
			return abs(flt(self.expected) - flt(self.actual)) < HALALA
		return (self.expected or None) == (self.actual or None)


def check_all(walk: Walk) -> list[Check]:
	"""Every check of the tour, passed or not. Reads the site as the caller, who sees every record."""
	found = [check for journey in walk.journeys.values() for check in check_journey(walk, journey)]
	return found + check_totals(walk)


def check_journey(walk: Walk, journey: Journey) -> list[Check]:
	found = []
	for label, expected in journey.plan["expect"].items():
		if label in journey.documents:
			found += _check_fields(walk, journey, label, expected)
	expect = journey.plan["expect"]
	found += _check_money(journey, expect["row"])
	found += _check_customer(walk, journey, expect["customer"])
	found += _check_links(journey)
	found.append(Check(f"{journey.key} issues", expect["issues"], len(_issues(journey))))
	return found


def _check_fields(walk: Walk, journey: Journey, label: str, expected: dict) -> list[Check]:
	doc = journey.get(label)
	found = []
	for field, value in expected.items():
		actual = _value(doc, field)
		if field == "opportunity_owner":
			value = walk.company.users[value]
		if field == "email_id" and walk.mark > 1:
			continue
		found.append(Check(f"{journey.key} {label} {field}", value, actual))
	return found


def _value(doc, field: str):
	if field == "stage_history":
		return frappe.db.count("Dafater Stage History", {"opportunity": doc.name})
	value = doc.get(field)
	return len(value) if isinstance(value, list) else value


def _check_money(journey: Journey, expected: dict) -> list[Check]:
	actual = money_of(journey)
	return [Check(f"{journey.key} {field}", value, actual[field]) for field, value in expected.items()]


def money_of(journey: Journey) -> dict[str, float]:
	"""In company currency: offered before VAT, invoiced with VAT, paid and outstanding. Credit notes count against."""
	invoices = _rows("Sales Invoice", journey, ["name", "base_grand_total", "outstanding_amount"])
	offered = _rows(OPPORTUNITY, journey, ["base_opportunity_amount as amount"]) or _rows(
		"Quotation", journey, ["base_net_total as amount"]
	)
	return {
		"amount": sum(row.amount for row in offered),
		"invoiced": sum(row.base_grand_total for row in invoices),
		"paid": _paid([row.name for row in invoices]),
		"outstanding": sum(row.outstanding_amount for row in invoices),
	}


def _rows(doctype: str, journey: Journey, fields: list[str]) -> list:
	return frappe.get_all(doctype, {"name": ("in", journey.of_kind(doctype) or [""])}, fields)


def _paid(invoices: list[str]) -> float:
	"""What the ledger books against these invoices from payments and journal entries."""
	rows = frappe.get_all(
		"Payment Ledger Entry",
		{
			"against_voucher_type": "Sales Invoice",
			"against_voucher_no": ("in", invoices or [""]),
			"voucher_type": ("in", ("Payment Entry", "Journal Entry")),
			"delinked": 0,
		},
		pluck="amount",
	)
	return -sum(rows)


def _check_customer(walk: Walk, journey: Journey, expected: str) -> list[Check]:
	"""none, own (named after the party), existing (found by its VAT number), or the number of the lead that has it."""
	customer = customer_of(journey)
	about = f"{journey.key} customer"
	if expected == "existing":
		return [Check(about, walk.existing_customer, customer)]
	if expected == "own":
		name = customer and frappe.db.get_value("Customer", customer, "customer_name")
		return [Check(about, party_title(journey), name)]
	wanted = customer_of(walk.journeys[expected]) if expected in walk.journeys else None
	return [Check(about, wanted, customer)]


def customer_of(journey: Journey) -> str | None:
	"""The Customer of the lead, through its prospect where that has it."""
	return customers.existing(LEAD, journey.lead)


def party_title(journey: Journey) -> str:
	return journey.sheet["organisation_name"] or journey.sheet["lead_name"]


def _check_links(journey: Journey) -> list[Check]:
	"""Orders, invoices and payments carry the one Customer and the opportunity; the issue carries the Customer."""
	customer, found = customer_of(journey), []
	opportunities = journey.of_kind(OPPORTUNITY) or [None]
	for doctype, field in CUSTOMER_FIELD.items():
		for row in _rows(doctype, journey, ["name", f"{field} as customer", "dafater_opportunity"]):
			found.append(Check(f"{journey.key} {row.name} customer", customer, row.customer))
			known = row.dafater_opportunity if row.dafater_opportunity in opportunities else opportunities
			found.append(Check(f"{journey.key} {row.name} opportunity", known, row.dafater_opportunity))
	for row in _issues(journey):
		found.append(Check(f"{journey.key} {row.name} customer", customer, row.customer))
	return found


def _issues(journey: Journey) -> list:
	return frappe.get_all("Issue", {"dafater_lead": journey.lead}, ["name", "customer"])


def check_totals(walk: Walk) -> list[Check]:
	"""Sums over the sheet, the number of customers, and that the stored facts need no repair."""
	expected = walk.plan["totals"]
	journeys = walk.journeys.values()
	money = [money_of(journey) for journey in journeys]
	actual = {
		field: sum(row[field] for row in money) for field in ("amount", "invoiced", "paid", "outstanding")
	}
	actual["weighted"] = sum(
		row.amount
		for journey in journeys
		for row in _rows(OPPORTUNITY, journey, ["weighted_amount as amount"])
	)
	actual["customers_made"] = frappe.db.count("Customer") - walk.customers_before
	actual["issues"] = sum(len(_issues(journey)) for journey in journeys)
	actual["contacts_of_unqualified_leads"] = _contacts_of_unqualified(walk)
	found = [Check(f"total {field}", value, actual[field]) for field, value in expected.items()]
	found.append(
		Check(
			"total invoiced = paid + outstanding", actual["invoiced"], actual["paid"] + actual["outstanding"]
		)
	)
	found += _check_customer_views(walk)
	found.append(Check("ledger of our customers", actual["outstanding"], _ledger_balance(walk)))
	return found + [_check_facts(doctype, walk) for doctype in (LEAD, PROSPECT, OPPORTUNITY)]


def _contacts_of_unqualified(walk: Walk) -> int:
	"""No Contact for junk: leads that nobody qualified have none."""
	names = [journey.lead for journey in walk.journeys.values()]
	junk = frappe.get_all(
		LEAD, {"name": ("in", names), "qualification_status": ("!=", "Qualified")}, pluck="name"
	)
	return frappe.db.count(
		"Dynamic Link", {"parenttype": "Contact", "link_doctype": LEAD, "link_name": ("in", junk or [""])}
	)


def _check_customer_views(walk: Walk) -> list[Check]:
	"""The panel on a lead shows what the plan expects of its customer, all leads of that customer together."""
	rows = defaultdict(list)
	for journey in walk.journeys.values():
		rows[customer_of(journey)].append(journey)
	rows.pop(None, None)
	found = []
	for journeys in rows.values():
		view = customer_view(LEAD, journeys[-1].lead)
		section = next(part for part in view["sections"] if part["key"] == "invoices")
		shown = {
			figure["key"]: sum(part["value"] for part in figure["values"]) for figure in section["figures"]
		}
		for key, field in (("billed", "invoiced"), ("outstanding", "outstanding")):
			expected = sum(journey.plan["expect"]["row"][field] for journey in journeys)
			found.append(Check(f"{journeys[-1].key} customer view {key}", expected, shown.get(key)))
	return found


def _ledger_balance(walk: Walk) -> float:
	ours = {customer_of(journey) for journey in walk.journeys.values()} - {None}
	rows = frappe.get_all(
		"GL Entry",
		{"party_type": "Customer", "party": ("in", list(ours)), "is_cancelled": 0},
		["debit", "credit"],
	)
	return sum(row.debit - row.credit for row in rows)


def _check_facts(doctype: str, walk: Walk) -> Check:
	"""Recomputing from the documents would change nothing."""
	names = [name for journey in walk.journeys.values() for name in journey.of_kind(doctype)]
	if doctype == OPPORTUNITY:
		fresh, stored_field = facts.opportunity_facts(names), "document_status"
	else:
		fresh, stored_field = facts.party_facts(doctype, names), "fact_status"
	rows = frappe.get_all(doctype, {"name": ("in", names)}, ["name", stored_field])
	stale = [row.name for row in rows if (row[stored_field] or "") != fresh[row.name]]
	return Check(f"{doctype}: stored facts that differ", 0, len(stale))
