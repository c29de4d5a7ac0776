# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""Opportunities lost in a period by the day they were lost, with every reason and competitor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from frappe import _
from frappe.utils import flt

from dafater_crm.dafater_crm.report.cells import OPPORTUNITIES_CUT, cut_message, presented
from dafater_crm.queries.report_filters import company_currency, read
from dafater_crm.queries.report_lost import LostTotals, lost_opportunities
from dafater_crm.queries.report_pipeline import readable
from dafater_crm.queries.report_pivot import text_column

REASONS_IN_SUMMARY = 3
REASONS_IN_CHART = 12


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty.

	Amounts are in company currency. Raises ValidationError for a missing or reversed period, and without a company
	where companies have different currencies.
	"""
	chosen = read(filters)
	if not readable():
		refusal = _("You may not read opportunities. Ask a sales manager for the right.")
		return _columns(), [], refusal, None, []
	currency = company_currency(chosen)
	found, totals = lost_opportunities(chosen)
	rows = _rows(found, currency)
	message = cut_message(_definition(), OPPORTUNITIES_CUT, len(rows), totals.opportunities)
	return _columns(), rows, message, _chart(totals.reasons), _summary(totals, currency)


def _definition() -> str:
	return _(
		"By the day the opportunity entered a lost stage; later edits do not move it. An opportunity with several "
		"reasons counts once for each of them in the chart."
	)


def _rows(found: list[dict], currency: str) -> list[dict]:
	# one look-up a word, not one a row: the same few masters come up again, and a look-up costs as much as a read
	word = cache(lambda text: _(text) if text else _("Not Specified"))
	return [_shown(row, currency, word) for row in found]


def _shown(row, currency: str, word: Callable[[str | None], str]) -> dict:
	return {
		"opportunity": row.name,
		"lost_on": row.lost_on,
		"party": row.party,
		"party_type": word(row.party_type),
		"reasons": ", ".join(map(word, row.reasons or [None])),
		"competitors": ", ".join(row.competitors),
		"amount": flt(row.base_opportunity_amount),
		"owner": row.owner_name or word(None),
		"territory": word(row.territory),
		"opportunity_type": word(row.opportunity_type),
		"source": word(row.source),
		"stage": word(row.sales_stage),
		"details": row.lost_details,
		# without a column: a link to Currency would refuse the report to roles that may not read Currency
		"currency": currency,
	}


def _columns() -> list[dict]:
	return [
		{
			"fieldname": "opportunity",
			"label": _("Opportunity"),
			"fieldtype": "Link",
			"options": "Dafater Opportunity",
			"width": 160,
		},
		{"fieldname": "lost_on", "label": _("Lost On"), "fieldtype": "Date", "width": 110},
		{"fieldname": "party", "label": _("Party"), **text_column(200)},
		{"fieldname": "party_type", "label": _("Party Type"), **text_column(140)},
		{"fieldname": "reasons", "label": _("Lost Reasons"), **text_column(240)},
		{"fieldname": "competitors", "label": _("Competitors"), **text_column(180)},
		{
			"fieldname": "amount",
			"label": _("Amount"),
			"fieldtype": "Currency",
			"options": "currency",
			"width": 140,
		},
		{"fieldname": "owner", "label": _("Owner"), **text_column(140)},
		{"fieldname": "territory", "label": _("Territory"), **text_column(140)},
		{"fieldname": "opportunity_type", "label": _("Opportunity Type"), **text_column(140)},
		{"fieldname": "source", "label": _("Source"), **text_column(140)},
		{"fieldname": "stage", "label": _("Sales Stage"), **text_column(140)},
		{"fieldname": "details", "label": _("Details"), **text_column(240)},
	]


def _titled(reasons: Counter, most: int) -> list[tuple[str, int]]:
	"""The most frequent reasons as shown; equal ones in alphabetical order, so that a run repeats itself."""
	ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:most]
	return [(_(reason) if reason else _("Not Specified"), count) for reason, count in ordered]


def _chart(reasons: Counter) -> dict | None:
	"""Lost opportunities by reason."""
	shown = _titled(reasons, REASONS_IN_CHART)
	if not shown:
		return None
	values = [count for _title, count in shown]
	return {
		"data": {
			"labels": [title for title, _count in shown],
			"datasets": [{"name": _("Lost Opportunities"), "values": values}],
		},
		"type": "bar",
		"fieldtype": "Int",
	}


def _summary(totals: LostTotals, currency: str) -> list[dict]:
	amount = flt(totals.amount, 2)
	cards = [
		{
			"label": _("Lost Opportunities"),
			"value": totals.opportunities,
			"datatype": "Int",
			"indicator": "Red",
		},
		{"label": _("Lost Amount"), "value": amount, "datatype": "Currency", "currency": currency},
	]
	most = _titled(totals.reasons, REASONS_IN_SUMMARY)
	return cards + [{"label": title, "value": count, "datatype": "Int"} for title, count in most]
