# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from functools import cached_property

import frappe
from frappe import _
from frappe.utils import flt

from dafater_crm.domain import amounts, dates, text
from dafater_crm.queries.campaigns import CampaignResult, campaign_result
from dafater_crm.records.lifecycle import check_status_move, forget_virtual_values
from dafater_crm.records.master import Master
from dafater_crm.records.rules import explained

# Campaigns of the past are entered and imported too, so a new one may begin anywhere.
STARTS = frozenset({"Planned", "Active", "Paused", "Completed", "Cancelled"})
MOVES = {
	"Planned": frozenset({"Active", "Cancelled"}),
	"Active": frozenset({"Paused", "Completed", "Cancelled"}),
	"Paused": frozenset({"Active", "Completed", "Cancelled"}),
	"Completed": frozenset({"Active"}),
	"Cancelled": frozenset({"Planned"}),
}


class DafaterCampaign(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_campaign_channel.dafater_campaign_channel import (
			DafaterCampaignChannel,
		)
		from dafater_crm.dafater_crm.doctype.dafater_campaign_cost.dafater_campaign_cost import (
			DafaterCampaignCost,
		)

		actual_cost: DF.Currency
		audience: DF.SmallText | None
		budget: DF.Currency
		campaign_name: DF.Data
		campaign_owner: DF.Link | None
		channels: DF.Table[DafaterCampaignChannel]
		company: DF.Link | None
		costs: DF.Table[DafaterCampaignCost]
		description: DF.TextEditor | None
		end_date: DF.Date | None
		expected_revenue: DF.Currency
		goal: DF.SmallText | None
		goal_leads: DF.Int
		lead_count: DF.Int
		market_segment: DF.Link | None
		opportunity_count: DF.Int
		return_on_investment: DF.Percent
		start_date: DF.Date
		status: DF.Literal["Planned", "Active", "Paused", "Completed", "Cancelled"]
		utm_campaign: DF.Data | None
		won_revenue: DF.Currency
	# end: auto-generated types

	NAME_FIELD = "campaign_name"

	def validate(self) -> None:
		self.keep_name()
		self.refuse_retired_links()
		self.check_period()
		self.check_amounts("budget", "expected_revenue")
		self.check_rows()
		self.set_actual_cost()
		check_status_move(self, STARTS, MOVES)
		forget_virtual_values(self)

	def check_period(self) -> None:
		if self.start_date and self.end_date:
			with explained(self.label_of("end_date")):
				dates.half_open_day_range(*map(frappe.utils.getdate, (self.start_date, self.end_date)))

	def check_rows(self) -> None:
		"""Budgets per channel and costs: finite amounts, plain texts, each channel once."""
		seen = set()
		for row in self.channels:
			row.budget = self._row_amount(row, "budget")
			if row.channel in seen:
				self.throw(
					_("The channel {0} is listed twice. Keep one row for it.").format(
						frappe.bold(_(row.channel))
					)
				)
			seen.add(row.channel)
		for row in self.costs:
			row.amount = self._row_amount(row, "amount")
			with explained(_("Row {0}").format(row.idx)):
				row.description = text.plain(row.description)

	def _row_amount(self, row, field: str) -> float:
		with explained(_("Row {0}").format(row.idx)):
			return amounts.finite_amount(row.get(field), _(row.meta.get_label(field)))

	def set_actual_cost(self) -> None:
		self.actual_cost = flt(sum(row.amount for row in self.costs), self.precision("actual_cost"))
		self.check_amounts("actual_cost")

	@cached_property
	def result(self) -> CampaignResult:
		"""Counted once for this document in memory, however many of its fields are shown."""
		return CampaignResult() if self.is_new() else campaign_result(self.name)

	@property
	def lead_count(self) -> int:
		return self.result.leads

	@property
	def opportunity_count(self) -> int:
		return self.result.opportunities

	@property
	def won_revenue(self) -> float:
		"""In company currency; shown to managers and operations only (permission level 1)."""
		return self.result.won_revenue

	@property
	def return_on_investment(self) -> float:
		"""Percent of the actual cost that came back on top of it; 0 while nothing was spent."""
		return self.result.return_on(flt(self.actual_cost))
