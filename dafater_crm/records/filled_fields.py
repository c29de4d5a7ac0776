"""Frappe's own checks of a document's values, over the fields that hold one, and each value that many documents share once.

Frappe walks over all fields nine times a document. A lead has 170 of them and a row of a file fills 20, and the checks have
nothing to say of an empty field that is not mandatory. Half of those 20 say the same in most rows: status, company, source, a
city. What Frappe checks of a new document it checks value by value, so a value that has passed as it is needs no second look.
"""

from __future__ import annotations

from copy import copy

import frappe

# Fields whose checks do nothing but look at the value: none that keeps files, passwords or rows elsewhere.
REPEATING = frozenset(
	(
		*(
			"Check",
			"Currency",
			"Data",
			"Date",
			"Datetime",
			"Duration",
			"Dynamic Link",
			"Float",
			"Int",
			"Link",
		),
		*("Percent", "Read Only", "Select", "Small Text", "Text", "Time"),
	)
)
# A field that has held so many values says something else in most documents, as a name does.
MOST_VALUES = 200
MOST_METAS = 300


class FilledFields:
	"""Narrow metas of one DocType: mandatory fields, choices and whatever any document that was checked so far has set. They
	grow to what a run uses within a few documents. One for a run, since what passes may depend on the user."""

	def __init__(self, doctype: str):
		self._whole = frappe.get_meta(doctype)
		self._empty = [df.fieldname for df in self._whole.fields]
		self._metas: dict[tuple[str, ...], object] = {}
		# field -> values that have passed; field -> value -> how it is stored
		self._passed: dict[str, set] = {}
		self._stored: dict[str, dict] = {}
		self._each_time: list[str] = []
		self._add([df.fieldname for df in self._whole.fields if df.reqd or df.fieldtype == "Select"])

	def check(self, doc) -> None:
		"""Run Frappe's checks of mandatory fields, choices, lengths and formats. Raises frappe.ValidationError."""
		held = doc.__dict__
		self._notice(held)
		# a stored document is also compared with what it was
		names = _unknown(self._passed, held) if doc.is_new() else list(self._passed)
		before = [(name, held.get(name)) for name in names]
		self._with_meta(doc, names, doc._validate)
		for name, value in before:
			after = held.get(name)
			if after == value and type(after) is type(value):
				self._passed[name].add(value)
				self._bound(name)

	def row(self, doc) -> dict:
		"""The columns that any document of this run has filled, as they are stored; the others get the table's default."""
		held = doc.__dict__
		self._notice(held)
		names = _unknown(self._stored, held)
		row = self._with_meta(doc, names, doc.get_valid_dict, convert_dates_to_str=True, ignore_nulls=True)
		for name, stored in self._stored.items():
			if name in names:
				stored[held.get(name)] = row.get(name)
			elif (value := stored[held.get(name)]) is not None:
				row[name] = value
		return row

	def _notice(self, held: dict) -> None:
		new = [
			name
			for name in self._empty
			if (value := held.get(name)) is not None and value != 0 and value != []
		]
		if new:
			self._add(new)

	def _add(self, names: list[str]) -> None:
		for name in names:
			df = self._whole.get_field(name)
			if df.fieldtype in REPEATING and not df.get("is_virtual"):
				self._passed[name], self._stored[name] = set(), {}
			else:
				self._each_time.append(name)
		self._empty = [name for name in self._empty if name not in names]

	def _bound(self, name: str) -> None:
		if max(len(self._passed[name]), len(self._stored[name])) > MOST_VALUES:
			del self._passed[name], self._stored[name]
			self._each_time.append(name)
			self._metas = {}

	def _with_meta(self, doc, names: list[str], call, **values):
		doc.meta = self._meta((*names, *self._each_time))
		try:
			return call(**values)
		finally:
			doc.meta = self._whole

	def _meta(self, names: tuple[str, ...]):
		if names not in self._metas:
			if len(self._metas) >= MOST_METAS:
				self._metas = {}
			self._metas[names] = _narrowed(self._whole, frozenset(names))
		return self._metas[names]


def _unknown(known: dict, held: dict) -> list[str]:
	"""Fields whose value is not among the known ones. All of them for a list where a value belongs: Frappe says so."""
	try:
		return [name for name, values in known.items() if held.get(name) not in values]
	except TypeError:
		return list(known)


def _narrowed(meta, names: frozenset[str]):
	narrow = copy(meta)
	narrow.fields = [df for df in meta.fields if df.fieldname in names]
	columns = {*meta.default_fields, *names}
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
