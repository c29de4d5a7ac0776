"""Leaving an ERPNext site as it was.

`before_uninstall` refuses while documents of others could not live without our records, and turns quotations to our
parties into quotations to their Customer. `after_uninstall` takes away what Frappe leaves behind: roles, profiles,
permissions, boards, columns, and every row that points at a DocType of ours.

Frappe calls both hooks in a dry run as well. `before_uninstall` asks for it and then only reports; `after_uninstall` sees
it by itself: our DocTypes are still there.
"""

from __future__ import annotations

import inspect
from collections import defaultdict

import click
import frappe
from frappe import _

from dafater_crm.setup import boards, ledger, pointers, roles, sidebars

MODULES = ("Dafater CRM", "Dafater Inbox")
OUR_SINGLES = (
	"Dafater CRM Settings",
	"Dafater Appointment Booking Settings",
	"Dafater Inbox Settings",
	"Dafater Name Frequencies",
)
SHOWN = 20
NAMING_SERIES = ("DLEAD-", "DPRO-", "DOPP-", "DAPT-", "DCON-", "DIMP-")


def before_uninstall() -> None:
	"""Hook `before_uninstall`. Throws with a list of what stands in the way; changes nothing in a dry run."""
	convertible, stuck = sort_quotations()
	refuse_while_needed(stuck, other_documents())
	dry_run = is_dry_run()
	if dry_run is None and convertible:
		refuse_unclear_run(convertible)
	if dry_run:
		click.echo(f"Dafater CRM: {len(convertible)} quotations would be re-pointed to their customer.")
	else:
		point_quotations_to_customers(convertible)


def after_uninstall() -> None:
	"""Hook `after_uninstall`. Does nothing as long as our DocTypes exist (dry run)."""
	if frappe.db.exists("DocType", "Dafater Lead"):
		return
	restore_erpnext()
	boards.remove_boards()
	sidebars.remove_sidebars()
	remove_pointers()
	remove_raw_rows()
	roles.remove_grants()
	roles.remove_roles()
	ledger.forget()
	frappe.db.commit()  # nosemgrep: manual-commit - Frappe has made its last commit before this hook
	frappe.clear_cache()


def is_dry_run() -> bool | None:
	"""Whether Frappe's uninstaller was asked to list only; None when an uninstall runs that does not say so.

	Frappe does not tell its hooks, so the frame of its `remove_app` is read.
	"""
	frame = inspect.currentframe()
	while frame:
		if frame.f_code.co_name == "remove_app" and "dry_run" in frame.f_locals:
			return bool(frame.f_locals["dry_run"])
		frame = frame.f_back
	return None if frappe.flags.in_uninstall else False


def sort_quotations() -> tuple[dict[str, str], list[str]]:
	"""Quotations to our parties: {name: Customer to point at}, and the names of those without one."""
	from dafater_crm.erpnext import customer, parties

	convertible, stuck = {}, []
	if not frappe.db.table_exists("Quotation"):
		return convertible, stuck
	for quotation in frappe.get_all(
		"Quotation",
		{"quotation_to": ("in", list(parties.OURS))},
		["name", "quotation_to", "party_name"],
		order_by="name",
	):
		found = customer.existing(quotation.quotation_to, quotation.party_name)
		if found:
			convertible[quotation.name] = found
		else:
			stuck.append(quotation.name)
	return convertible, stuck


def other_documents() -> dict[str, list[str]]:
	"""Documents of other apps, Quotations aside, whose mandatory field names a DocType of ours."""
	ours = our_doctypes()
	found = defaultdict(list)
	for pointer in pointers.pointers():
		if not pointer.blocks or pointer.doctype == "Quotation":
			continue
		for doctype, name in pointers.documents_pointing_at(pointer, ours):
			found[doctype].append(name)
	return found


def refuse_while_needed(quotations: list[str], others: dict[str, list[str]]) -> None:
	"""Throw one message that lists every document in the way and says what to do about it."""
	lines = []
	if quotations:
		lines.append(
			_(
				"These quotations are made out to a lead or prospect that has no customer yet: {0}. Convert the lead or"
				" prospect to a customer, or delete the quotation."
			).format(_names(quotations))
		)
	for doctype, names in others.items():
		lines.append(
			_(
				"These documents of type {0} need a record of Dafater CRM: {1}. Delete them or choose another record in them."
			).format(_(doctype), _names(names))
		)
	if lines:
		frappe.throw("<br>".join(lines), title=_("Dafater CRM Cannot Be Removed Yet"))


def refuse_unclear_run(convertible: dict[str, str]) -> None:
	"""Throw: a dry run must not change documents, and a real one must not leave them broken."""
	frappe.throw(
		_(
			"These quotations are made out to a lead or prospect that is a customer already: {0}. Choose the customer in"
			" them, then remove Dafater CRM again."
		).format(_names(list(convertible))),
		title=_("Dafater CRM Cannot Be Removed Yet"),
	)


def point_quotations_to_customers(convertible: dict[str, str]) -> None:
	"""Quotations to our parties become quotations to the Customer; their state and dates stay."""
	for name, customer in convertible.items():
		frappe.db.set_value(
			"Quotation", name, {"quotation_to": "Customer", "party_name": customer}, update_modified=False
		)


def restore_erpnext() -> None:
	"""Our fields with their columns, our indexes, and our names in the Quotation's party selector."""
	from dafater_crm.erpnext import custom_fields, indexes, quotation_party

	quotation_party.uninstall()
	indexes.uninstall()
	custom_fields.uninstall()


def remove_pointers() -> None:
	"""Delete or empty every row that still names a DocType of ours, and fields that users added towards them."""
	for name in frappe.get_all(
		"Custom Field",
		{
			"fieldtype": ("in", ["Link", "Table", "Table MultiSelect"]),
			"options": ("like", f"{pointers.PREFIX}%"),
		},
		pluck="name",
	):
		frappe.delete_doc("Custom Field", name, force=True)
	for pointer in pointers.pointers():
		gone = _gone_doctypes(pointer)
		if gone:
			pointers.clear(pointer, gone)


def remove_raw_rows() -> None:
	"""What no Link field leads to: list settings, search index, series, jobs, patches, blocked modules, start pages."""
	ours = f"{pointers.PREFIX}%"
	for table in ("__UserSettings", "__global_search"):
		raw = frappe.qb.Table(table)
		frappe.qb.from_(raw).delete().where(raw.doctype.like(ours)).run()
	series = frappe.qb.Table("tabSeries")
	for prefix in NAMING_SERIES:
		frappe.qb.from_(series).delete().where(series.name.like(f"{prefix}%")).run()
	singles = frappe.qb.Table("tabSingles")
	frappe.qb.from_(singles).delete().where(singles.doctype.isin(OUR_SINGLES)).run()
	frappe.db.delete("Custom DocPerm", {"parent": ("like", ours)})
	frappe.db.delete("List View Settings", {"name": ("like", ours)})
	frappe.db.delete("Scheduled Job Type", {"method": ("like", "dafater\\_crm.%")})
	frappe.db.delete("Patch Log", {"patch": ("like", "dafater\\_crm.%")})
	frappe.db.delete("Block Module", {"module": ("in", MODULES)})
	frappe.db.set_value("User", {"default_workspace": ("like", ours)}, "default_workspace", None)


def our_doctypes() -> list[str]:
	"""Names of our DocTypes on this site."""
	return frappe.get_all("DocType", {"module": ("in", MODULES)}, pluck="name")


def _gone_doctypes(pointer: pointers.Pointer) -> list[str]:
	"""Values of the field that carry our prefix and name no DocType: a site's own "Dafater …" DocType is spared."""
	named = frappe.get_all(
		pointer.doctype, {pointer.field: ("like", f"{pointers.PREFIX}%")}, pluck=pointer.field, distinct=True
	)
	left = set(frappe.get_all("DocType", {"name": ("like", f"{pointers.PREFIX}%")}, pluck="name"))
	return [name for name in named if name not in left]


def _names(names: list[str]) -> str:
	shown = ", ".join(names[:SHOWN])
	return shown if len(names) <= SHOWN else _("{0} and {1} more").format(shown, len(names) - SHOWN)
