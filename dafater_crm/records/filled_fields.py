"""Frappe's own checks of a document's values, over the fields that hold one.

Frappe walks over all fields nine times a document. A lead has 170 of them and a row of a file fills 20, and the checks have
nothing to say of an empty field that is not mandatory.
"""

from __future__ import annotations

from copy import copy

import frappe

EMPTY = (None, 0, [])


class FilledFields:
	"""A narrow meta of one DocType: mandatory fields, choices (an empty one is stored as "") and whatever any document that
	was checked so far has set. It grows to what a run uses within a few documents."""

	def __init__(self, doctype: str):
		self._whole = frappe.get_meta(doctype)
		self._narrow = None
		self._filled: set[str] = set()

	def check(self, doc) -> None:
		"""Run Frappe's checks of mandatory fields, choices, lengths and formats. Raises frappe.ValidationError."""
		doc.meta = self._meta_for(doc)
		try:
			doc._validate()
		finally:
			doc.meta = self._whole

	def row(self, doc) -> dict:
		"""The columns that any document of this run has filled, as they are stored; the others get the table's default."""
		doc.meta = self._meta_for(doc)
		try:
			return doc.get_valid_dict(convert_dates_to_str=True, ignore_nulls=True)
		finally:
			doc.meta = self._whole

	def _meta_for(self, doc):
		held = doc.__dict__
		new = {name for name in held if name not in self._filled and held[name] not in EMPTY}
		if new or self._narrow is None:
			self._filled |= new
			self._narrow = _narrowed(self._whole, self._filled)
		return self._narrow


def _narrowed(meta, names: set[str]):
	narrow = copy(meta)
	narrow.fields = [df for df in meta.fields if df.reqd or df.fieldtype == "Select" or df.fieldname in names]
	columns = {*meta.default_fields, *(df.fieldname for df in narrow.fields)}
	narrow._valid_columns = [column for column in meta.get_valid_columns() if column in columns]
	answers: dict[str, list] = {}

	def get(key, filters=None, limit=None, default=None):
		"""Which fields are choices, codes, passwords …: asked for every document, answered once."""
		if key != "fields" or not isinstance(filters, dict):
			return type(meta).get(narrow, key, filters, limit, default)
		asked = f"{filters} {limit}"
		if asked not in answers:
			answers[asked] = type(meta).get(narrow, key, filters, limit, default)
		return answers[asked]

	narrow.__dict__["get"] = get
	return narrow
