"""Many rows for the tests that count the statements of the nine reports: everything about them differs from row to row.

Each number has an owner, a campaign, a source, a day and a party of its own: whatever a report looked up one by one, by
owner, campaign, month or document, would show in the number of statements.
"""

from __future__ import annotations

from datetime import date, timedelta

import frappe

from tests.site.engagement_rows import LEAD, OPPORTUNITY, many
from tests.site.factories import COMPANY
from tests.site.opportunity_rows import add_competitors, add_reasons

FIRST_DAY, DAYS = date(2013, 1, 1), 730
PERIOD = {
	"from_date": str(FIRST_DAY),
	"to_date": str(FIRST_DAY + timedelta(days=DAYS - 1)),
	"company": COMPANY,
}


def fill(prefix: str, territory: str, size: int, maker: str) -> None:
	"""`size` leads, each with an open and a lost opportunity, a quotation, an order, a message, a call and an issue.

	All are entered by `maker` and spread over the two years of `PERIOD`; names begin with `prefix`.
	"""
	numbers = range(size)
	many(LEAD, [_lead(prefix, n, territory, maker) for n in numbers])
	many(OPPORTUNITY, [_open(prefix, n, territory, maker) for n in numbers])
	many(OPPORTUNITY, [_lost(prefix, n, territory, maker) for n in numbers])
	add_reasons({f"{prefix}-lost-{n}": [f"reason {n}", f"reason {n + 1}"] for n in numbers})
	add_competitors({f"{prefix}-lost-{n}": [f"competitor {n}"] for n in numbers})
	for doctype, row in (
		("Quotation", _quotation),
		("Sales Order", _order),
		("Communication", _message),
		("Dafater Activity", _call),
		("Issue", _issue),
	):
		many(doctype, [{**_made(prefix, n, maker, doctype), **row(prefix, n)} for n in numbers])


def day(number: int) -> date:
	"""Consecutive numbers are 37 days apart, so ten of them lie in ten months."""
	return FIRST_DAY + timedelta(days=number * 37 % DAYS)


def _made(prefix: str, number: int, maker: str, kind: str) -> dict:
	moment = f"{day(number)} 09:00:00"
	name = f"{prefix}-{frappe.scrub(kind)}-{number}"
	return {"name": name, "owner": maker, "modified_by": maker, "creation": moment, "modified": moment}


def _lead(prefix: str, number: int, territory: str, maker: str) -> dict:
	mine = {"lead_owner": _person(number), "campaign": f"campaign {number}", "source": f"source {number}"}
	values = {"title": "عميل", "status": "Open", "company": COMPANY, "territory": territory, **mine}
	return {**_made(prefix, number, maker, "lead"), **values}


def _person(number: int) -> str:
	return f"owner-{number}@volume.example"


def _deal(prefix: str, number: int, territory: str) -> dict:
	lead = f"{prefix}-lead-{number}"
	return {
		"party_type": LEAD,
		"party_name": lead,
		# every other one goes back to its lead by its party alone
		"lead": lead if number % 2 else None,
		"company": COMPANY,
		"territory": territory,
		"opportunity_owner": _person(number),
		"campaign": f"campaign {number}",
		"source": f"source {number}",
		"transaction_date": day(number),
		"base_opportunity_amount": number,
		"weighted_amount": number,
	}


def _open(prefix: str, number: int, territory: str, maker: str) -> dict:
	values = {"status": "Open", "sales_stage": "Proposal", "expected_closing": day(number)}
	answered = {"first_response_time": number + 1, "answer_time": number + 1, "answer_business": number}
	deal = _deal(prefix, number, territory)
	return {**_made(prefix, number, maker, "open"), **deal, **values, **answered}


def _lost(prefix: str, number: int, territory: str, maker: str) -> dict:
	values = {"status": "Lost", "sales_stage": "Closed Lost", "lost_on": day(number)}
	return {**_made(prefix, number, maker, "lost"), **_deal(prefix, number, territory), **values}


def _quotation(prefix: str, number: int) -> dict:
	party = {"quotation_to": LEAD, "party_name": f"{prefix}-lead-{number}", "transaction_date": day(number)}
	return {
		"docstatus": 1,
		"status": "Open",
		"company": COMPANY,
		"dafater_opportunity": f"{prefix}-open-{number}",
		**party,
	}


def _order(prefix: str, number: int) -> dict:
	money = {"base_net_total": 10, "customer": f"customer {number}", "transaction_date": day(number)}
	return {
		"docstatus": 1,
		"status": "To Bill",
		"company": COMPANY,
		"dafater_opportunity": f"{prefix}-open-{number}",
		"dafater_party_type": LEAD,
		"dafater_party": f"{prefix}-lead-{number}",
		**money,
	}


def _message(prefix: str, number: int) -> dict:
	refers = {"reference_doctype": LEAD, "reference_name": f"{prefix}-lead-{number}"}
	return {"communication_type": "Communication", "communication_date": f"{day(number)} 10:00:00", **refers}


def _call(prefix: str, number: int) -> dict:
	refers = {"reference_doctype": OPPORTUNITY, "reference_name": f"{prefix}-open-{number}"}
	return {"activity_type": "Call", "status": "Done", "done_on": f"{day(number)} 11:00:00", **refers}


def _issue(prefix: str, number: int) -> dict:
	"""By turns of a lead and of an opportunity: a column of NULLs alone would tell MariaDB nothing about its values."""
	lead, deal = f"{prefix}-lead-{number}", f"{prefix}-open-{number}"
	about = (None, deal) if number % 2 else (lead, None)
	return {
		"subject": "x",
		"status": "Open",
		**dict(zip(("dafater_lead", "dafater_opportunity"), about, strict=True)),
	}
