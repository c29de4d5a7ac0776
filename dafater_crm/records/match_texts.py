"""What the reasons of `domain.matching` say, as sentences; each code has its own. The audit's short ones are in `audit/words_*.py`."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from dafater_crm.records.labels import _

SENTENCES = {
	"same_mobile": _("The mobile number is the same."),
	"similar_mobile": _("The mobile numbers differ in one digit."),
	"same_phone": _("The phone number is the same."),
	"same_email": _("The e-mail address is the same."),
	"same_office_email": _("The e-mail address of the office is the same."),
	"similar_email": _("The e-mail addresses differ in one letter."),
	"same_cr_number": _("The commercial registration is the same."),
	"same_vat_number": _("The VAT number is the same."),
	"same_national_id": _("The national ID is the same."),
	"same_name": _("The name is the same."),
	"name_variant": _("The name is the same, spelled differently."),
	"name_typo": _("The names differ by a typing error."),
	"name_initial": _("One name has an initial where the other has the whole word."),
	"name_swapped": _("One name begins with the family name."),
	"name_shorter": _("One name is shorter."),
	"family_name_only": _("One has the family name only."),
	"same_family": _("The family name is the same."),
	"same_organisation": _("The organisation is the same."),
	"same_city": _("The city is the same."),
	"company_and_person": _("One is a company, the other a person."),
	"given_name_differs": _("The given names differ."),
	"father_name_differs": _("The father's names differ."),
	"family_name_differs": _("The family names differ."),
	"national_id_differs": _("The national IDs differ."),
	"mobile_differs": _("The mobile numbers differ."),
	"email_differs": _("The e-mail addresses differ."),
	"city_differs": _("The cities differ."),
	"branch_differs": _("They are in different cities, so they may be two branches."),
	"organisation_differs": _("The organisations differ."),
	"cr_number_differs": _("The commercial registrations differ."),
	"vat_number_differs": _("The VAT numbers differ."),
}


def told(codes: Iterable[str] | str | None) -> list[str]:
	"""Stored codes, or their JSON, as sentences in the reader's language; a code of a later release is left out."""
	found = frappe.parse_json(codes or "[]")
	return [frappe._(SENTENCES[code]) for code in found if code in SENTENCES]
