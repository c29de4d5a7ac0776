"""Amounts of an opportunity: items, totals, exchange rate, base and weighted amount, stored at every save.

Recurring items count `periods` billing periods in the amount: amount = quantity x rate x periods.
Weighted amount = base amount x probability / 100.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import flt

from dafater_crm.domain import amounts
from dafater_crm.records.rules import explained

MONEY_FIELDS = ("opportunity_amount", "document_price", "bid_bond_amount", "final_bond_amount")
PERCENT_FIELDS = ("probability", "bid_bond_percent", "final_bond_percent")


def set_exchange_rate(doc) -> None:
	"""1 in company currency; otherwise what the user entered, else ERPNext's rate of that day, else a clear refusal."""
	company_currency = frappe.get_cached_value("Company", doc.company, "default_currency")
	doc.currency = doc.currency or company_currency
	if doc.currency == company_currency:
		doc.conversion_rate = 1.0
		return
	if doc.conversion_rate and (not doc.has_value_changed("currency") or _rate_entered(doc)):
		_check_rate(doc)
		return
	doc.conversion_rate = stored_rate(doc.currency, company_currency, doc.transaction_date)
	if not doc.conversion_rate:
		doc.throw(
			_(
				"There is no exchange rate from {0} to {1} on {2}. Enter the exchange rate here, or add it to Currency Exchange."
			).format(doc.currency, company_currency, doc.get_formatted("transaction_date")),
			title=_("Exchange Rate Missing"),
		)


def _rate_entered(doc) -> bool:
	"""The user gave the rate along with the currency; 1 is what an untouched form carries."""
	return doc.has_value_changed("conversion_rate") and doc.conversion_rate != 1


def _check_rate(doc) -> None:
	with explained(_("Exchange Rate")):
		amounts.to_base(1, doc.conversion_rate)


def stored_rate(currency: str, company_currency: str, on_date) -> float:
	"""Latest rate on or before `on_date` in ERPNext's Currency Exchange, for selling; 0 where there is none.

	Only the site's own table: a save makes no call to an outside service.
	"""
	rates = frappe.get_all(
		"Currency Exchange",
		filters={
			"from_currency": currency,
			"to_currency": company_currency,
			"for_selling": 1,
			"date": ("<=", on_date),
		},
		order_by="date desc",
		pluck="exchange_rate",
		limit=1,
	)
	return flt(rates[0]) if rates else 0.0


def set_item_amounts(doc) -> None:
	"""Amount of each item and the totals; the opportunity's amount is the total where there are items."""
	_check_money(doc)
	doc.one_off_total = doc.recurring_total = 0
	for row in doc.items:
		_set_row(doc, row)
		if row.billing == "One-off":
			doc.one_off_total += row.amount
		else:
			doc.recurring_total += row.amount
	doc.total = flt(doc.one_off_total + doc.recurring_total, doc.precision("total"))
	if doc.items:
		doc.opportunity_amount = doc.total


def _check_money(doc) -> None:
	for field in MONEY_FIELDS:
		label = _(doc.meta.get_label(field))
		with explained(label):
			doc.set(field, amounts.finite_amount(doc.get(field) or 0, label))
	for field in PERCENT_FIELDS:
		label = _(doc.meta.get_label(field))
		with explained(label):
			doc.set(field, amounts.percent(doc.get(field) or 0, label))


def _set_row(doc, row) -> None:
	for field in ("qty", "rate"):
		label = _("Row {0}: {1}").format(row.idx, _(row.meta.get_label(field)))
		with explained(label):
			row.set(field, amounts.finite_amount(row.get(field) or 0, label))
	if not row.item_name:
		row.item_name = frappe.get_cached_value("Item", row.item_code, "item_name") if row.item_code else None
	row.periods = 1 if row.billing == "One-off" else max(1, row.periods or 1)
	row.amount = flt(row.qty * row.rate * row.periods, row.precision("amount"))
	row.base_rate = flt(row.rate * doc.conversion_rate, row.precision("base_rate"))
	row.base_amount = flt(row.amount * doc.conversion_rate, row.precision("base_amount"))


def set_base_amounts(doc) -> None:
	"""Company-currency and weighted amounts on the row, so that a report sums a column."""
	precision = doc.precision("base_opportunity_amount")
	doc.base_total = flt(amounts.to_base(doc.total or 0, doc.conversion_rate), precision)
	doc.base_opportunity_amount = flt(
		amounts.to_base(doc.opportunity_amount or 0, doc.conversion_rate), precision
	)
	doc.weighted_amount = flt(
		amounts.weighted(doc.base_opportunity_amount, doc.probability or 0), doc.precision("weighted_amount")
	)
