"""Known documents that many rows of a file fill up: loaded in one statement, validated by their controller, written sparsely.

`Document.save` costs twenty statements. Here a document costs one, and what its own controller and our hooks ask for in `on_update`.
The versions that Frappe's timeline shows are written together, and so are the entries of the desk's search. Where a site has
automation of its own on the DocType, documents are saved one after the other as the desk would (`bulk.automation_on`).

Open forms are not told: whoever saves one afterwards gets Frappe's message that the document was changed meanwhile.
"""

from __future__ import annotations

import frappe
from frappe.core.doctype.version.version import get_diff
from frappe.utils import now

from dafater_crm.records.bulk import NewDocuments
from dafater_crm.records.raw_rows import append_rows


class KnownDocuments:
	"""Documents of one DocType that are changed in one transaction; `new` checks links and values as for new ones."""

	def __init__(self, new: NewDocuments):
		self.doctype, self.new = new.doctype, new
		self.one_by_one = bool(new.one_by_one)
		self._stored: dict[str, dict] = {}
		self._versions: list[dict] = []
		self._changed: dict[str, object] = {}

	def load(self, names: list[str]) -> dict:
		"""name -> document, locked until the end of the transaction. One statement."""
		if not names:
			return {}
		table = frappe.qb.DocType(self.doctype)
		rows = (
			frappe.qb.from_(table)
			.select("*")
			.where(table.name.isin(sorted(set(names))))
			.for_update()
			.run(as_dict=True)
		)
		self._stored = {row.name: row for row in rows}
		return {row.name: self._document(row) for row in rows}

	def change(self, doc, values: dict) -> None:
		"""Set `values`, validate, write what changed. Raises frappe.ValidationError; then nothing of it is stored.

		The caller has checked that the user may write the document.
		"""
		if self.one_by_one:
			doc = frappe.get_doc(self.doctype, doc.name)
			doc.update(values)
			doc.save()
			return
		before, hooks = self._document(self._stored[doc.name]), self.new.hooks
		doc._doc_before_save = before
		try:
			doc.update(values)
			doc.modified, doc.modified_by = now(), frappe.session.user
			self.new.know_links([values])
			self.new.check_links(doc)
			hooks.run(doc, "before_validate")
			doc.validate()
			hooks.run(doc, "validate", "before_save")
			self.new.filled.check(doc)
			self._write(doc)
			doc.on_update()
			hooks.run(doc, "on_update", "on_change")
		except frappe.ValidationError:
			doc.update(self._stored[doc.name])
			raise
		self._note_version(before, doc)
		self._changed[doc.name] = doc
		self._stored[doc.name] = frappe._dict(doc.get_valid_dict())
		frappe.clear_document_cache(self.doctype, doc.name)

	def finish(self) -> None:
		"""What was changed, for the timeline and the desk's search; one statement for all."""
		append_rows("Version", self._versions)
		self.new.search.note(self._changed.values())
		self._versions, self._changed = [], {}

	def _document(self, row: dict):
		doc = frappe.get_doc({"doctype": self.doctype, **row})
		doc.flags.dafater_compared = True  # the row that fills it has just been looked for
		return doc

	def _write(self, doc) -> None:
		stored = self._stored[doc.name]
		values = doc.get_valid_dict(convert_dates_to_str=True)
		changed = {
			field: value
			for field, value in values.items()
			if field in stored and str(value or "") != str(stored[field] or "")
		}
		table = frappe.qb.DocType(self.doctype)
		query = frappe.qb.update(table).where(table.name == doc.name)
		for field, value in changed.items():
			query = query.set(table[field], value)
		query.run()

	def _note_version(self, before, doc) -> None:
		difference = get_diff(before, doc) if doc.meta.track_changes else None
		if not difference:
			return
		self._versions.append(
			{
				"creation": doc.modified,
				"ref_doctype": self.doctype,
				"docname": doc.name,
				"data": frappe.as_json(difference, indent=None, separators=(",", ":")),
			}
		)
