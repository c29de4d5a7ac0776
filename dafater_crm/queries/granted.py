"""Single documents that are opened to somebody: shared with the person, or assigned to the person or the team below.

Conditions name them one by one. With names MariaDB serves "mine, or given to me" from the indexes of the creator, the owner
field and the name; with a subquery behind an OR it reads the whole table, longest of all for somebody who has few rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import mul

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce
from frappe.query_builder.terms import ParameterizedValueWrapper
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Field, ValueWrapper

# more assignments than this, to records of others, make a statement longer than the index saves
MOST = 1000
SHARED, ASSIGNED = "shared", "assigned"
KEPT = "dafater_granted"


@dataclass
class Granted:
	"""DocType -> names of documents. `assigned` holds those that belong to nobody of `users`; at most MOST + 1 of a DocType."""

	user: str
	users: tuple[str, ...]
	shared: dict[str, list[str]] = field(default_factory=dict)
	assigned: dict[str, list[str]] = field(default_factory=dict)


def granted(user: str, users: Sequence[str], owner_fields: dict[str, str]) -> Granted:
	"""What is shared with `user`, and the records of `owner_fields` (DocType -> owner field) with an open assignment to `users`.

	One statement a request, for all DocTypes together; `forget` when shares or assignments change within it.
	"""
	kept = getattr(frappe.local, KEPT, None)
	if kept is None or kept.user != user or kept.users != tuple(users):
		kept = Granted(user, tuple(users))
		parts = [_shared(user)]
		if users:
			parts += [_assigned(doctype, owner, users) for doctype, owner in owner_fields.items()]
		for kind, doctype, name in reduce(mul, parts).run():
			(kept.shared if kind == SHARED else kept.assigned).setdefault(doctype, []).append(name)
		setattr(frappe.local, KEPT, kept)
	return kept


def forget(doc=None, method: str | None = None) -> None:
	"""`doc_events` of DocShare and ToDo, and of whoever writes them without a document: what is kept may be old."""
	setattr(frappe.local, KEPT, None)


def named(name: Field, names: Iterable[str]) -> Criterion:
	"""`name` is one of `names`."""
	return name.isin([_Name(one) for one in names])


class _Name(ParameterizedValueWrapper):
	"""A parameter of the statement; escaped as MariaDB reads it where the condition becomes a text of its own.

	Frappe 15 sends such a text as it is, Frappe 16 together with parameters, where `%` has a meaning: so none stands in it.
	"""

	def get_sql(self, **kwargs) -> str:
		if kwargs.get("param_wrapper"):
			return super().get_sql(**kwargs)
		if "%" in self.value:
			return f"_utf8mb4 x'{self.value.encode().hex()}'"
		return frappe.db.escape(self.value, percent=False)


def open_assignments(doctype: str, users: Sequence[str]) -> QueryBuilder:
	"""Names of records of `doctype` with an open assignment to one of `users`."""
	todo = DocType("ToDo")
	return (
		frappe.qb.from_(todo)
		.select(todo.reference_name)
		.where((todo.reference_type == doctype) & todo.allocated_to.isin(users) & (todo.status == "Open"))
	)


def _shared(user: str) -> QueryBuilder:
	share = DocType("DocShare")
	return (
		frappe.qb.from_(share)
		.select(ValueWrapper(SHARED), share.share_doctype, share.share_name)
		.where((share.read == 1) & ((share.user == user) | (share.everyone == 1)))
	)


def _assigned(doctype: str, owner_field: str, users: Sequence[str]) -> QueryBuilder:
	"""Leaves out what the other two rules show already: mostly everything, since whoever gets a record becomes its owner."""
	table, todo = DocType(doctype), DocType("ToDo")
	others = table.owner.notin(users) & Coalesce(table[owner_field], "").notin(users)
	found = (
		open_assignments(doctype, users)
		.join(table)
		.on(table.name == todo.reference_name)
		.where(others)
		.distinct()
		.limit(MOST + 1)
	).as_("found")
	return frappe.qb.from_(found).select(ValueWrapper(ASSIGNED), ValueWrapper(doctype), found.reference_name)
