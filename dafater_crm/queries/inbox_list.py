"""The list of the inbox: one page of conversations, the newest first, and how many stand in each folder.

A page costs the same at a thousand and at a million messages. It is read by the key (`last_message_on`, `name`): no offset,
so that a page does not shift when a message comes in. What the reader may see is narrowed twice: `ListedRows` is the rule, and
the branches of `inbox_access` beside it only say the same in a way that an index can answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Count, Sum
from pypika import Case
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows, shared_with
from dafater_crm.queries.inbox_access import CONVERSATION, InboxAccess, inbox_access, teams_of
from dafater_crm.queries.inbox_search import found_by

FOLDERS = ("mine", "unassigned", "teams", "all")
STATUSES = ("New", "Open", "Pending", "Snoozed", "Resolved")
# what somebody still has to do something about
ACTIVE = ("New", "Open", "Pending")
PAGE = 30
MAX_PAGE = 100
# more than these are not worth a part of the statement each
MAX_BRANCHES = 12
FIELDS = (
	"name",
	"title",
	"status",
	"conversation_class",
	"priority",
	"assigned_to",
	"team",
	"channel",
	"account",
	"identity",
	"subject",
	"last_message",
	"last_message_on",
	"last_direction",
	"unread",
	"waiting_since",
	"snoozed_until",
)


@dataclass(frozen=True)
class Wanted:
	"""What the reader asked for. `statuses` empty: all. `equal`: field → value, only those with a value."""

	folder: str = "all"
	statuses: tuple[str, ...] = ACTIVE
	equal: dict[str, str] = field(default_factory=dict)
	search: str = ""
	names: tuple[str, ...] = ()


def conversations(wanted: Wanted, before: tuple[str, str] | None = None, limit: int = PAGE) -> dict:
	"""Return {"rows": [...], "more": bool, "people": people()}; two or three statements, seven more for a search.

	`before`: (`last_message_on`, `name`) of the last row that the reader has. Permission: rows of the reader's own list.
	"""
	limit = max(1, min(limit, MAX_PAGE))
	found = found_by(wanted.search, _Listing(wanted, before, limit + 1)) if wanted.search else None
	if found == ():
		return {"rows": [], "more": False, "people": {}}
	rows = _page(wanted, found, before, limit + 1)
	more = len(rows) > limit
	rows = rows[:limit]
	return {"rows": rows, "more": more, "people": people(row.assigned_to for row in rows)}


@dataclass(frozen=True)
class _Listing:
	"""A page of the reader's list as a search needs it, see `inbox_search.Reader`."""

	wanted: Wanted
	before: tuple[str, str] | None
	limit: int

	def narrowed(self, query):
		"""Only what the list would show, the newest first, no more than the page takes."""
		table = frappe.qb.DocType(CONVERSATION)
		query = query.where(ListedRows(CONVERSATION))
		if self.wanted.statuses:
			query = query.where(table.status.isin(self.wanted.statuses))
		for condition in (_folder(self.wanted.folder), *_conditions(self.wanted, None, self.before)):
			query = query.where(condition) if condition is not None else query
		return (
			query.orderby(table.last_message_on, order=Order.desc)
			.orderby(table.name, order=Order.desc)
			.limit(self.limit)
		)

	def newest(self, most: int) -> list[str]:
		"""The names of the newest conversations of the list, without the search."""
		table = frappe.qb.DocType(CONVERSATION)
		keys = _keys(replace(self.wanted, search=""), None, self.before, most)
		query = frappe.qb.from_(keys).join(table).on(table.name == keys.name).select(table.name).distinct()
		query = query.orderby(table.last_message_on, order=Order.desc)
		return query.orderby(table.name, order=Order.desc).limit(most).run(pluck=True)


def _page(wanted: Wanted, found, before: tuple[str, str] | None, limit: int) -> list[frappe._dict]:
	table = frappe.qb.DocType(CONVERSATION)
	keys = _keys(wanted, found, before, limit)
	return (
		frappe.qb.from_(keys)
		.join(table)
		.on(table.name == keys.name)
		.select(*(table[name] for name in FIELDS))
		.distinct()
		.orderby(table.last_message_on, order=Order.desc)
		.orderby(table.name, order=Order.desc)
		.limit(limit)
		.run(as_dict=True)
	)


def _keys(wanted: Wanted, found, before: tuple[str, str] | None, limit: int):
	"""The names of a page: for each branch and status the newest ones, each by an index in its order, then put together."""
	table = frappe.qb.DocType(CONVERSATION)
	parts = []
	for branch in _branches(wanted, inbox_access()):
		for status in wanted.statuses or STATUSES:
			query = (
				frappe.qb.from_(table)
				.select(table.name, table.last_message_on)
				.where(table.status == status)
				.where(ListedRows(CONVERSATION))
			)
			for condition in (branch, *_conditions(wanted, found, before)):
				query = query.where(condition) if condition is not None else query
			ordered = query.orderby(table.last_message_on, order=Order.desc).orderby(
				table.name, order=Order.desc
			)
			parts.append(ordered.limit(limit))
	keys = frappe.qb.from_(parts[0].as_("part0")).select("name")
	for number, part in enumerate(parts[1:], start=1):
		keys = keys.union(frappe.qb.from_(part.as_(f"part{number}")).select("name"))
	return keys.as_("page_keys")


def _conditions(wanted: Wanted, found, before: tuple[str, str] | None) -> list[Criterion]:
	table = frappe.qb.DocType(CONVERSATION)
	conditions = [table[name] == value for name, value in sorted(wanted.equal.items())]
	if wanted.names:
		conditions.append(table.name.isin(wanted.names))
	if found is not None:
		conditions.append(table.name.isin(found))
	if before:
		moment, name = before
		conditions.append(table.last_message_on <= moment)
		conditions.append((table.last_message_on < moment) | (table.name < name))
	return conditions


def _branches(wanted: Wanted, access: InboxAccess) -> list[Criterion | None]:
	"""What the folder and the reader's rights ask for, each answerable by one index; None is no condition of its own."""
	table = frappe.qb.DocType(CONVERSATION)
	if wanted.names or wanted.search:
		return [_folder(wanted.folder)]
	if wanted.folder == "teams":
		return [table.team == team for team in teams_of(frappe.session.user)] or [table.name.isnull()]
	if wanted.folder != "all":
		return [_folder(wanted.folder)]
	if access.everything:
		return [None]
	branches = [table.assigned_to == user for user in access.users]
	branches += [table.team == team for team in access.teams]
	branches.append(table.assigned_to.isnull() & table.team.isnull())
	if shared := shared_with(frappe.session.user).get(CONVERSATION):
		branches.append(table.name.isin(shared))
	return branches if len(branches) <= MAX_BRANCHES else [None]


def _folder(folder: str) -> Criterion | None:
	table = frappe.qb.DocType(CONVERSATION)
	if folder == "mine":
		return table.assigned_to == frappe.session.user
	if folder == "unassigned":
		return table.assigned_to.isnull()
	if folder == "teams":
		teams = teams_of(frappe.session.user)
		return table.team.isin(teams) if teams else table.name.isnull()
	return None


def counts() -> dict[str, dict[str, int]]:
	"""Return {folder: {"active": n, "unread": n}} over the active conversations of the reader's own list; one statement, and shares."""
	table = frappe.qb.DocType(CONVERSATION)
	columns = []
	for folder in FOLDERS:
		condition = _folder(folder)
		unread = table.unread > 0
		columns.append(_how_many(condition).as_(f"{folder}_active"))
		columns.append(_how_many(unread if condition is None else condition & unread).as_(f"{folder}_unread"))
	row = (
		frappe.qb.from_(table)
		.select(*columns)
		.where(table.status.isin(ACTIVE))
		.where(ListedRows(CONVERSATION))
		.run(as_dict=True)
	)[0]
	return {
		folder: {kind: int(row[f"{folder}_{kind}"] or 0) for kind in ("active", "unread")}
		for folder in FOLDERS
	}


def _how_many(condition: Criterion | None):
	return Count("*") if condition is None else Sum(Case().when(condition, 1).else_(0))


def people(users: Iterable[str | None]) -> dict[str, dict]:
	"""Return {user: {"name": full name, "image": file or None}}; one statement, none for nobody."""
	wanted = sorted({user for user in users if user})
	if not wanted:
		return {}
	table = frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.full_name, table.user_image)
		.where(table.name.isin(wanted))
		.run()
	)
	return {name: {"name": full_name or name, "image": image} for name, full_name, image in rows}
