"""Who may see which conversation, and with it its messages, attachments and log: one rule for lists, documents and the inbox.

A person sees a conversation that is assigned to them or to somebody below them in the reporting line, that belongs to a team
of theirs, or that waits for anybody: no team, nobody assigned. Managers and operations see all. Shares come on top: for documents from Frappe, for lists from here, since Frappe's lists
leave them out where a hook narrows the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from pypika.terms import Criterion

from dafater_crm.queries.access import SEES_ALL_ROLES, shared_with, team_below
from dafater_crm.queries.granted import named

CONVERSATION = "Dafater Conversation"
TEAMS_KEY = "dafater_crm_inbox_teams"


@dataclass(frozen=True)
class InboxAccess:
	"""What a user may see. `everything`: no restriction. `teams`: those the user leads or is a member of."""

	everything: bool = False
	users: tuple[str, ...] = ()
	teams: tuple[str, ...] = ()

	def criterion(self, table=None, shared: Iterable[str] = ()) -> Criterion | None:
		"""The rule as a condition on the conversation's table, None when every row is visible. `shared`: names that come on top."""
		if self.everything:
			return None
		table = table or frappe.qb.DocType(CONVERSATION)
		waits = table.assigned_to.isnull() & table.team.isnull()
		rule = named(table.assigned_to, self.users) | waits
		rule = rule | named(table.team, self.teams) if self.teams else rule
		return rule | named(table.name, shared) if shared else rule

	def allows(self, conversation) -> bool:
		"""The same rule on a row or document with `assigned_to` and `team`."""
		if self.everything:
			return True
		assigned_to, team = conversation.get("assigned_to"), conversation.get("team")
		return assigned_to in self.users or team in self.teams or not (assigned_to or team)


def inbox_access(user: str | None = None) -> InboxAccess:
	"""Return what `user` (default: the session's) may see. Two statements at most, then cached."""
	user = user or frappe.session.user
	if user == "Administrator" or SEES_ALL_ROLES.intersection(frappe.get_roles(user)):
		return InboxAccess(everything=True)
	return InboxAccess(users=(user, *team_below(user)), teams=teams_of(user))


def teams_of(user: str) -> tuple[str, ...]:
	"""Teams that a user leads or is a member of. One statement, then cached until a team changes."""
	known = frappe.cache.hget(TEAMS_KEY, user)
	if known is None:
		team, member = frappe.qb.DocType("Dafater Team"), frappe.qb.DocType("Dafater Team Member")
		known = (
			frappe.qb.from_(team)
			.left_join(member)
			.on((member.parent == team.name) & (member.parenttype == "Dafater Team"))
			.select(team.name)
			.distinct()
			.where((member.user == user) | (team.team_leader == user))
			.run(pluck=True)
		)
		frappe.cache.hset(TEAMS_KEY, user, known)
	return tuple(known)


def forget_teams() -> None:
	"""A team changed. Again after the commit: until then others still read the old rows."""
	frappe.cache.delete_value(TEAMS_KEY)
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(TEAMS_KEY))


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions` of conversations."""
	access = inbox_access(user)
	rule = None if access.everything else access.criterion(shared=_shared(user))
	return f"({rule.get_sql(quote_char='`', with_namespace=True)})" if rule is not None else ""


def has_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	"""Hook `has_permission` of conversations. Always True or False: v16 reads None as a refusal."""
	return True if doc.is_new() else inbox_access(user).allows(doc)


def part_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions` of what belongs to a conversation (field `conversation`)."""
	access = inbox_access(user)
	if access.everything:
		return ""
	rule = access.criterion(shared=_shared(user))
	conversation, part = frappe.qb.DocType(CONVERSATION), frappe.qb.DocType(doctype)
	visible = frappe.qb.from_(conversation).select(conversation.name).where(rule)
	return f"({part.conversation.isin(visible).get_sql(quote_char='`', with_namespace=True)})"


def has_part_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	"""Hook `has_permission` of what belongs to a conversation: whoever may read that may read this."""
	access = inbox_access(user)
	if access.everything or doc.is_new():
		return True
	row = frappe.db.get_value(CONVERSATION, doc.conversation, ["assigned_to", "team"], as_dict=True)
	return bool(row) and (access.allows(row) or doc.conversation in _shared(user))


def _shared(user: str | None) -> list[str]:
	return shared_with(user or frappe.session.user).get(CONVERSATION, [])
