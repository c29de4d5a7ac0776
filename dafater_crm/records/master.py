"""Masters whose name is what people read: sources, segments, stages, campaigns and their like."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.domain import amounts, text
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained


class Master(Record):
	"""A record named by one of its fields. The name is one clean line, however it arrives."""

	NAME_FIELD = "title"

	def before_insert(self) -> None:
		# Frappe copies the field into the name right after this, before validate
		self.clean_name()

	def before_rename(self, old: str, new: str, merge: bool = False) -> str:
		"""Give Frappe the cleaned new name; raise one clear message for markup and formulas."""
		with explained(self.label_of(self.NAME_FIELD)):
			return text.plain(new)

	def validate(self) -> None:
		self.keep_name()

	def clean_name(self) -> None:
		with explained(self.label_of(self.NAME_FIELD)):
			self.set(self.NAME_FIELD, text.plain(self.get(self.NAME_FIELD)))

	def keep_name(self) -> None:
		"""The field and the document's name stay equal; other records link to the name."""
		if not self.is_new() and self.get(self.NAME_FIELD) != self.name:
			self.throw(
				_(
					"To change the name of {0}, open its menu and choose Rename, so that records which use it follow."
				).format(frappe.bold(frappe.utils.escape_html(self.name)))
			)

	def check_amounts(self, *fields: str) -> None:
		"""Refuse negative, infinite and non-numeric amounts; a blank becomes 0."""
		for field in fields:
			with explained(self.label_of(field)):
				self.set(field, amounts.finite_amount(self.get(field), self.label_of(field)))

	def label_of(self, field: str) -> str:
		return _(self.meta.get_label(field))
