"""What WhatsApp says about an account rather than a person: templates, quality, limits, bans. Pure."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels.reading import filled, ident, obj, plain, text
from dafater_crm.domain.channels import AccountNotice

_KINDS = {
	"message_template_status_update": "Template Status",
	"message_template_quality_update": "Template Quality",
	"message_template_components_update": "Template Content",
	"template_category_update": "Template Category",
	"phone_number_quality_update": "Number Quality",
	"phone_number_name_update": "Account",
	"account_update": "Account",
	"account_alerts": "Account",
	"account_review_update": "Account",
	"business_capability_update": "Account",
}
# options of Dafater Message Template.approval
_APPROVALS = {
	"APPROVED": "Approved",
	"REINSTATED": "Approved",
	"REJECTED": "Rejected",
	"PENDING": "Pending",
	"IN_APPEAL": "Pending",
	"PAUSED": "Paused",
	"FLAGGED": "Approved",
	"DISABLED": "Disabled",
	"PENDING_DELETION": "Disabled",
	"DELETED": "Disabled",
}


def notice(
	field: str, value: dict[str, Any], account: str | None, business: str | None
) -> AccountNotice | None:
	"""Return the notice that a change of this field is; None for fields about messages.

	`values` holds the provider's own, and for templates beside them `template_name`, `language`, `approval`, `reason` and `quality`.
	"""
	kind = _KINDS.get(field)
	if kind is None:
		return None
	return AccountNotice(account, business, kind, {**plain(value), **_named(kind, value)})


def error_text(error: dict[str, Any]) -> str:
	"""One line of an error object: its title, and the details where they say more."""
	title = text(error.get("title") or error.get("message")).strip()
	details = text(obj(error.get("error_data")).get("details")).strip()
	return f"{title}: {details}" if title and details and details != title else title or details


def _named(kind: str, value: dict[str, Any]) -> dict[str, Any]:
	if not kind.startswith("Template"):
		return {}
	reason = text(value.get("reason"))
	return filled(
		template_name=text(value.get("message_template_name")),
		language=text(value.get("message_template_language")),
		template_id=ident(value.get("message_template_id")),
		approval=_APPROVALS.get(text(value.get("event")).upper()) if kind == "Template Status" else None,
		reason="" if reason.upper() == "NONE" else reason,
		quality=text(value.get("new_quality_score")),
		category=text(value.get("new_category")),
	)
