"""DocTypes and reports hang together: files, names, targets, controllers and their typed fields."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from checks.source import Problem, Source, parse

PREFIX = "Dafater "
PREFIXED = {
	"DocType",
	"Report",
	"Workspace",
	"Dashboard",
	"Dashboard Chart",
	"Number Card",
	"Role",
	"Print Format",
}
BEGIN, END = "# begin: auto-generated types", "# end: auto-generated types"
LAYOUT = {
	"Section Break",
	"Column Break",
	"Tab Break",
	"HTML",
	"Button",
	"Fold",
	"Heading",
	"Image",
	# Frappe's exporter has no type for these three either.
	"Geolocation",
	"Icon",
	"Signature",
}
FIELDNAME = re.compile(r"^[a-z][a-z0-9_]*$")


def check(source: Source) -> list[Problem]:
	problems = check_json_loads(source)
	ours = {record["name"] for _path, record in source.of_type("DocType") if "name" in record}
	for path, record in source.documents:
		problems += [source.problem(path, 1, text) for text in record_faults(record)]
	for path, record in source.of_type("DocType"):
		for text in (*doctype_faults(source, path, record, ours), *controller_faults(path, record)):
			problems.append(source.problem(path, 1, text))
	for path, record in source.of_type("Report"):
		problems += [source.problem(path, 1, text) for text in report_faults(path, record, ours)]
	return problems


def check_json_loads(source: Source) -> list[Problem]:
	problems = []
	for path in source.files(".json"):
		try:
			json.loads(path.read_text(encoding="utf-8"))
		except ValueError as error:
			problems.append(source.problem(path, getattr(error, "lineno", 1), f"not JSON: {error}"))
	return problems


def record_faults(record: dict) -> Iterator[str]:
	name = record.get("name") or ""
	if record["doctype"] in PREFIXED and not name.startswith(PREFIX):
		yield f"{record['doctype']} {name!r} lacks the prefix {PREFIX!r}: it would collide with another app's"


def doctype_faults(source: Source, path: Path, record: dict, ours: set[str]) -> Iterator[str]:
	name = record.get("name", "")
	expected = scrub(name)
	if path.stem != expected or path.parent.name != expected:
		yield f"DocType {name!r} belongs in {expected}/{expected}.json"
	if record.get("module") not in modules(source):
		yield f"module {record.get('module')!r} is not in modules.txt"
	fields = record.get("fields", [])
	names = [field.get("fieldname") for field in fields]
	yield from name_faults(names, record)
	for field in fields:
		yield from target_faults(field, names, ours)


def modules(source: Source) -> list[str]:
	path = source.package / "modules.txt"
	return [line.strip() for line in path.read_text().splitlines() if line.strip()] if path.exists() else []


def name_faults(names: list[str], record: dict) -> Iterator[str]:
	for name in sorted({name for name in names if names.count(name) > 1}):
		yield f"field {name} appears twice"
	for name in names:
		if not FIELDNAME.match(name or ""):
			yield f"field name {name!r} is not lower case ASCII"
	if "field_order" in record and sorted(record["field_order"]) != sorted(names):
		yield f"field_order and fields differ: {sorted(set(record['field_order']) ^ set(names))}"
	standard = {"name", "creation", "modified", "owner", "idx", "docstatus", None, ""}
	mentioned = [record.get("title_field"), record.get("image_field"), record.get("timeline_field")]
	mentioned += [part.strip() for part in (record.get("search_fields") or "").split(",")]
	for name in mentioned:
		if name not in standard and name not in names:
			yield f"title, image, timeline or search field {name} does not exist"


def target_faults(field: dict, names: list[str], ours: set[str]) -> Iterator[str]:
	kind, target = field.get("fieldtype"), field.get("options") or ""
	label = f"field {field.get('fieldname')}"
	if kind in ("Link", "Table", "Table MultiSelect"):
		if not target:
			yield f"{label}: {kind} without a target"
		elif target.startswith(PREFIX) and target not in ours:
			yield f"{label}: there is no DocType {target!r}"
	if kind == "Dynamic Link" and target not in names:
		yield f"{label}: Dynamic Link names {target!r}, which is no field here"


def controller_faults(path: Path, record: dict) -> Iterator[str]:
	"""The class that Frappe will look for, and a types block that matches the fields."""
	file, wanted = path.with_suffix(".py"), record.get("name", "").replace(" ", "").replace("-", "")
	if not file.exists():
		yield f"there is no controller {file.name}"
		return
	found = next((n for n in parse(file).body if isinstance(n, ast.ClassDef) and n.name == wanted), None)
	if found is None:
		yield f"{file.name} has no class {wanted}"
		return
	text = file.read_text(encoding="utf-8")
	if BEGIN not in text or END not in text:
		yield f"{file.name} has no types block ({BEGIN!r})"
		return
	yield from type_faults(record, text.split(BEGIN)[1].split(END)[0], file.name)


def type_faults(record: dict, block: str, name: str) -> Iterator[str]:
	typed = set(re.findall(r"^\s+(\w+): ", block, re.M))
	stored = {f.get("fieldname") for f in record.get("fields", []) if f.get("fieldtype") not in LAYOUT}
	if missing := sorted(stored - typed):
		yield f"{name}: the types block lacks {', '.join(missing)}"
	if stale := sorted(typed - stored - {"name", "parent", "parentfield", "parenttype"}):
		yield f"{name}: the types block still has {', '.join(stale)}"


def report_faults(path: Path, record: dict, ours: set[str]) -> Iterator[str]:
	name, reference = record.get("name", ""), record.get("ref_doctype") or ""
	if path.stem != scrub(name):
		yield f"Report {name!r} belongs in {scrub(name)}/{scrub(name)}.json"
	if reference.startswith(PREFIX) and reference not in ours:
		yield f"ref_doctype {reference!r} does not exist"
	if record.get("report_type") == "Script Report":
		file = path.with_suffix(".py")
		functions = (
			{n.name for n in parse(file).body if isinstance(n, ast.FunctionDef)} if file.exists() else set()
		)
		if "execute" not in functions:
			yield f"{file.name} has no execute(filters)"


def scrub(name: str) -> str:
	return name.replace(" ", "_").replace("-", "_").lower()
