# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""What is in the pipeline by owner or stage, one column for each month or quarter of expected closing."""

from __future__ import annotations

from datetime import date

from frappe import _
from frappe.utils import formatdate

from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries import report_pipeline as pipeline
from dafater_crm.queries.report_filters import ReportFilters, read
from dafater_crm.queries.report_pivot import NOT_SPECIFIED, Pivot, pivot, report_columns

ROWS = ("Owner", "Stage")
MONTHLY, QUARTERLY = "Monthly", "Quarterly"


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty.

	Amounts are in company currency. Raises ValidationError for a missing or reversed period, one of more than 120
	months, an unknown choice, and for amounts without a company where companies have different currencies.
	"""
	chosen = read(filters)
	dimension, measure = pipeline.dimension_of(chosen, ROWS), pipeline.measure_of(chosen)
	headings = _headings(chosen)
	columns = report_columns(_(dimension), headings, measure)
	if not pipeline.readable():
		return columns, [], _("You may not read opportunities. Ask a sales manager for the right."), None, []
	currency = pipeline.currency_of(chosen, measure)
	table = pivot(_in_periods(pipeline.by_month(chosen, dimension), _quarterly(chosen)))
	fieldnames = {key: column["fieldname"] for key, column in headings.items()}
	labels = {key: column["label"] for key, column in headings.items()}
	data = table.data(measure, fieldnames, currency)
	return columns, data, _definition(), table.chart(measure, labels, currency), _summary(table, currency)


def _definition() -> str:
	return _(
		"Opportunities that are neither won, lost nor closed, by expected closing. Those without a date have a column of "
		"their own, whatever the period. Weighted Amount is the amount multiplied by the probability."
	)


def _quarterly(filters: ReportFilters) -> bool:
	return pipeline.range_of(filters, (MONTHLY, QUARTERLY)) == QUARTERLY


def _in_periods(cells: list[pipeline.Cell], quarterly: bool) -> list[pipeline.Cell]:
	return [
		pipeline.Cell(cell.row, cell.title, pipeline.period_key(cell.column, quarterly), cell.figures)
		for cell in cells
	]


def _headings(filters: ReportFilters) -> dict[str, dict]:
	"""Period key -> its column with first and last day for drill-down; the last one is for no date at all."""
	quarterly = _quarterly(filters)
	found = {
		key: {
			"fieldname": f"period_{key.lower().replace('-', '_')}",
			"label": _label(key, first, quarterly),
			"first_day": str(first),
			"last_day": str(last),
		}
		for key, (first, last) in pipeline.periods(filters, quarterly).items()
	}
	return {
		**found,
		NOT_SPECIFIED: {"fieldname": "period_none", "label": _("No Expected Closing"), "no_date": 1},
	}


def _label(key: str, first: date, quarterly: bool) -> str:
	"""In the reader's language; figures are kept by key, never by this."""
	return _("Q{0} {1}").format(key[-1], key[:4]) if quarterly else formatdate(first, "MMM yyyy")


def _summary(table: Pivot, currency: str | None) -> list[dict]:
	undated = table.columns.get(NOT_SPECIFIED)
	card = {"label": _("No Expected Closing"), "value": undated.count if undated else 0, "datatype": "Int"}
	return [*table.summary(currency), {**card, "indicator": "Orange" if undated else "Green"}]
