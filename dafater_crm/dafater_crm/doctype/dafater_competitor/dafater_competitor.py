# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from functools import cached_property

from dafater_crm.queries.campaigns import CompetitorResult, competitor_result
from dafater_crm.records.lifecycle import forget_virtual_values
from dafater_crm.records.master import Master


class DafaterCompetitor(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		competitor_name: DF.Data
		disabled: DF.Check
		losses: DF.Int
		price_position: DF.Literal["", "Lower Than Ours", "Similar to Ours", "Higher Than Ours"]
		strengths: DF.SmallText | None
		weaknesses: DF.SmallText | None
		website: DF.Data | None
		wins: DF.Int
	# end: auto-generated types

	NAME_FIELD = "competitor_name"

	def validate(self) -> None:
		self.keep_name()
		forget_virtual_values(self)

	@cached_property
	def result(self) -> CompetitorResult:
		"""Counted once for this document in memory, however many of its fields are shown."""
		return CompetitorResult() if self.is_new() else competitor_result(self.name)

	@property
	def wins(self) -> int:
		return self.result.wins

	@property
	def losses(self) -> int:
		return self.result.losses
