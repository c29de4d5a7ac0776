"""What a provider tells about an account and its templates: approval, quality, trouble."""

from __future__ import annotations

import frappe

from dafater_crm.domain.channels import AccountNotice
from dafater_crm.records.inbox import accounts, rows

TEMPLATE = "Dafater Message Template"
BAD_NEWS = ("DISABLE", "VIOLATION", "RESTRICT", "DELETE", "REMOVE", "REJECT", "SUSPEND", "BAN")
CATEGORIES = ("Utility", "Marketing", "Authentication")


def apply(account: dict, notice: AccountNotice) -> None:
	"""Write a notice down. What speaks of nothing we have is left alone."""
	if notice.kind.startswith("Template"):
		_template(account, notice)
	elif notice.kind == "Number Quality":
		quality = rows.text(notice.values.get("quality") or notice.values.get("current_limit"), 140)
		rows.update(accounts.ACCOUNT, account.name, quality=quality)
		frappe.clear_document_cache(accounts.ACCOUNT, account.name)
	elif notice.kind in ("Account", "Error") and (trouble := _trouble(notice)):
		accounts.note_trouble(account.name, trouble)


def _trouble(notice: AccountNotice) -> str:
	"""What is wrong, "" for good news: the same notices tell of both."""
	values = notice.values
	if notice.kind == "Error":
		return rows.text(values.get("message") or values.get("title"), 500)
	event = rows.text(values.get("event") or values.get("alert_type") or values.get("decision"), 140)
	return event if any(word in event.upper() for word in BAD_NEWS) else ""


def _template(account: dict, notice: AccountNotice) -> None:
	values = notice.values
	if not values.get("template_name"):
		return
	filters = {"account": account.name, "template_name": values["template_name"]}
	if values.get("language"):
		filters["language"] = values["language"]
	category = str(values.get("category") or "").title()
	new = {
		"approval": values.get("approval"),
		"rejection_reason": rows.text(values.get("reason"), 500),
		"quality": rows.text(values.get("quality"), 140),
		"category": category if category in CATEGORIES else None,
	}
	new = {field: value for field, value in new.items() if value}
	for name in frappe.get_all(TEMPLATE, filters, pluck="name") if new else ():
		rows.update(TEMPLATE, name, **new)
		frappe.clear_document_cache(TEMPLATE, name)
