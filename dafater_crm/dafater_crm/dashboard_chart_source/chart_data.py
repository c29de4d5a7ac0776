"""What the chart sources of the dashboards answer: labels, values, and for each label where a click leads.

Nothing of it is cached: Frappe's cache of chart data is shared by users who see different rows in different languages.
"""

from __future__ import annotations

from frappe import _

from dafater_crm.queries.dashboard_scope import Scope

Filters = str | dict | list | None


def bars(labels: list[str], series: dict[str, list[float]], routes: list) -> dict:
	"""Chart data of Frappe, and `routes`, read by public/js/chart_drill_down.js. {} shows "No Data".

	A route is that of a label (see `to_list`, `to_report`), or a list of them, one for each series.
	"""
	if not any(any(values) for values in series.values()):
		return {}
	datasets = [{"name": name, "values": values} for name, values in series.items()]
	return {"labels": labels, "datasets": datasets, "routes": routes}


def to_list(doctype: str, **filters) -> dict:
	return {
		"route": ["List", doctype, "List"],
		"options": {k: v for k, v in filters.items() if v is not None},
	}


def to_report(name: str, scope: Scope, **filters) -> dict:
	"""The report for the period and company of the chart."""
	return {"route": ["query-report", name], "options": scope.route_options(**filters)}


def words(text: str) -> dict:
	"""A sentence in place of a chart: a label on the axis, without bars."""
	return {"labels": [text], "datasets": [{"name": "", "values": [0]}], "routes": []}


def no_access(doctype: str) -> dict:
	return words(_("You may not read {0}.").format(_(doctype)))


def several_currencies() -> dict:
	return words(_("Several currencies: choose a company in the chart's filter."))


def name_of(key: str | None) -> str:
	return _(key) if key else _("Not Specified")


def empty_or(value: str | None) -> str | list:
	"""A list filter for a value, or for rows without one."""
	return value if value else ["is", "not set"]
