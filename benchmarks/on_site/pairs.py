"""The nine reports of ours, each beside ERPNext's report of the same purpose, with filters that ask both the same.

Two of them are measured in a second form as well: by amounts, where both have to convert currencies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe.utils import add_months, add_years, get_first_day, getdate

OURS = "dafater_crm.dafater_crm.report"
THEIRS = "erpnext.crm.report"


@dataclass(frozen=True)
class Pair:
	"""`report`: name of the peer's module; ours has `dafater_` before it. Filters are what a reader would choose."""

	key: str
	report: str
	title: str
	ours: dict
	theirs: dict

	def execute(self, side: str) -> Callable:
		name, package = (f"dafater_{self.report}", OURS) if side == "ours" else (self.report, THEIRS)
		return frappe.get_attr(f"{package}.{name}.{name}.execute")

	def filters(self, side: str) -> dict:
		return frappe._dict(self.ours if side == "ours" else self.theirs)


def all_pairs(company: str, last_day: date) -> list[Pair]:
	"""Eleven measurements of nine reports: one year back, for the pipeline one year ahead."""
	year = {"from_date": str(getdate(add_years(last_day, -1)) + timedelta(days=1)), "to_date": str(last_day)}
	first = getdate(get_first_day(last_day))
	ahead = {"from_date": str(first), "to_date": str(getdate(add_months(first, 12)) - timedelta(days=1))}
	ours, theirs = {"company": company, **year}, {"company": company, **year}
	pipeline = {"company": company, **ahead, "range": "Monthly"}
	return [
		Pair("campaign", "campaign_efficiency", "Campaign Efficiency", ours, year),
		Pair("owner", "lead_owner_efficiency", "Lead Owner Efficiency", ours, year),
		Pair("conversion", "lead_conversion_time", "Lead Conversion Time", ours, year),
		Pair("details", "lead_details", "Lead Details", ours, theirs),
		Pair(
			"response",
			"first_response_time_for_opportunity",
			"First Response Time for Opportunity",
			# of all companies, as the peer's, which cannot choose one
			{**year, "group_by": "Day"},
			year,
		),
		Pair("lost", "lost_opportunity", "Lost Opportunity", ours, theirs),
		Pair(
			"stages",
			"opportunity_summary_by_sales_stage",
			"Opportunity Summary by Sales Stage, owners, number",
			{**ours, "based_on": "Owner", "measure": "Count"},
			{**theirs, "based_on": "Opportunity Owner", "data_based_on": "Number"},
		),
		Pair(
			"stages-amount",
			"opportunity_summary_by_sales_stage",
			"Opportunity Summary by Sales Stage, sources, amount",
			{**ours, "based_on": "Source", "measure": "Amount"},
			{**theirs, "based_on": "Source", "data_based_on": "Amount"},
		),
		Pair(
			"engaged",
			"prospects_engaged_but_not_converted",
			"Prospects Engaged But Not Converted",
			{"company": company},
			{"no_of_interaction": 1, "lead_age": 60},
		),
		Pair(
			"pipeline",
			"sales_pipeline_analytics",
			"Sales Pipeline Analytics, owners, number",
			{**pipeline, "based_on": "Owner", "measure": "Count"},
			{**pipeline, "pipeline_by": "Owner", "based_on": "Number"},
		),
		Pair(
			"pipeline-amount",
			"sales_pipeline_analytics",
			"Sales Pipeline Analytics, stages, amount",
			{**pipeline, "based_on": "Stage", "measure": "Amount"},
			{**pipeline, "pipeline_by": "Sales Stage", "based_on": "Amount"},
		),
	]
