"""Indexes of ours on tables of Frappe and ERPNext. Each is justified here, and goes at uninstall."""

from __future__ import annotations

import frappe

# name of the index -> DocType and columns
INDEXES = {
	# Reports count and date every message on leads and opportunities. A row of Communication carries the whole message
	# (3.3 GB for 1.5 million short ones), so that counting from the rows reads all of it; this index holds what is
	# asked for in 0.13 GB and makes that read two to four times as fast. An insert pays one more entry.
	"dafater_interactions": (
		"Communication",
		(
			"reference_doctype",
			"reference_name",
			"communication_type",
			"communication_date",
			"creation",
			"communication_medium",
		),
	),
	# What is assigned to a person: every list of a seller asks. Frappe's own index begins with the DocType, of which a busy
	# site has hundreds of thousands of assignments.
	"dafater_assigned": ("ToDo", ("allocated_to", "status", "reference_type", "reference_name")),
	# Whoever writes on a channel for the first time is looked up by number among all contacts.
	"dafater_contact_phone": ("Contact Phone", ("phone",)),
	# The form of a lead says who else has its address or VAT number (`known_parties.py`), and a received mail whose it is.
	"dafater_contact_email": ("Contact Email", ("email_id",)),
	"dafater_customer_tax_id": ("Customer", ("tax_id",)),
}


def install() -> None:
	"""Add what is missing. Frappe commits before it changes a table."""
	for name, (doctype, columns) in INDEXES.items():
		if frappe.db.table_exists(doctype):
			frappe.db.add_index(doctype, list(columns), name)


def uninstall() -> None:
	"""Drop what is there."""
	for name, (doctype, _columns) in INDEXES.items():
		if frappe.db.table_exists(doctype) and frappe.db.has_index(f"tab{doctype}", name):
			statement = f"alter table `tab{doctype}` drop index `{name}`"  # the names are the constants above
			frappe.db.sql_ddl(statement)  # nosemgrep: raw-sql - the query builder has no ALTER TABLE
