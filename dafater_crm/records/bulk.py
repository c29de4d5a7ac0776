"""Many new documents at once: every one validated by its own controller, all written in a few statements.

`Document.insert` costs six statements and several milliseconds a lead, most of it in hooks that have nothing to do for a
new record. Here the same checks and our own hooks run in memory, the rows are written together and the entries of the desk's
search queued together. Where a site has automation of its own on the DocType (another app's hooks, server scripts,
notifications, webhooks, workflows), nothing is left out: `automation_on` names it, and `insert_all` inserts one
document after the other, as the desk would.

Of what `Document.insert` does beyond that, this is left out on purpose: open lists are not told of each row (an import
tells how far it is), nobody follows documents that came by thousands, and a new document has no files, tags or
versions yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

import frappe
from frappe import _
from frappe.model.naming import NamingSeries
from frappe.query_builder import DocType
from frappe.utils import cint, now_datetime

from dafater_crm.records.filled_fields import FilledFields
from dafater_crm.records.own_hooks import OwnHooks
from dafater_crm.records.raw_rows import insert_rows
from dafater_crm.records.search_entries import SearchEntries

DIGITS = 5  # what Frappe appends to a series that names no digits itself
HOOKS = (
	"before_insert",
	"before_validate",
	"validate",
	"before_save",
	"after_insert",
	"on_update",
	"on_change",
)

# Flags by which a batch tells its documents what it knows.
OF_A_BATCH = ("moment", "links_in_use", "worked_out")

# Handlers that Frappe and ERPNext hang on every DocType. Each asks for settings of the kinds below, or has nothing to
# do for a new document of ours; what they would find is asked once for all, see `automation_on`.
ASKED_ONCE = ("frappe.", "erpnext.", "dafater_crm.")
AUTOMATION = {
	"Assignment Rule": ("document_type", "disabled", 0),
	"Energy Point Rule": ("reference_doctype", "enabled", 1),
	"Milestone Tracker": ("document_type", "disabled", 0),
	"Notification": ("document_type", "enabled", 1),
	"Server Script": ("reference_doctype", "disabled", 0),
	"Webhook": ("webhook_doctype", "enabled", 1),
	"Workflow": ("document_type", "is_active", 1),
	"Document Naming Rule": ("document_type", "disabled", 0),
}


def automation_on(doctype: str) -> list[str]:
	"""What a site does by itself with new documents of `doctype`: names of records and dotted paths of hooks.

	At most one statement for each kind of automation that Frappe knows.
	"""
	found = []
	for kind, (field, switch, on) in AUTOMATION.items():
		if frappe.db.table_exists(kind, cached=True):
			found += frappe.get_all(kind, filters={field: doctype, switch: on}, pluck="name")
	hooks = frappe.get_doc_hooks()
	for source in (doctype, "*"):
		for event in HOOKS:
			handlers = hooks.get(source, {}).get(event, [])
			found += [path for path in handlers if not path.startswith(ASKED_ONCE)]
	return found


class NewDocuments:
	"""Makes validated new documents of one DocType and inserts them together.

	The session's user must be allowed to create the DocType; User Permissions are checked for every document.
	"""

	def __init__(self, doctype: str):
		frappe.has_permission(doctype, "create", throw=True)
		self.doctype = doctype
		self.template = frappe.new_doc(doctype).as_dict(no_nulls=True)
		self.one_by_one = automation_on(doctype)
		if frappe.get_meta(doctype).autoname != "naming_series:":
			self.one_by_one.append("naming")  # somebody customised how records are named
		self._empty = None
		self.restricted = bool(frappe.permissions.get_user_permissions(frappe.session.user))
		self._known_links: dict[tuple[str, str], str] = {}
		self._links = [df for df in frappe.get_meta(doctype).fields if df.fieldtype == "Link"]
		self.filled = FilledFields(doctype)
		self.hooks = OwnHooks(doctype, HOOKS)
		self.search = SearchEntries(doctype)
		self.moment = now_datetime()
		self._links_in_use: set[tuple[str, str]] = set()

	def know_links(self, rows: Iterable[dict]) -> None:
		"""Look up every record that `rows` link to: one statement for each linked DocType, none for what is known."""
		self.moment = now_datetime()  # of the batch that begins here
		self._links_in_use = set()
		wanted: dict[str, set[str]] = {}
		for df in self._links:
			for row in rows:
				value = row.get(df.fieldname)
				if value and (df.options, value) not in self._known_links:
					wanted.setdefault(df.options, set()).add(value)
		for doctype, names in wanted.items():
			found = {
				name.casefold(): name
				for name in frappe.get_all(doctype, {"name": ("in", list(names))}, pluck="name")
			}
			self._known_links.update({(doctype, name): found.get(name.casefold(), "") for name in names})

	def make(self, values: dict, **flags):
		"""A validated, unsaved document without a name. Raises frappe.ValidationError with the one message to show.

		`flags`: what the caller knows of it already, for the steps of its controller.
		"""
		doc = self._document(values)
		doc.flags.update(flags)
		if self.one_by_one:
			return doc
		doc.owner = doc.modified_by = frappe.session.user
		doc.creation = doc.modified = str(self.moment)
		doc.flags.moment, doc.flags.links_in_use = self.moment, self._links_in_use
		doc.before_insert()
		self.hooks.run(doc, "before_insert")
		self.check_links(doc)
		if self.restricted and not frappe.permissions.has_user_permission(doc, frappe.session.user):
			frappe.throw(
				_("You may not create a record with these values. Ask a manager to import it."),
				frappe.PermissionError,
			)
		doc.flags.in_insert = True
		self.hooks.run(doc, "before_validate")
		doc.validate()
		self.hooks.run(doc, "validate", "before_save")
		self.filled.check(doc)
		doc.flags.in_insert = False
		return doc

	def insert_all(self, docs: list) -> None:
		"""Name and store `docs`; nothing is committed. One statement, and what the controller's `after_bulk_insert` and our
		own hooks do.

		With automation on the DocType each document goes through `insert()` and its validation error is raised.
		"""
		if not docs:
			return
		if self.one_by_one:
			for doc in docs:
				doc.insert()
			return
		self._name(docs)
		self._write(docs)
		type(docs[0]).after_bulk_insert(docs)
		self._after_save(docs)

	def _after_save(self, docs: list) -> None:
		for doc in docs:
			self.hooks.run(doc, "after_insert")
			doc.flags.in_insert = True
			self.hooks.run(doc, "on_update", "on_change")
			doc.flags.in_insert = False
			# what counted for this batch does not for a later save
			doc.flags.update(dict.fromkeys(OF_A_BATCH))
		self.search.note(docs)

	def _document(self, values: dict):
		"""A new document with these values. Frappe sets 170 fields one by one; a copy of an empty document has them."""
		if self._empty is None:
			self._empty = frappe.get_doc({**self.template, "__islocal": 1})
		if self._empty.get_all_children():
			# rows that a table begins with belong to one document each
			return frappe.get_doc({**self.template, "__islocal": 1, **values})
		doc = copy(self._empty)
		doc.flags, doc.dont_update_if_missing, doc.meta = frappe._dict(), [], self._empty.meta
		doc.update({**dict.fromkeys(doc._table_fieldnames), **values})
		return doc

	def check_links(self, doc) -> None:
		"""Refuse a link to what `know_links` did not find, and spell the others as their record is. No statement."""
		for df in self._links:
			value = doc.get(df.fieldname)
			found = self._known_links.get((df.options, value), value)
			if found and found != value:
				doc.set(df.fieldname, found)
			if value and not found:
				try:
					frappe.throw(
						_(
							"{0}: there is no {1} called {2}. Correct the value or create the record first."
						).format(_(df.label), _(df.options), frappe.utils.escape_html(value)),
						frappe.LinkValidationError,
					)
				except frappe.LinkValidationError as error:
					error.fieldname = df.fieldname  # so that a caller can leave just this value out
					raise

	def _name(self, docs: list) -> None:
		"""The next names of the series. The counter is moved once, so that a batch does not queue up for it row by row."""
		by_series: dict[str, list] = {}
		for doc in docs:
			by_series.setdefault(doc.naming_series, []).append(doc)
		for series, members in by_series.items():
			prefix = NamingSeries(f"{series}.{'#' * DIGITS}").get_prefix()
			last = _reserve(prefix, len(members))
			for number, doc in enumerate(members, start=last - len(members) + 1):
				doc.name = f"{prefix}{number:0{DIGITS}d}"

	def _write(self, docs: list) -> None:
		insert_rows(self.doctype, [self.filled.row(doc) for doc in docs])


def _reserve(prefix: str, count: int) -> int:
	"""Move the counter of a series by `count` and return its new value."""
	series = DocType("Series")
	found = frappe.qb.from_(series).select(series.current).where(series.name == prefix).for_update().run()
	if not found:
		frappe.qb.into(series).columns(series.name, series.current).insert(prefix, count).run()
		return count
	new = cint(found[0][0]) + count
	frappe.qb.update(series).set(series.current, new).where(series.name == prefix).run()
	return new
