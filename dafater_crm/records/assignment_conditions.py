"""Conditions of an assignment rule: rows that a person typed, checked against the DocType and made typed.

A value is kept as the site stores it: a translated choice becomes its English original, a date its ISO form. When a
rule is used, the node of a tree (territory, product group) stands for the node and all below it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.domain import conditions
from dafater_crm.domain.conditions import CHECK, CHOICE, DATE, NUMBER, TEXT, Condition
from dafater_crm.records.rules import explained

LEAD = "Dafater Lead"
KINDS = {
	"Check": CHECK,
	"Currency": NUMBER,
	"Data": TEXT,
	"Date": DATE,
	"Datetime": DATE,
	"Float": NUMBER,
	"Int": NUMBER,
	"Link": CHOICE,
	"Percent": NUMBER,
	"Select": CHOICE,
	"Small Text": TEXT,
	"Text": TEXT,
}
_TREE_OPERATORS = {conditions.EQUALS: conditions.ONE_OF, conditions.DIFFERS: conditions.NONE_OF}


@dataclass(frozen=True)
class Compiled:
	"""`problem` is a translated sentence where the rule cannot be used, and the conditions are then empty."""

	conditions: tuple[Condition, ...] = ()
	problem: str | None = None


def check(rows: list) -> None:
	"""Refuse rows that name no field, have no usable value or exclude each other; rewrite values as stored."""
	built = []
	for row in rows:
		df = _field(row.field)
		if not df:
			frappe.throw(
				_(
					"Row {0}: leads have no field {1} that a rule can look at. Choose a field from the list."
				).format(row.idx, frappe.bold(escape_html(row.field or ""))),
				title=_("Conditions"),
			)
		with explained(_("Conditions")):
			condition = conditions.built(
				df.fieldname, _(df.label), KINDS[df.fieldtype], row.operator, _texts(df, row.value)
			)
		_refuse_unknown(df, condition, row.idx)
		row.value = "\n".join(conditions.stored_form(value) for value in condition.values)
		built.append(with_descendants(df, condition))
	with explained(_("Conditions")):
		labels = {condition.field: _(_field(condition.field).label) for condition in built}
		conditions.refuse_impossible(built, labels)


def compiled(rows: list) -> Compiled:
	"""Return the conditions of stored rows; a field that is gone or changed its type makes the rule unusable."""
	built = []
	for row in rows:
		df = _field(row.field)
		try:
			if not df:
				raise ValueError(row.field)
			condition = conditions.built(
				df.fieldname, df.label, KINDS[df.fieldtype], row.operator, (row.value or "").splitlines()
			)
		except (ValueError, KeyError):
			return Compiled(
				problem=_(
					"The condition on {0} can no longer be checked, so the rule is skipped. "
					"Remove the condition or choose another field."
				).format(row.field)
			)
		built.append(with_descendants(df, condition))
	return Compiled(tuple(built))


def with_descendants(df, condition: Condition) -> Condition:
	"""A tree's node means the node and all below it; other conditions stay as they are."""
	if df.fieldtype != "Link" or not condition.values or not frappe.get_meta(df.options).is_nested_set():
		return condition
	values = dict.fromkeys(condition.values)
	for node in condition.values:
		values |= dict.fromkeys(family(df.options, node))
	operator = _TREE_OPERATORS.get(condition.operator, condition.operator)
	return replace(condition, operator=operator, values=tuple(values))


def family(doctype: str, node: str) -> list[str]:
	"""A node of a tree and everything below it, whoever asks; a node that is gone stands for itself alone."""
	below, top = frappe.qb.DocType(doctype), frappe.qb.DocType(doctype).as_("top")
	names = (
		frappe.qb.from_(below)
		.join(top)
		.on((below.lft >= top.lft) & (below.rgt <= top.rgt))
		.select(below.name)
		.where(top.name == node)
		.run(pluck=True)
	)
	return names or [node]


def _field(fieldname: str | None):
	df = frappe.get_meta(LEAD).get_field(fieldname) if fieldname else None
	return df if df and df.fieldtype in KINDS else None


def _texts(df, value: str | None) -> list[str]:
	"""One text a line; a choice that was typed in the user's language becomes the stored one."""
	texts = [line.strip() for line in (value or "").splitlines() if line.strip()]
	if df.fieldtype != "Select":
		return texts
	shown = {_(option): option for option in (df.options or "").split("\n") if option}
	return [shown.get(text, text) for text in texts]


def _refuse_unknown(df, condition: Condition, idx: int) -> None:
	for value in condition.values:
		if df.fieldtype == "Select":
			known = value in (df.options or "").split("\n")
		elif df.fieldtype == "Link":
			known = frappe.db.exists(df.options, value)
		else:
			return
		if not known:
			frappe.throw(
				_(
					"Row {0}: {1} has no value {2}, so the rule could never match. Choose one that exists."
				).format(idx, frappe.bold(_(df.label)), frappe.bold(escape_html(value))),
				title=_("Conditions"),
			)
