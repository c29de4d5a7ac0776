"""What campaigns brought and how deals against competitors ended, counted in the database.

The figures cover all records, not only those that the reader may open: they describe the campaign or the competitor.
Revenue is behind permission level 1 of Campaign, which only roles that see every opportunity have.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import flt
from pypika import Case

WON, LOST = "Won", "Lost"


@dataclass(frozen=True)
class CampaignResult:
	"""Counts, and won revenue in company currency."""

	leads: int = 0
	opportunities: int = 0
	won_revenue: float = 0.0

	def return_on(self, cost: float) -> float:
		"""Return (revenue - cost) / cost in percent, 2 places; 0 where there is no cost to compare with."""
		return flt((self.won_revenue - cost) / cost * 100, 2) if cost > 0 else 0.0


@dataclass(frozen=True)
class CompetitorResult:
	wins: int = 0
	losses: int = 0


def campaign_result(campaign: str) -> CampaignResult:
	"""Return what `campaign` brought. Two statements."""
	return campaign_results([campaign]).get(campaign) or CampaignResult()


def campaign_results(campaigns: list[str]) -> dict[str, CampaignResult]:
	"""Return campaign -> result for those that brought anything. Two statements for any number of them."""
	if not campaigns:
		return {}
	lead, opportunity = frappe.qb.DocType("Dafater Lead"), frappe.qb.DocType("Dafater Opportunity")
	leads = dict(
		frappe.qb.from_(lead)
		.select(lead.campaign, Count(lead.name))
		.where(lead.campaign.isin(campaigns))
		.groupby(lead.campaign)
		.run()
	)
	won = Case().when(opportunity.status == WON, opportunity.base_opportunity_amount).else_(0)
	rows = (
		frappe.qb.from_(opportunity)
		.select(opportunity.campaign, Count(opportunity.name), Sum(won))
		.where(opportunity.campaign.isin(campaigns))
		.groupby(opportunity.campaign)
		.run()
	)
	deals = {name: (count, flt(revenue)) for name, count, revenue in rows}
	return {
		name: CampaignResult(leads.get(name, 0), *deals.get(name, (0, 0.0)))
		for name in leads.keys() | deals.keys()
	}


def competitor_result(competitor: str) -> CompetitorResult:
	"""Return how many opportunities were won and lost in which `competitor` took part. One statement."""
	opportunity = frappe.qb.DocType("Dafater Opportunity")
	row = frappe.qb.DocType("Dafater Opportunity Competitor")
	counts = dict(
		frappe.qb.from_(row)
		.join(opportunity)
		.on(opportunity.name == row.parent)
		.select(opportunity.status, Count(opportunity.name).distinct())
		.where(row.competitor == competitor)
		.where(row.parenttype == "Dafater Opportunity")
		.where(opportunity.status.isin((WON, LOST)))
		.groupby(opportunity.status)
		.run()
	)
	return CompetitorResult(counts.get(WON, 0), counts.get(LOST, 0))
