"""What an import says of a row, in the language of whoever runs it."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.audit import catalogue
from dafater_crm.domain.errors import MESSAGES
from dafater_crm.domain.matching import Match
from dafater_crm.intake.problems import Problem
from dafater_crm.records.import_file import LEAD


def said(problem: Problem) -> str:
	"""A problem as a sentence, with the field it is about."""
	label = frappe.get_meta(LEAD).get_label(problem.field) if problem.field else ""
	sentence = _(MESSAGES[problem.code]).format(*problem.args)
	return f"{_(label)}: {sentence}" if label and label != "No Label" else sentence


def not_taken(left: dict[str, str]) -> str:
	"""Values of a row that found their place on the known lead taken."""
	meta = frappe.get_meta(LEAD)
	values = "; ".join(f"{_(meta.get_label(field))}: {value}" for field, value in left.items())
	return _("Not taken, since another value is there: {0}").format(values)


def known_as(lead: str, row: int | None, match: Match) -> str:
	"""Which known lead a row repeats, or which earlier row of the file, and what speaks for it."""
	language = "ar" if (frappe.local.lang or "").startswith("ar") else "en"
	texts = (
		catalogue.text(language, f"reason_{code}") for code in match.reasons if not code.endswith("_differs")
	)
	why = ("، " if language == "ar" else ", ").join(texts)
	if row:
		return _("Known already from row {0} of the file: {1}.").format(row, why)
	return _("Known already as {0}: {1}.").format(lead, why)
