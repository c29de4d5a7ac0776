# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""Opportunities of a period by owner, source, type or territory, one column for each sales stage in its order."""

from __future__ import annotations

from hashlib import sha1

from frappe import _

from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries import report_pipeline as pipeline
from dafater_crm.queries.report_filters import read
from dafater_crm.queries.report_pivot import NOT_SPECIFIED, Pivot, pivot, report_columns

ROWS = ("Owner", "Source", "Type", "Territory")


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty.

	Amounts are in company currency. Raises ValidationError for a missing or reversed period, an unknown choice, and
	for amounts without a company where companies have different currencies.
	"""
	chosen = read(filters)
	dimension, measure = pipeline.dimension_of(chosen, ROWS), pipeline.measure_of(chosen)
	if not pipeline.readable():
		refusal = _("You may not read opportunities. Ask a sales manager for the right.")
		return report_columns(_(dimension), {}, measure), [], refusal, None, []
	currency = pipeline.currency_of(chosen, measure)
	table = pivot(pipeline.by_stage(chosen, dimension))
	headings = _headings(table)
	fieldnames = {stage: column["fieldname"] for stage, column in headings.items()}
	labels = {stage: column["label"] for stage, column in headings.items()}
	return (
		report_columns(_(dimension), headings, measure),
		table.data(measure, fieldnames, currency),
		_definition(),
		table.chart(measure, labels, currency),
		table.summary(currency),
	)


def _definition() -> str:
	return _(
		"Opportunities dated in the period by their present stage. Each counts once, for its owner, however many "
		"people it is assigned to."
	)


def _headings(table: Pivot) -> dict[str, dict]:
	"""Stage -> its column, in the order of the stages. A disabled stage has one only where it still holds something."""
	stages = pipeline.stages_in_order()
	keys = [stage.name for stage in stages if not stage.disabled or stage.name in table.columns]
	unknown = sorted(key for key in table.columns if key and key not in keys)
	keys += unknown + [NOT_SPECIFIED] * (NOT_SPECIFIED in table.columns)
	return {
		key: {
			"fieldname": _fieldname(key),
			"label": _(key) if key else _("Not Specified"),
			"stage": key,
		}
		for key in keys
	}


def _fieldname(stage: str) -> str:
	"""The same for a stage whatever stands beside it, so that saved column choices keep their meaning."""
	return f"stage_{sha1(stage.encode(), usedforsecurity=False).hexdigest()[:10]}" if stage else "stage_none"
