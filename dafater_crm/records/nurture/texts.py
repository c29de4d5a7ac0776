"""Subject and message of an e-mail step: known variables only, rendered in our sandbox, never by `render_template`."""

from __future__ import annotations

import html
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from dafater_crm.records.nurture.subjects import SUBJECTS
from dafater_crm.records.sandbox import Vocabulary, check_source, render

WORDS = Vocabulary(
	variables=(
		"name",
		"organisation",
		"salutation",
		"title",
		"company",
		"owner_name",
		"owner_email",
		"owner_mobile",
	)
)


def described_variables() -> list[tuple[str, str]]:
	"""Return (variable, what it prints in the reader's language)."""
	meanings = (
		_("Name of the person"),
		_("Name of the organisation"),
		_("Salutation"),
		_("Title of the record"),
		_("Name of our company"),
		_("Full name of the record's owner"),
		_("E-mail address of the record's owner"),
		_("Mobile number of the record's owner"),
	)
	return list(zip(WORDS.variables, meanings, strict=True))


def source_of(step) -> tuple[str, str]:
	"""(subject, message) of an e-mail step as written: in the step itself or in its E-mail Template."""
	if step.email_template:
		template = frappe.get_cached_doc("Email Template", step.email_template)
		return template.subject or "", template.response_ or ""
	return step.subject or "", step.message or ""


def check_step(step) -> None:
	"""Raise one clear `frappe.ValidationError` unless subject and message are there and can be rendered."""
	for label, source in zip(_labels(step), source_of(step), strict=True):
		if not strip_html(source).strip():
			frappe.throw(_("{0} is empty. Write it, or choose an e-mail template.").format(label))
		check_source(source, label, WORDS)


def render_step(step, values: dict[str, Any]) -> tuple[str, str]:
	"""(subject as one plain line, message as HTML) with `values` filled in. Raises `frappe.ValidationError`."""
	subject, message = (
		render(source, label, WORDS, values)
		for label, source in zip(_labels(step), source_of(step), strict=True)
	)
	# the sandbox escapes for HTML; a subject is plain text in one line
	return " ".join(html.unescape(subject).split()), message


def values_of(doctype: str, row, owner) -> dict[str, str]:
	"""The variables for one record. `row`: its columns; `owner`: full_name, email, mobile_no of its owner, or None."""
	owner = owner or {}
	person = row.get(SUBJECTS[doctype].person) or row.get("title") or ""
	return {
		"name": person,
		"organisation": row.get("organisation_name") or row.get("party_title") or "",
		"salutation": row.get("salutation") or "",
		"title": row.get("title") or "",
		"company": row.get("company") or "",
		"owner_name": owner.get("full_name") or "",
		"owner_email": owner.get("email") or "",
		"owner_mobile": owner.get("mobile_no") or "",
	}


def _labels(step) -> tuple[str, str]:
	place = _("Step {0}").format(step.idx)
	return f"{place}: {_('Subject')}", f"{place}: {_('Message')}"
