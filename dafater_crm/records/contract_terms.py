"""The text of a contract: what its template may say, and how template and contract come together."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, fmt_money, formatdate, getdate

from dafater_crm.domain import hijri
from dafater_crm.records.sandbox import Vocabulary, check_source, render

# Field of the template -> language. The order is that of a contract in both languages.
TEXTS = {"terms_ar": "ar", "terms_en": "en"}
LANGUAGES = {"Arabic": ("terms_ar",), "English": ("terms_en",), "Both": tuple(TEXTS)}
WORDS = Vocabulary(
	variables=(
		"title",
		"contract_number",
		"company",
		"party_name",
		"start_date",
		"end_date",
		"start_date_hijri",
		"end_date_hijri",
		"contract_value",
		"currency",
		"today",
		"today_hijri",
		"obligations",
	),
	lists={"obligations": frozenset({"requirement", "due_date"})},
)


def described_variables() -> list[tuple[str, str]]:
	"""Return (variable, what it prints in the reader's language) in the order in which the help shows them."""
	meanings = (
		_("Title of the contract"),
		_("Number of the contract"),
		_("Name of our company"),
		_("Name of the other party"),
		_("Start date"),
		_("End date"),
		_("Start date in the Hijri calendar"),
		_("End date in the Hijri calendar"),
		_("Value with its currency"),
		_("Currency of the value"),
		_("Date of today"),
		_("Date of today in the Hijri calendar"),
		_("List of obligations for a loop: each row has requirement and due_date"),
	)
	return list(zip(WORDS.variables, meanings, strict=True))


def check_text(template, field: str) -> None:
	"""Raise one clear `frappe.ValidationError` unless the text in `field` of a template can be rendered."""
	check_source(template.get(field), _label(field), WORDS)


def apply_template(contract) -> None:
	"""Fill terms and obligations of `contract` from its template; rows of an earlier template are replaced.

	Rows that a person added stay, and so do fulfilled ones. Does not save.
	"""
	template = frappe.get_cached_doc("Dafater Contract Template", contract.contract_template)
	_replace_obligations(contract, template)
	contract.terms = _terms(template, contract)


def values_of(contract, lang: str) -> dict[str, Any]:
	"""Return the variables of one contract: plain texts and a list of plain dicts, nothing else.

	`lang`: "ar" or "en", the language of the text that they go into.
	"""
	start, end = (getdate(value) if value else None for value in (contract.start_date, contract.end_date))
	today = getdate()
	return {
		"title": contract.title or "",
		"contract_number": contract.name or "",
		"company": contract.company or "",
		"party_name": contract.party_title or "",
		"start_date": _date(start),
		"end_date": _date(end),
		"start_date_hijri": hijri.format_hijri(start, lang),
		"end_date_hijri": hijri.format_hijri(end, lang),
		"contract_value": fmt_money(contract.contract_value or 0, currency=contract.currency),
		"currency": contract.currency or "",
		"today": _date(today),
		"today_hijri": hijri.format_hijri(today, lang),
		"obligations": [
			{"requirement": row.requirement or "", "due_date": _date(row.due_date)}
			for row in contract.obligations
		],
	}


def _date(value) -> str:
	return formatdate(value) if value else ""


def _terms(template, contract) -> str:
	blocks = []
	for field in LANGUAGES.get(contract.language) or LANGUAGES["Both"]:
		if template.get(field):
			lang = TEXTS[field]
			body = render(template.get(field), _label(field), WORDS, values_of(contract, lang))
			direction = "rtl" if lang == "ar" else "ltr"
			blocks.append(f'<div dir="{direction}" lang="{lang}">{body}</div>')
	if not blocks:
		frappe.throw(
			_(
				"The template {0} has no text in the language of this contract. Choose another language or template."
			).format(frappe.bold(frappe.utils.escape_html(template.name))),
			title=_("Contract Template"),
		)
	return "".join(blocks)


def _label(field: str) -> str:
	return frappe.bold(_(frappe.get_meta("Dafater Contract Template").get_label(field)))


def _replace_obligations(contract, template) -> None:
	kept = [row for row in contract.obligations if not row.from_template or row.fulfilled]
	done = {row.requirement for row in kept if row.from_template}
	contract.set("obligations", kept)
	for row in template.obligations:
		if row.requirement not in done:
			contract.append(
				"obligations",
				{
					"requirement": row.requirement,
					"due_date": add_days(contract.start_date, row.due_in_days or 0)
					if contract.start_date
					else None,
					"from_template": 1,
				},
			)
	for idx, row in enumerate(contract.obligations, start=1):
		row.idx = idx
