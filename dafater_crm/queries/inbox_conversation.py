"""One conversation's head and side: who writes, through which account, what it belongs to, what may be sent now.

The caller has checked that the user may read the conversation. Records that it is linked to are named only where the reader's own list
shows them; the links themselves say that there is one.
"""

from __future__ import annotations

import frappe

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.inbox_list import people
from dafater_crm.queries.view_section import may_read

IDENTITY, ACCOUNT, TEMPLATE = (
	"Dafater Contact Identity",
	"Dafater Channel Account",
	"Dafater Message Template",
)
IDENTITY_FIELDS = (
	"display_name",
	"phone",
	"email_id",
	"username",
	"language",
	"blocked",
	"no_marketing",
	"contact",
)
ACCOUNT_FIELDS = ("name", "channel", "enabled", "sandbox", "health", "display_number")
# field of the conversation → its DocType and the field that names it; in the order in which one of them is shown as the customer
LINKS = {
	"customer": ("Customer", "customer_name"),
	"opportunity": ("Dafater Opportunity", "title"),
	"lead": ("Dafater Lead", "title"),
	"issue": ("Issue", "subject"),
}
PARTY_FIELDS = ("customer", "opportunity", "lead")
MAX_TEMPLATES = 200


def head(conversation) -> dict:
	"""Return {"identity", "account", "links", "party", "people"} of a conversation document or row; seven statements at most.

	`links`: {field: {"doctype", "name", "title"}}, title None where the reader may not read the record. `party`: the first of
	customer, opportunity and lead that may be read, as the customer view takes it.
	"""
	links = {
		field: _linked(doctype, conversation.get(field), title_field)
		for field, (doctype, title_field) in LINKS.items()
		if conversation.get(field)
	}
	readable = [
		links[field] for field in PARTY_FIELDS if field in links and links[field]["title"] is not None
	]
	party = {"doctype": readable[0]["doctype"], "name": readable[0]["name"]} if readable else None
	return {
		"identity": _values(IDENTITY, conversation.get("identity"), IDENTITY_FIELDS),
		"account": _values(ACCOUNT, conversation.get("account"), ACCOUNT_FIELDS),
		"links": links,
		"party": party,
		"people": people([conversation.get("assigned_to")]),
	}


def _values(doctype: str, name: str | None, fields: tuple[str, ...]) -> dict | None:
	return frappe.db.get_value(doctype, name, fields, as_dict=True) if name else None


def _linked(doctype: str, name: str, title_field: str) -> dict:
	found = {"doctype": doctype, "name": name, "title": None}
	if not (frappe.db.exists("DocType", doctype, cache=True) and may_read(doctype)):
		return found
	table = frappe.qb.DocType(doctype)
	title = (
		frappe.qb.from_(table)
		.select(table[title_field])
		.where((table.name == name) & ListedRows(doctype))
		.run(pluck=True)
	)
	return {**found, "title": (title[0] or name) if title else None}


def templates(account: str) -> list[dict]:
	"""Return what may be sent through an account outside of the 24 hours: approved templates with their placeholders; three statements."""
	rows = frappe.get_all(
		TEMPLATE,
		filters={"account": account, "enabled": 1, "approval": "Approved"},
		fields=[
			"name",
			"title",
			"template_name",
			"language",
			"category",
			"header_type",
			"header_text",
			"body",
			"footer",
		],
		order_by="title",
		limit=MAX_TEMPLATES,
	)
	for field, doctype, columns in (
		("parameters", "Dafater Message Template Value", ("placeholder", "value_from", "example")),
		("buttons", "Dafater Message Template Button", ("kind", "label", "value")),
	):
		children = frappe.get_all(
			doctype,
			filters={"parenttype": TEMPLATE, "parent": ("in", [row.name for row in rows])},
			fields=["parent", *columns],
			order_by="idx",
		)
		for row in rows:
			row[field] = [child for child in children if child.parent == row.name]
	return rows


def saved_replies(conversation_class: str | None, team: str | None) -> list[dict]:
	"""Return the enabled saved replies for a class and team, those for all included; one statement."""
	table = frappe.qb.DocType("Dafater Saved Reply")
	return (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.shortcut, table.body, table.language)
		.where(table.enabled == 1)
		.where(
			table.conversation_class.isnull() | table.conversation_class.isin(["", conversation_class or ""])
		)
		.where(table.team.isnull() | table.team.isin(["", team or ""]))
		.orderby(table.title)
		.limit(300)
		.run(as_dict=True)
	)


def mentionable(text: str, roles: tuple[str, ...], limit: int = 10) -> list[dict]:
	"""Return users with one of `roles` whose name or address contains `text`: [{"user", "name"}]; one statement."""
	user, role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
	rows = (
		frappe.qb.from_(user)
		.join(role)
		.on((role.parent == user.name) & (role.parenttype == "User"))
		.select(user.name, user.full_name)
		.distinct()
		.where((user.enabled == 1) & (user.user_type == "System User") & role.role.isin(roles))
		.where(user.full_name.like(pattern) | user.name.like(pattern))
		.where(user.name != frappe.session.user)
		.orderby(user.full_name)
		.limit(limit)
		.run()
	)
	return [{"user": name, "name": full_name or name} for name, full_name in rows]
