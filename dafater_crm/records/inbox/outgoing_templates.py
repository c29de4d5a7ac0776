"""Messages by an approved template: its values filled in, what the provider needs, and the text as the person will read it."""

from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.records.inbox import outgoing_files, rows

TEMPLATE = "Dafater Message Template"
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def part(account: dict, name: str, values: dict, files: tuple[str, ...], conversation: dict) -> dict:
	"""The message of template `name`. `values`: placeholder -> text; what is left out is filled from the conversation.

	Throws when the template is not approved, belongs to another account, or a value is missing.
	"""
	template = frappe.get_cached_doc(TEMPLATE, name)
	_check_usable(template, account)
	filled = _filled(template, values, conversation)
	body = PLACEHOLDER.sub(lambda match: filled.get(match.group(1), match.group(0)), template.body)
	file = _header_file(template, files)
	shown = "\n".join(text for text in (template.header_text, body, template.footer) if text)
	return {
		"kind": "Template",
		"body": shown,
		"preview": body,
		"template": template.name,
		"marketing": template.category == "Marketing",
		"content": {"template": _payload(template, filled)},
		**file,
	}


def _payload(template, filled: dict[str, str]) -> dict:
	"""The template as `domain.channels.OutboundMessage` wants it; a file of the header joins when it is sent."""
	return {
		"name": template.template_name,
		"language": template.language,
		"header": filled.get(_first(template.header_text)) if template.header_type == "Text" else None,
		"body": [filled[key] for key in dict.fromkeys(PLACEHOLDER.findall(template.body))],
		"buttons": [
			{"index": row.idx - 1, "value": filled[key]}
			for row in template.buttons
			if row.kind == "Web Address" and (key := _first(row.value)) in filled
		],
	}


def _first(text: str | None) -> str | None:
	found = PLACEHOLDER.findall(text or "")
	return found[0] if found else None


def _check_usable(template, account: dict) -> None:
	if template.account != account.name:
		frappe.throw(_("This template belongs to another account. Choose one of {0}.").format(account.name))
	if not template.enabled or template.approval != "Approved":
		frappe.throw(
			_("The template {0} is not approved. Choose another one.").format(frappe.bold(template.title))
		)


def _filled(template, values: dict, conversation: dict) -> dict[str, str]:
	given = {str(key): rows.text(value).strip() for key, value in values.items()}
	defaults = {
		row.placeholder.strip("{} "): _known(row.value_from, conversation) for row in template.parameters
	}
	wanted = [*PLACEHOLDER.findall(template.body), *PLACEHOLDER.findall(template.header_text or "")]
	for row in template.buttons:
		wanted += PLACEHOLDER.findall(row.value or "") if row.kind == "Web Address" else []
	filled = {key: given.get(key) or defaults.get(key) or "" for key in dict.fromkeys(wanted)}
	missing = [key for key, value in filled.items() if not value]
	if missing:
		frappe.throw(_("Fill in these values of the template: {0}").format(escape_html(", ".join(missing))))
	# the providers refuse line breaks and tabs in a value
	return {key: " ".join(value.split()) for key, value in filled.items()}


def _known(value_from: str | None, conversation: dict) -> str:
	if value_from == "Person's Name":
		return conversation.title or ""
	if value_from == "Agent's Name":
		return frappe.utils.get_fullname(frappe.session.user)
	return (conversation.company or "") if value_from == "Company" else ""


def _header_file(template, files: tuple[str, ...]) -> dict:
	if template.header_type not in ("Image", "Document"):
		if files:
			frappe.throw(_("This template takes no file. Choose another one, or send the file by itself."))
		return {}
	if len(files) != 1:
		frappe.throw(_("This template needs exactly one file."))
	file, mime_type = outgoing_files.checked(files[0])
	return {"file": file, "mime_type": mime_type}
