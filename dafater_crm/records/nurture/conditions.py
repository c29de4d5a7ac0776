"""Conditions on fields, typed and checked: rows of field, operator and value become a query criterion, never code.

What a row names may go after it was saved: a field is removed, a territory renamed. Only saving a sequence refuses such a row; a job notes
it on the sequence (`watch`), and whoever merely saves a lead is not bothered.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, cint, escape_html, flt, get_datetime, getdate, now_datetime
from pypika.terms import Criterion

from dafater_crm.domain import conditions as rules
from dafater_crm.records.rules import explained

TEXTS = frozenset({"Data", "Small Text", "Text", "Select", "Link", "Phone"})
NUMBERS = frozenset({"Int", "Float", "Currency", "Percent", "Check"})
DAYS = frozenset({"Date", "Datetime"})
FIELD_TYPES = TEXTS | NUMBERS | DAYS

PRESENCE = ("is set", "is not set")
AGES = ("more than days ago", "within the last days")
EQUALITY = ("is", "is not", "is one of")
ORDER = ("greater than", "less than")
# what a kind of field can be asked
OPERATORS = {
	**dict.fromkeys(TEXTS, (*EQUALITY, "contains", *PRESENCE)),
	**dict.fromkeys(NUMBERS, (*EQUALITY, *ORDER)),
	**dict.fromkeys(DAYS, ("is", *ORDER, *AGES, *PRESENCE)),
	"Check": ("is",),
}
MOST_VALUES = 50
KINDS = {
	**dict.fromkeys(TEXTS, rules.TEXT),
	**dict.fromkeys(NUMBERS, rules.NUMBER),
	**dict.fromkeys(DAYS, rules.DATE),
	"Select": rules.CHOICE,
	"Check": rules.CHECK,
}
# how the domain calls an operator; an age is a limit in time
MEANINGS = {
	"is": rules.EQUALS,
	"is not": rules.DIFFERS,
	"is one of": rules.ONE_OF,
	"contains": rules.CONTAINS,
	"is set": rules.SET,
	"is not set": rules.NOT_SET,
	"greater than": rules.MORE,
	"less than": rules.LESS,
	AGES[0]: rules.LESS,
	AGES[1]: rules.AT_LEAST,
}


class CannotBeAsked(frappe.ValidationError):
	"""A row names what is not there (any more); the text says which row and what."""


def fields_of(doctype: str) -> list[dict]:
	"""Fields that a condition may name: {value, label, fieldtype, options}, in the order of the form."""
	return [
		{"value": df.fieldname, "label": _(df.label), "fieldtype": df.fieldtype, "options": df.options}
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in FIELD_TYPES and df.label and not df.is_virtual and not df.permlevel
	]


def check_rows(doctype: str, rows) -> None:
	"""Raise one clear `frappe.ValidationError` for the first row that cannot be asked of `doctype`."""
	problem = problem_of(doctype, rows)
	if problem:
		frappe.throw(problem, title=_("Please Correct"))


def problem_of(doctype: str, rows) -> str | None:
	"""Why the first of these rows that cannot be asked cannot be, in the reader's language; None where all can."""
	for row in rows:
		try:
			_values(doctype, row)
		except CannotBeAsked as error:
			return str(error)
	return None


def refuse_contradictions(doctype: str, rows) -> None:
	"""Raise one clear `frappe.ValidationError` when no record can ever meet all of these rows, which have been checked."""
	built = []
	for row in rows:
		df, values = _df(doctype, row), _values(doctype, row)
		if df.fieldtype == "Datetime" and row.operator == "is":
			continue  # means a whole day, which the domain's moment does not
		if row.operator in AGES:
			values = [add_days(now_datetime(), -values[0])]
		built.append(
			rules.Condition(df.fieldname, KINDS[df.fieldtype], MEANINGS[row.operator], tuple(values))
		)
	with explained(_("Conditions")):
		labels = {one.field: _(frappe.get_meta(doctype).get_label(one.field)) for one in built}
		rules.refuse_impossible(built, labels)


def matches_all(doctype: str, rows) -> Criterion | None:
	"""The rows joined by AND, on the unaliased table; None for no rows. Raises as `check_rows`: without one of them it would match more."""
	check_rows(doctype, rows)
	joined = None
	for row in rows:
		term = _criterion(doctype, row)
		joined = term if joined is None else joined & term
	return joined


def matches_any(doctype: str, rows) -> Criterion | None:
	"""The rows joined by OR; None for no rows. One that can no longer be asked matches nothing, the others still count."""
	joined = None
	for row in rows:
		try:
			term = _criterion(doctype, row)
		except CannotBeAsked:
			continue
		joined = term if joined is None else joined | term
	return joined


def _criterion(doctype: str, row) -> Criterion:
	field = frappe.qb.DocType(doctype)[row.field]
	values = _values(doctype, row)
	operator = row.operator
	if operator in PRESENCE:
		empty = field.isnull()
		if _df(doctype, row).fieldtype in TEXTS:
			empty = empty | (field == "")
		return empty.negate() if operator == "is set" else empty
	if operator in AGES:
		limit = add_days(now_datetime(), -values[0])
		return (field < limit) if operator == AGES[0] else (field >= limit)
	if operator == "contains":
		return field.like(f"%{values[0].translate(_ESCAPES)}%")
	if operator == "is one of":
		return field.isin(values)
	if operator == "is not":
		return (field != values[0]) | field.isnull()
	if operator == "is" and _df(doctype, row).fieldtype == "Datetime":
		return (field >= values[0]) & (field < add_days(values[0], 1))
	return {"is": field == values[0], "greater than": field > values[0], "less than": field < values[0]}[
		operator
	]


_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def _df(doctype: str, row):
	df = frappe.get_meta(doctype).get_field(row.field or "")
	if not df or df.fieldtype not in FIELD_TYPES or df.is_virtual or df.permlevel:
		_refuse(
			row,
			_("{0} has no field {1} for a condition.").format(
				_(doctype), frappe.bold(escape_html(row.field))
			),
		)
	return df


def _values(doctype: str, row) -> list:
	"""The row's value as typed Python values; one for every operator but "is one of"."""
	df = _df(doctype, row)
	if row.operator not in OPERATORS[df.fieldtype]:
		_refuse(
			row,
			_("The field {0} cannot be asked with {1}. Use one of these: {2}.").format(
				frappe.bold(_(df.label)),
				frappe.bold(_(row.operator)),
				", ".join(_(operator) for operator in OPERATORS[df.fieldtype]),
			),
		)
	if row.operator in PRESENCE:
		return []
	given = (row.value or "").strip()
	texts = (
		[text.strip() for text in given.replace("،", ",").split(",")]
		if row.operator == "is one of"
		else [given]
	)
	texts = [text for text in texts if text]
	if not texts:
		_refuse(row, _("Enter a value for the field {0}.").format(frappe.bold(_(df.label))))
	if len(texts) > MOST_VALUES:
		_refuse(row, _("A condition names at most {0} values.").format(MOST_VALUES))
	if row.operator in AGES:
		return [_whole_days(row, df, texts[0])]
	return [_typed(row, df, text) for text in texts]


def _whole_days(row, df, text: str) -> int:
	if not text.isdecimal() or not 0 < int(text) <= 3650:
		_refuse(
			row,
			_("Enter a number of days from 1 to 3650 for the field {0}.").format(frappe.bold(_(df.label))),
		)
	return int(text)


def _typed(row, df, text: str):
	label = frappe.bold(_(df.label))
	if df.fieldtype == "Select":
		options = [option for option in (df.options or "").split("\n") if option]
		# a person may write the word that the form shows
		found = next((option for option in options if text in (option, _(option))), None)
		if found is None:
			shown = ", ".join(_(option) for option in options)
			_refuse(
				row,
				_("{0} is not a choice of {1}. Use one of these: {2}.").format(
					escape_html(text), label, shown
				),
			)
		return found
	if df.fieldtype == "Link":
		if not frappe.db.table_exists(df.options) or not frappe.db.exists(df.options, text):
			_refuse(row, _("{0} {1} does not exist.").format(_(df.options), frappe.bold(escape_html(text))))
		return text
	if df.fieldtype in DAYS:
		try:
			return getdate(text) if df.fieldtype == "Date" else get_datetime(text)
		except Exception:
			_refuse(row, _("{0} is not a date. Write it like 2026-01-31.").format(escape_html(text)))
	if df.fieldtype in NUMBERS:
		return _number(row, df, text)
	return text


def _number(row, df, text: str) -> float:
	try:
		number = float(text.replace(",", ""))
	except ValueError:
		number = None
	if number is None or number - number != 0:  # neither text, nor NaN, nor infinity
		_refuse(row, _("{0} is not a number.").format(escape_html(text)))
	if df.fieldtype == "Check" and number not in (0, 1):
		_refuse(row, _("Enter 1 for yes or 0 for no for the field {0}.").format(frappe.bold(_(df.label))))
	return cint(number) if df.fieldtype in ("Int", "Check") else flt(number)


def _refuse(row, message: str) -> None:
	if row.get("idx"):
		message = _("Condition {0}: {1}").format(row.idx, message)
	raise CannotBeAsked(message)
