"""Who may see which row: one predicate per DocType, for lists, documents, reports and panels alike.

A user sees a record of ours when the user, or a member of the team below the user in the reporting line,
owns it (creator or the record's owner field) or has it assigned, or when it is shared with the user. Managers and
operations see every row.
`row_access` holds the rule once; `criterion` renders it for SQL and `allows` checks a document in memory, so that
a list, a report and a form never disagree. User Permissions (territory, company) are Frappe's and come on top.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import frappe
from frappe.model.db_query import DatabaseQuery
from pypika.terms import Criterion, ValueWrapper

from dafater_crm.queries.granted import MOST, Granted, granted, named, open_assignments

SEES_ALL_ROLES = frozenset(
	{
		"System Manager",
		"Dafater Sales Manager",
		"Dafater Sales Operations",
		"Sales Manager",
		"Sales Master Manager",
	}
)
SALES_ROLES = SEES_ALL_ROLES | {
	"Dafater Account Executive",
	"Dafater Sales Development Rep",
	"Sales User",
}

# DocType -> the field that names its owner beside the creator
OWNER_FIELD = {
	"Dafater Lead": "lead_owner",
	"Dafater Prospect": "prospect_owner",
	"Dafater Opportunity": "opportunity_owner",
	"Dafater Appointment": "agent",
	"Dafater Contract": "contract_owner",
	"Dafater Activity": "assigned_to",
	"Dafater Agent": "user",
	"Dafater Consent Entry": "owner",
	"Dafater Nurture Enrolment": "responsible",
}

# DocType -> {role: (field, value)}: rows that a role sees whoever owns them
ROLE_ROWS = {
	"Dafater Contract": {
		"Purchase Manager": ("party_type", "Supplier"),
		"HR Manager": ("party_type", "Employee"),
	}
}

# DocType -> its links to leads: a row of it is visible to whoever may see all of them
ABOUT_LEADS = {
	"Dafater Duplicate Candidate": ("lead_a", "lead_b"),
	"Dafater Lead Merge": ("kept",),
}

TEAM_CACHE_KEY = "dafater_crm_team"


@dataclass(frozen=True)
class RowAccess:
	"""The rows of `doctype` that a user may see; `everything` means no restriction."""

	doctype: str
	everything: bool = False
	users: tuple[str, ...] = ()
	role_rows: tuple[tuple[str, str], ...] = ()

	def criterion(self) -> Criterion | None:
		"""The rule as a pypika condition on the unaliased table, or None when every row is visible."""
		if self.everything:
			return None
		table = frappe.qb.DocType(self.doctype)
		rule = named(table.owner, self.users)
		owner_field = OWNER_FIELD[self.doctype]
		if owner_field != "owner":
			rule = rule | named(table[owner_field], self.users)
		names = _granted(self.users[0], self.users).assigned.get(self.doctype, [])
		if len(names) > MOST:
			rule = rule | table.name.isin(open_assignments(self.doctype, self.users))
		elif names:
			rule = rule | named(table.name, names)
		for field, value in self.role_rows:
			rule = rule | (table[field] == ValueWrapper(value))
		return rule

	def allows(self, doc) -> bool:
		"""The same rule on a document in memory; saves a statement on every read and save."""
		if self.everything:
			return True
		if doc.get("owner") in self.users or doc.get(OWNER_FIELD[self.doctype]) in self.users:
			return True
		if any(user in self.users for user in assignees(doc)):
			return True
		return any(doc.get(field) == value for field, value in self.role_rows)


def row_access(doctype: str, user: str | None = None) -> RowAccess:
	"""Return what `user` (default: the session's) may see of `doctype`. One statement at most, then cached."""
	user = user or frappe.session.user
	users = _seen_users(user)
	if not users:
		return RowAccess(doctype, everything=True)
	rules = ROLE_ROWS.get(doctype)
	role_rows = tuple(rules[role] for role in rules if role in frappe.get_roles(user)) if rules else ()
	return RowAccess(doctype, users=users, role_rows=role_rows)


def _seen_users(user: str) -> tuple[str, ...]:
	"""The people whose records `user` sees, the user first; empty for who sees everything."""
	roles = frappe.get_roles(user)
	if user == "Administrator" or SEES_ALL_ROLES.intersection(roles):
		return ()
	if _everyone_sees_all() and SALES_ROLES.intersection(roles):
		return ()
	return (user, *team_below(user))


def _everyone_sees_all() -> bool:
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	return settings.record_visibility == "Everyone in Sales"


def assignees(doc) -> list[str]:
	"""Users with an open assignment, from Frappe's `_assign` column (JSON text, sometimes empty or absent)."""
	try:
		found = json.loads(doc.get("_assign") or "[]")
	except ValueError:
		return []
	return found if isinstance(found, list) else []


def team_below(user: str) -> tuple[str, ...]:
	"""Users below `user` in ERPNext's Employee reporting line, at any depth, active ones only. Cached per site."""
	cached = frappe.cache.hget(TEAM_CACHE_KEY, user)
	if cached is None:
		cached = _read_team(user)
		frappe.cache.hset(TEAM_CACHE_KEY, user, cached)
	return tuple(cached)


def forget_teams(doc=None, method: str | None = None) -> None:
	"""`doc_events` of Employee: the reporting line moved."""
	frappe.cache.delete_value(TEAM_CACHE_KEY)


def _read_team(user: str) -> list[str]:
	if not frappe.db.table_exists("Employee", cached=True):
		return []
	employee, boss = frappe.qb.DocType("Employee"), frappe.qb.DocType("Employee").as_("boss")
	rows = (
		frappe.qb.from_(employee)
		.join(boss)
		.on((employee.lft > boss.lft) & (employee.rgt < boss.rgt))
		.select(employee.user_id)
		.distinct()
		.where(boss.user_id == user)
		.where(boss.status == "Active")
		.where(employee.status == "Active")
		.where(employee.user_id.isnotnull() & (employee.user_id != ""))
		.run()
	)
	return sorted(row[0] for row in rows)


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions` of every record of ours.

	Shares open a document past `has_permission`. Frappe adds them to a list by itself only where User Permissions narrow it.
	"""
	user = user or frappe.session.user
	rule = row_access(doctype, user).criterion()
	if rule is None:
		return ""
	if names := shared_with(user).get(doctype):
		rule = rule | named(frappe.qb.DocType(doctype).name, names)
	return f"({rule.get_sql(quote_char='`', with_namespace=True)})"


def has_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	"""Hook `has_permission` of every record of ours. Always True or False: v16 reads None as a refusal."""
	if ptype == "create" or doc.is_new():
		return True
	return row_access(doc.doctype, user).allows(doc)


def lead_row_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions` of records about leads: only rows whose leads the user's own list shows."""
	rule = row_access("Dafater Lead", user).criterion()
	if rule is None:
		return ""
	lead, table = frappe.qb.DocType("Dafater Lead"), frappe.qb.DocType(doctype)
	visible = frappe.qb.from_(lead).select(lead.name).where(rule)
	return " and ".join(
		f"({table[field].isin(visible).get_sql(quote_char='`', with_namespace=True)})"
		for field in ABOUT_LEADS[doctype]
	)


def has_lead_row_permission(
	doc, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Hook `has_permission` of records about leads: their leads must be visible to the user."""
	access = row_access("Dafater Lead", user)
	if access.everything or ptype == "create":
		return True
	names = [doc.get(field) for field in ABOUT_LEADS[doc.doctype] if doc.get(field)]
	rows = frappe.get_all("Dafater Lead", {"name": ("in", names)}, ["name", "owner", "lead_owner", "_assign"])
	return len(rows) == len(names) and all(
		access.allows(frappe._dict(row, doctype="Dafater Lead")) for row in rows
	)


class _ListQuery(DatabaseQuery):
	"""Frappe's own list conditions, with the shares of all DocTypes read at once instead of one statement for each.

	Frappe asks this flag right before it would read the shares of one DocType; they are put where it would have put them.
	"""

	@property
	def _fetch_shared_documents(self) -> bool:
		if self._wants_shares:
			self.shared = shared_with(self.user).get(self.doctype, [])
		return False

	@_fetch_shared_documents.setter
	def _fetch_shared_documents(self, value: bool) -> None:
		self._wants_shares = value


def shared_with(user: str) -> dict[str, list[str]]:
	"""DocType -> names of the documents that are shared with a user for reading; one statement a request."""
	return _granted(user, _seen_users(user)).shared


def _granted(user: str, users: tuple[str, ...]) -> Granted:
	return granted(user, users, OWNER_FIELD)


class ListedRows(Criterion):
	"""What Frappe's own list view would add for the session's user: our predicate, User Permissions, shares.

	Lets a set-based read in `queries` show exactly what the list shows, for our DocTypes and ERPNext's.
	"""

	def __init__(self, doctype: str):
		super().__init__()
		self.doctype = doctype

	def get_sql(self, **kwargs) -> str:
		conditions = _ListQuery(self.doctype, user=frappe.session.user).build_match_conditions()
		# the statement is formatted with its parameters afterwards
		return conditions.replace("%", "%%") or "1=1"

	def nodes_(self):
		yield self

	def replace_table(self, current_table, new_table):
		return self
