# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _

from dafater_crm.queries import inbox_access
from dafater_crm.records import assignment_pool
from dafater_crm.records.master import Master


class DafaterTeam(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_team_member.dafater_team_member import DafaterTeamMember

		company: DF.Link | None
		description: DF.SmallText | None
		disabled: DF.Check
		members: DF.Table[DafaterTeamMember]
		team_leader: DF.Link | None
		team_name: DF.Data
	# end: auto-generated types

	NAME_FIELD = "team_name"

	def validate(self):
		super().validate()
		self.refuse_retired_links()
		self.keep_each_member_once()

	def on_update(self):
		assignment_pool.forget()
		inbox_access.forget_teams()

	def after_delete(self):
		assignment_pool.forget()
		inbox_access.forget_teams()

	def after_rename(self, old, new, merge=False):
		assignment_pool.forget()
		inbox_access.forget_teams()

	def keep_each_member_once(self):
		"""The second row of a person would count twice wherever work is shared out by turns."""
		seen = set()
		for row in self.members:
			if row.user in seen:
				self.throw(
					_("Row {0}: {1} is already a member of this team. Remove the row.").format(
						row.idx, frappe.bold(frappe.utils.escape_html(row.full_name or row.user))
					)
				)
			seen.add(row.user)

	def people(self) -> list[str]:
		"""Users of the team, the leader first; each once."""
		users = [self.team_leader, *(row.user for row in self.members)]
		return list(dict.fromkeys(user for user in users if user))
