"""Cells of a two-dimensional read as the rows, columns, chart and summary of a report. No statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from frappe import _

from dafater_crm.queries.report_pipeline import AMOUNT, COUNT, WEIGHTED, Cell, Figures

NOT_SPECIFIED = ""


@dataclass
class PivotRow:
	title: str
	cells: dict[str, Figures] = field(default_factory=dict)
	total: Figures = field(default_factory=Figures)


@dataclass
class Pivot:
	"""Rows by key, the total of each column and of everything. "" is the key of what is not filled in."""

	rows: dict[str, PivotRow]
	columns: dict[str, Figures]
	total: Figures

	def data(self, measure: str, fieldnames: dict[str, str], currency: str | None) -> list[dict]:
		"""Rows as the report shows them: `key` for drill-down, `label`, a figure for each column, `total`."""
		found = []
		for key, row in sorted(self.rows.items(), key=lambda item: item[0] == NOT_SPECIFIED):
			cells = {
				name: row.cells.get(column, Figures()).of(measure) for column, name in fieldnames.items()
			}
			shown = {"key": key, "label": row.title, **cells, "total": row.total.of(measure)}
			found.append({**shown, "currency": currency} if currency else shown)
		return found

	def chart(self, measure: str, labels: dict[str, str], currency: str | None) -> dict | None:
		"""One bar for each column; None when there is nothing to draw."""
		if not self.total.count:
			return None
		values = [self.columns.get(column, Figures()).of(measure) for column in labels]
		chart = {
			"data": {"labels": list(labels.values()), "datasets": [{"name": _(measure), "values": values}]},
			"type": "bar",
			"fieldtype": "Int",
		}
		return (
			{**chart, "fieldtype": "Currency", "options": "currency", "currency": currency}
			if currency
			else chart
		)

	def summary(self, currency: str | None) -> list[dict]:
		"""Number of opportunities; with a currency also their amount and weighted amount."""
		cards = [{"label": _("Opportunities"), "value": self.total.count, "datatype": "Int"}]
		if currency:
			money = {"datatype": "Currency", "currency": currency}
			cards.append({"label": _(AMOUNT), "value": self.total.amount, **money})
			cards.append({"label": _(WEIGHTED), "value": self.total.weighted, **money})
		return cards


def pivot(cells: list[Cell]) -> Pivot:
	"""Put cells of the same row and column together and add up both ways."""
	found = Pivot({}, {}, Figures())
	for cell in cells:
		row = found.rows.setdefault(cell.row, PivotRow(cell.title))
		row.cells.setdefault(cell.column, Figures()).add(cell.figures)
		found.columns.setdefault(cell.column, Figures()).add(cell.figures)
		row.total.add(cell.figures)
		found.total.add(cell.figures)
	return found


def report_columns(heading: str, headings: dict[str, dict], measure: str) -> list[dict]:
	"""Columns of the report: the row's label, one for each key of `headings`, the total.

	Rows carry `key` and `currency` without a column: one that links to Currency makes the desk refuse the whole report
	to roles that may not read Currency.
	"""
	figure = {"fieldtype": "Int", "width": 120}
	if measure != COUNT:
		figure = {"fieldtype": "Currency", "options": "currency", "width": 150}
	return [
		{"fieldname": "label", "label": heading, **text_column(200)},
		*({**figure, **column} for column in headings.values()),
		{"fieldname": "total", "label": _("Total"), **figure},
	]


def text_column(width: int) -> dict:
	"""A column of words."""
	return {"fieldtype": "Data", "width": width}
