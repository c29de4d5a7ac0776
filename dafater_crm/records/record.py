"""What every record of ours has in common: clear link errors, no links to disabled masters."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

# what Frappe, the inbox and calls note on a record, past its form
CONTACT_STAMPS = ("first_responded_on", "first_response_time", "last_contact_on")
# flag field on a linked DocType -> the value that means "must not be chosen any more"
RETIRED_WHEN = {"disabled": 1, "enabled": 0}


class Record(Document):
	"""Base of our record controllers. Lifecycle methods of subclasses are lists of named steps."""

	def _validate_links(self) -> None:
		"""Frappe's check, with a message that says what to do when a linked document is gone."""
		before = self._link_values()
		try:
			super()._validate_links()
		except frappe.LinkValidationError:
			# Frappe empties a field whose document it cannot find
			after = self._link_values()
			missing = [
				f"{label}: {value}" for key, (label, value) in before.items() if after.get(key) is None
			]
			if not missing:
				raise
			frappe.clear_last_message()
			frappe.throw(
				_(
					"These linked records no longer exist: {0}. Choose another one or clear the field, then save again."
				).format(", ".join(missing)),
				frappe.LinkValidationError,
				title=_("Linked Record Is Gone"),
			)

	def _link_values(self) -> dict[tuple, tuple[str, str]]:
		"""(row, field) -> (translated label, value) of every filled link of the document and its rows."""
		return {
			(id(row), df.fieldname): (_(df.label), row.get(df.fieldname))
			for row in [self, *self.get_all_children()]
			for df in row.meta.fields
			if df.fieldtype in ("Link", "Dynamic Link") and row.get(df.fieldname)
		}

	def moment(self) -> datetime:
		"""Now, in the site's time zone; one moment for documents that are written together."""
		return self.flags.moment or now_datetime()

	def keep_stored(self, *fields: str) -> None:
		"""Fields that are written past the form and leave `modified` alone: the save of a form that was opened before keeps them."""
		before = self.get_doc_before_save()
		for field in fields if before else ():
			self.set(field, before.get(field))

	def throw(self, message: str, title: str | None = None, exc: type[Exception] | None = None) -> None:
		"""Refuse the save with one message; nothing of this transaction stays."""
		frappe.throw(message, exc or frappe.ValidationError, title=title or _("Please Correct"))

	def refuse_retired_links(self, skip: tuple[str, ...] = ()) -> None:
		"""Throw when a Link that was set or changed in this save points to a disabled master or user."""
		before = self.get_doc_before_save()
		# documents that are written together share what the others of their batch found in use
		in_use = self.flags.links_in_use if self.flags.links_in_use is not None else set()
		for df in _link_fields(self.meta):
			value = self.get(df.fieldname)
			if not value or df.fieldname in skip or (before and before.get(df.fieldname) == value):
				continue
			if (df.options, value) in in_use:
				continue
			if is_retired(df.options, value):
				frappe.throw(
					_("{0} {1} is disabled. Choose another one, or ask a manager to enable it.").format(
						_(df.label), frappe.bold(value)
					),
					title=_("Disabled Record"),
				)
			in_use.add((df.options, value))


_LINKS: WeakKeyDictionary = WeakKeyDictionary()


def _link_fields(meta) -> list:
	"""The Link fields of a meta, looked up once for each meta that Frappe builds: a lead has 170 fields."""
	if meta not in _LINKS:
		_LINKS[meta] = [df for df in meta.fields if df.fieldtype == "Link"]
	return _LINKS[meta]


def is_retired(doctype: str, name: str) -> bool:
	"""True when `name` carries Frappe's or ERPNext's flag for "do not use any more". Reads the document cache."""
	meta = frappe.get_meta(doctype)
	for field, retired in RETIRED_WHEN.items():
		if meta.has_field(field):
			return (frappe.get_cached_value(doctype, name, field) or 0) == retired
	return False
