"""The rules by which leads are scored: read once, kept in Redis, checked against the fields that leads have.

A rule that cannot be used any more, because its field is gone or was changed, is skipped and shown as broken; scoring
never fails for it. Rules are data and are compared, never evaluated as code.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint

from dafater_crm.domain import score_conditions as conditions
from dafater_crm.domain import scoring
from dafater_crm.domain.errors import RuleError

RULE, LEAD = "Dafater Score Rule", "Dafater Lead"
FIELD_KIND, EVENT_KIND = "Lead Field", "Behaviour"
CACHE_KEY = "dafater_score_rules"
FIELD_GONE, VALUE_GONE, UNREADABLE = "Field Is Gone", "Value Does Not Exist", "Cannot Be Read"
MOST_NAMES = 2000

# computed from the rules themselves, or hidden copies of other fields
NOT_SCORABLE = frozenset(
	{
		*("score", "fit_score", "engagement_score", "grade", "score_reasons", "scored_on"),
		*("learnt_score", "learnt_reasons", "name_key", "latin_key", "organisation_key"),
		*("base_status", "fact_status", "naming_series", "image", "title"),
	}
)
KIND_OF_TYPE = {
	**dict.fromkeys(("Data", "Small Text", "Text", "Long Text"), conditions.TEXT),
	**dict.fromkeys(("Int", "Float", "Currency", "Percent", "Duration", "Rating"), conditions.NUMBER),
	**dict.fromkeys(("Date", "Datetime"), conditions.DATE),
	"Check": conditions.CHECK,
	"Link": conditions.LINK,
	"Select": conditions.CHOICE,
}
# fields that hold ranges of numbers -> the field with the number itself, where somebody knows it
EXACT = {"no_of_employees": "employee_count"}
STORED = (
	*("name", "kind", "rule_group", "points", "lead_field", "operator", "value", "value_to", "event_type"),
	*("subject_contains", "distinct_subjects", "at_least", "within_days", "each_event", "points_limit"),
	*("decay", "decay_days"),
)


@dataclass(frozen=True)
class Rules:
	"""The enabled rules that can be used."""

	fields: tuple[scoring.FieldRule, ...] = ()
	events: tuple[scoring.EventRule, ...] = ()

	@property
	def event_names(self) -> frozenset[str]:
		return frozenset(rule.name for rule in self.events)


def active() -> Rules:
	"""The enabled rules, from Redis; one statement when a rule has just been changed. Read once for all leads of a request."""
	rows, meta = _rows(), frappe.get_meta(LEAD)
	kept = getattr(frappe.local, "dafater_active_rules", None)
	if not kept or kept[0] is not rows or kept[1] is not meta:
		kept = (rows, meta, _usable(rows))
		frappe.local.dafater_active_rules = kept
	return kept[2]


def _usable(rows: list[dict]) -> Rules:
	field_rules, event_rules = [], []
	for row in rows:
		try:
			rule = read(row)
		except RuleError:
			continue  # shown as broken by the daily check
		if isinstance(rule, scoring.FieldRule):
			field_rules.append(rule)
		elif rule:
			event_rules.append(rule)
	return Rules(tuple(field_rules), tuple(event_rules))


def read(row) -> scoring.FieldRule | scoring.EventRule | None:
	"""A stored rule as the domain knows it; None when its field is gone. Raises RuleError when it cannot be used."""
	if row.get("kind") == EVENT_KIND:
		return event_rule(row)
	kind = kind_of(row.get("lead_field"))
	if kind is None:
		return None
	return scoring.FieldRule(
		row.get("name") or "",
		row.get("rule_group") or scoring.FIT,
		row.get("points") or 0,
		row["lead_field"],
		read_condition(row, kind),
		exact_field(row, kind),
	)


def read_for_preview(row) -> scoring.FieldRule | scoring.EventRule | None:
	"""A rule as it stands in a form. None without a field. Raises RuleError when it cannot be used."""
	row = frappe._dict({field: row.get(field) for field in STORED})
	for field in (
		"points",
		"at_least",
		"within_days",
		"points_limit",
		"decay_days",
		"distinct_subjects",
		"each_event",
	):
		row[field] = cint(row[field])
	row.points = row.points or 1
	_know_masters(row)
	return read(row)


def read_condition(row, kind: str) -> conditions.Condition:
	"""The condition of a rule about a field. Raises RuleError."""
	# an exact number may be anything
	options = None if exact_field(row, kind) else _options(row, kind)
	return conditions.condition(kind, row.get("operator") or "", row_values(row), options)


def exact_field(row, kind: str) -> str:
	"""The field that a rule which compares the size of a range looks at first; "" for any other rule."""
	if kind != conditions.RANGE or row.get("operator") not in conditions.ORDER:
		return ""
	return EXACT.get(row.get("lead_field"), "")


def row_values(row) -> list[str]:
	"""What the rule compares with, as typed. A rule read from Redis also knows its masters' Arabic names."""
	if row.get("operator") == conditions.BETWEEN:
		return [row.get("value") or "", row.get("value_to") or ""]
	return lines(row.get("value"))


def event_rule(row) -> scoring.EventRule:
	"""A stored rule about behaviour. Raises RuleError when it contradicts itself."""
	rule = scoring.EventRule(
		name=row.get("name") or "",
		points=row.get("points") or 0,
		event_type=row.get("event_type") or "",
		contains=tuple(filter(None, map(scoring.folded, lines(row.get("subject_contains"))))),
		at_least=row.get("at_least") or 1,
		distinct=bool(row.get("distinct_subjects")),
		within=row.get("within_days") or 0,
		each=bool(row.get("each_event")),
		limit=row.get("points_limit") or 0,
		decay=row.get("decay") or scoring.NO_DECAY,
		decay_days=row.get("decay_days") or 0,
	)
	scoring.check_event_rule(rule)
	return rule


def lines(text: str | None) -> list[str]:
	"""The filled lines of a text."""
	return [line.strip() for line in (text or "").splitlines() if line.strip()]


def kind_of(fieldname: str | None) -> str | None:
	"""The kind of value that a field of leads holds; None when there is no such field or it cannot be scored."""
	field = frappe.get_meta(LEAD).get_field(fieldname) if fieldname else None
	if field is None or fieldname in NOT_SCORABLE or field.permlevel:
		return None
	kind = KIND_OF_TYPE.get(field.fieldtype)
	if kind == conditions.CHOICE and conditions.is_range(_choices(field)):
		return conditions.RANGE
	return kind


def scorable_fields() -> list[dict]:
	"""[{"value", "label", "kind", "options"}] of the fields that a rule can look at, in the order of the form."""
	return [
		{
			"value": field.fieldname,
			"label": _(field.label or field.fieldname),
			"kind": kind,
			"options": _choices(field) if field.fieldtype == "Select" else field.options,
		}
		for field in frappe.get_meta(LEAD).fields
		if (kind := kind_of(field.fieldname))
	]


def problem_of(row) -> str:
	"""Why a rule is broken: "" when it is not. One statement for a rule that compares with a master."""
	if row.get("kind") != EVENT_KIND and kind_of(row.get("lead_field")) is None:
		return FIELD_GONE
	try:
		read(row)
	except RuleError:
		return UNREADABLE
	return VALUE_GONE if missing_masters(row) else ""


def missing_masters(row) -> list[str]:
	"""Values of a rule about a Link field that no record is named by, in English or Arabic."""
	if row.get("kind") == EVENT_KIND or not _names_masters(row):
		return []
	target = frappe.get_meta(LEAD).get_field(row.get("lead_field")).options
	return [value for value in row_values(row) if not master_named(target, value)]


def master_named(doctype: str, text: str) -> str | None:
	"""The record of `doctype` called `text`: by its name, or by the Arabic of its name."""
	names = frappe.get_all(doctype, {"name": ("in", list({text, _(text, lang="ar")}))}, pluck="name", limit=2)
	if names:
		return names[0]
	known = frappe.get_all(doctype, pluck="name", limit=MOST_NAMES)
	return next((name for name in known if _(name, lang="ar") == text), None)


def changed() -> None:
	"""A rule was saved, renamed or deleted. Until this transaction ends its own reads go past Redis."""
	_forget()
	if not getattr(frappe.local, "dafater_score_rules_changed", False):
		frappe.local.dafater_score_rules_changed = True
		frappe.db.after_commit.add(_settled)
		frappe.db.after_rollback.add(_settled)


def _settled() -> None:
	frappe.local.dafater_score_rules_changed = False
	_forget()


def _forget() -> None:
	frappe.cache.delete_value(CACHE_KEY)


def _rows() -> list[dict]:
	if getattr(frappe.local, "dafater_score_rules_changed", False):
		return _read_rows()
	rows = frappe.cache.get_value(CACHE_KEY)
	if rows is None:
		rows = _read_rows()
		frappe.cache.set_value(CACHE_KEY, rows)
	return rows


def _read_rows() -> list[dict]:
	rows = frappe.get_all(RULE, {"enabled": 1}, list(STORED), order_by="name", limit=0)
	for row in rows:
		_know_masters(row)
	return [dict(row) for row in rows]


def _know_masters(row) -> None:
	"""A rule that names a master knows it by its English and its Arabic name."""
	if _names_masters(row):
		row.value = "\n".join(_both_names(row_values(row)))
		several = {conditions.IS: conditions.ONE_OF, conditions.IS_NOT: conditions.NONE_OF}
		row.operator = several.get(row.operator, row.operator)


def _names_masters(row) -> bool:
	exact = (conditions.IS, conditions.IS_NOT, conditions.ONE_OF, conditions.NONE_OF)
	return row.get("operator") in exact and kind_of(row.get("lead_field")) == conditions.LINK


def _both_names(values: list[str]) -> list[str]:
	"""A site that was set up in Arabic names ERPNext's masters in Arabic."""
	return list(dict.fromkeys(name for value in values for name in (value, _(value, lang="ar"))))


def _options(row, kind: str) -> list[str] | None:
	if kind not in (conditions.CHOICE, conditions.RANGE):
		return None
	return _choices(frappe.get_meta(LEAD).get_field(row.get("lead_field")))


def _choices(field) -> list[str]:
	return [option for option in (field.options or "").split("\n") if option]
