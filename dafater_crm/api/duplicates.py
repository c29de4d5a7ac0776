"""Possible duplicates of a lead: comparing, merging, dismissing, and taking a merge back."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils.formatters import format_value

from dafater_crm.erpnext import known_parties as known
from dafater_crm.records import match_texts
from dafater_crm.records import merge as merging

LEAD, MERGE, CANDIDATE = "Dafater Lead", "Dafater Lead Merge", "Dafater Duplicate Candidate"


@frappe.whitelist(methods=["GET"])
def compare(keep: str, remove: str) -> dict:
	"""Two leads side by side, to be read: {"keep", "remove": titles, "fields": [{"field", "label", "keep", "remove"}]}.

	Permission: read on both.
	"""
	first, second = _lead(keep, "read"), _lead(remove, "read")
	return {
		"keep": first.title,
		"remove": second.title,
		"fields": [_in_words(row) for row in merging.fields_to_choose(first, second)],
	}


def _in_words(row: dict) -> dict:
	"""Choices and masters in the reader's language, dates in the reader's format."""
	df = frappe.get_meta(LEAD).get_field(row["field"])
	named = df.fieldtype in ("Select", "Link")
	if not named and df.fieldtype not in ("Date", "Datetime"):
		return row
	return {**row, **{side: format_value(row[side], df, translated=named) for side in ("keep", "remove")}}


@frappe.whitelist(methods=["POST"])
def merge(keep: str, remove: str, take: list | str | None = None) -> dict:
	"""Merge `remove` into `keep`; `take` lists the fields whose value comes from the lead that goes.

	Returns {"merge": name of the record by which it can be undone, "lead": the kept lead}. Permission: write on both.
	"""
	_lead(keep, "write")
	_lead(remove, "write")
	fields = frappe.parse_json(take) if take else []
	return {"merge": merging.merge(keep, remove, fields), "lead": keep}


@frappe.whitelist(methods=["POST"])
def undo(name: str) -> dict:
	"""Take a merge back within thirty days: {"lead": the lead that is back, "left": fields changed since, which stay}.

	Permission: write on the kept lead.
	"""
	entry = frappe.get_doc(MERGE, name)
	entry.check_permission("read")
	_lead(entry.kept, "write")
	return merging.undo(name)


@frappe.whitelist(methods=["POST"])
def dismiss(name: str) -> dict:
	"""Say that the two leads of a candidate are not one. Permission: write on the candidate."""
	doc = frappe.get_doc(CANDIDATE, name)
	doc.check_permission("write")
	doc.status = "Not a Duplicate"
	doc.save()
	return {"status": doc.status}


@frappe.whitelist(methods=["GET"])
def of_lead(name: str) -> list[dict]:
	"""Open candidates of a lead, most similar first, at most twenty.

	Each: {"candidate", "lead", "title", "owner_name", "score" in percent, "certain", "reasons" as codes, "told": the same as
	sentences, "readable"}. Of a lead that the user may not read, only that it exists and whose it is: silence would make a
	double, its name would leak. Permission: read on the lead.
	"""
	_lead(name, "read")
	from dafater_crm.queries.duplicates import open_candidates

	return [
		{**row, "told": match_texts.told(row["reasons"]) if row["readable"] else []}
		for row in open_candidates(name)
	]


@frappe.whitelist(methods=["POST"])
def known_parties(values: dict | str, lead: str | None = None) -> list[dict]:
	"""Contacts, Customers and Prospects with the phones, e-mail, VAT or CR number of a lead that is on the screen, saved or not.

	`values`: fields of the lead as they stand in the form; `lead`: its name once it is saved. Answers as
	`erpnext.known_parties`: rows of the reader's own lists alone. Permission: read on leads, and on this one.
	It only reads, and is posted all the same: phones and addresses in a URL would end in the web server's log.
	"""
	frappe.has_permission(LEAD, "read", throw=True)
	prospect = _lead(lead, "read").prospect if lead else None
	typed = frappe.parse_json(values)
	if not isinstance(typed, dict):
		frappe.throw(_("Send the lead as an object of fields and values."))
	return known.known_parties(typed, lead, prospect)


def _lead(name: str, right: str):
	if not frappe.db.exists(LEAD, name):
		frappe.throw(
			_("The lead {0} does not exist any more. Reload the page.").format(
				frappe.bold(frappe.utils.escape_html(name))
			),
			frappe.DoesNotExistError,
		)
	doc = frappe.get_doc(LEAD, name)
	doc.check_permission(right)
	return doc
