"""Columns, chart and summary that the reports on campaigns and on lead owners share."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import flt

from dafater_crm.queries.report_efficiency import Efficiency, efficiency
from dafater_crm.queries.report_filters import company_currency, read

MOST_BARS = 15
COUNTS = ("leads", "opportunities", "quotations", "orders", "ordering_leads")
# share -> (counted, of which)
SHARES = {
	"opportunities_to_leads": ("opportunities", "leads"),
	"quotations_to_leads": ("quotations", "leads"),
	"orders_to_quotations": ("orders", "quotations"),
	"conversion_rate": ("ordering_leads", "leads"),
}


@dataclass(frozen=True)
class Grouping:
	"""By what the leads are grouped: the query's name of it, the first columns of the report, its one-line definition."""

	by: str
	columns: list[dict]
	definition: str


def run(raw: dict | None, grouping: Grouping) -> tuple:
	"""Columns, rows, message, chart and summary. Figures are those of leads and documents that the user's lists show.

	Raises ValidationError for filters that cannot be (see `report_filters.read`) and for companies of different
	currencies without a choice.
	"""
	filters = read(raw)
	currency = company_currency(filters)
	if not frappe.has_permission("Dafater Lead", "read"):
		return (
			grouping.columns,
			[],
			_("You may not see leads, so this report has nothing to show."),
			None,
			None,
		)
	found = efficiency(filters, grouping.by)
	rows = [_row(figures, grouping.by, currency) for figures in found]
	hidden = _hidden(found)
	columns = grouping.columns + [column for column in _columns() if column["fieldname"] not in hidden]
	return columns, rows, _message(grouping, hidden), _chart(rows), _summary(rows, currency, hidden)


def share(part: float | None, whole: float | None) -> float | None:
	"""Percent with 2 places; None where there is nothing to compare with."""
	return flt(part / whole * 100, 2) if part is not None and whole else None


def _row(figures: Efficiency, by: str, currency: str) -> dict:
	counts = {name: getattr(figures, name) for name in COUNTS}
	return {
		"label": figures.full_name or figures.key or _("Not Specified"),
		by: figures.key,
		**counts,
		"order_value": figures.order_value,
		**{name: share(counts[part], counts[whole]) for name, (part, whole) in SHARES.items()},
		"currency": currency,
	}


def _columns() -> list[dict]:
	columns = [
		_column("leads", _("Leads"), "Int", 90),
		_column("opportunities", _("Opportunities"), "Int", 120),
		_column("quotations", _("Quotations"), "Int", 110),
		_column("orders", _("Sales Orders"), "Int", 120),
		_column("order_value", _("Order Value"), "Currency", 150, options="currency"),
		_column("opportunities_to_leads", _("Opportunities / Leads %"), "Percent", 170),
		_column("quotations_to_leads", _("Quotations / Leads %"), "Percent", 160),
		_column("orders_to_quotations", _("Orders / Quotations %"), "Percent", 170),
		_column("ordering_leads", _("Leads with an Order"), "Int", 150),
		_column("conversion_rate", _("Conversion %"), "Percent", 120),
	]
	# no Link: Frappe would ask every reader for the right to read Currency
	return [*columns, _column("currency", _("Currency"), "Data", 90, hidden=1)]


def _column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def _hidden(found: list[Efficiency]) -> set[str]:
	"""Figures that are None because the user may not read such documents, and the shares made of them."""
	unknown = {name for name in (*COUNTS, "order_value") if found and getattr(found[0], name) is None}
	return unknown | {name for name, parts in SHARES.items() if unknown.intersection(parts)}


def _message(grouping: Grouping, hidden: set[str]) -> str:
	if not hidden:
		return grouping.definition
	missing = _("Figures of documents that you may not read are left out.")
	return f"{grouping.definition} {missing}"


def _chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:MOST_BARS]
	values = [flt(row["order_value"]) for row in shown]
	name, fieldtype = _("Order Value"), "Currency"
	if not any(values):
		values, name, fieldtype = [row["leads"] for row in shown], _("Leads"), "Int"
	chart = {
		"type": "bar",
		"data": {"labels": [row["label"] for row in shown], "datasets": [{"name": name, "values": values}]},
		"fieldtype": fieldtype,
	}
	return (
		{**chart, "options": "currency", "currency": rows[0]["currency"]}
		if fieldtype == "Currency"
		else chart
	)


def _summary(rows: list[dict], currency: str, hidden: set[str]) -> list[dict] | None:
	if not rows:
		return None
	total = {name: sum(flt(row[name]) for row in rows) for name in (*COUNTS, "order_value")}
	cards = [
		("leads", _("Leads"), "Int", total["leads"]),
		("opportunities", _("Opportunities"), "Int", total["opportunities"]),
		("quotations", _("Quotations"), "Int", total["quotations"]),
		("orders", _("Sales Orders"), "Int", total["orders"]),
		("order_value", _("Order Value"), "Currency", flt(total["order_value"], 2)),
		(
			"conversion_rate",
			_("Conversion %"),
			"Percent",
			share(total["ordering_leads"], total["leads"]) or 0,
		),
	]
	return [
		{
			"label": label,
			"value": int(value) if datatype == "Int" else value,
			"datatype": datatype,
			**({"currency": currency} if datatype == "Currency" else {}),
		}
		for name, label, datatype, value in cards
		if name not in hidden
	]
