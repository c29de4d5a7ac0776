"""Every server method that JavaScript, a template or a JSON record names exists and is whitelisted."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from checks.javascript import strings, without_comments
from checks.source import APP, Problem, Source, line_of, parse, whitelist_decorator

DOTTED = re.compile(rf"^{APP}(\.\w+)+$")
NAMESPACE = re.compile(r"frappe\.provide\(\s*$")
DOCUMENT_CALL = re.compile(r"\bfrm\.call\(\s*(?:\{[^}]*?\bmethod:\s*)?[\"'](\w+)[\"']")


def check(source: Source) -> list[Problem]:
	problems = []
	for path in source.files(".js", ".html", ".vue"):
		text = path.read_text(encoding="utf-8")
		problems += check_module_methods(source, path, text)
		problems += check_document_methods(source, path, text)
	return problems + check_json_methods(source)


def check_module_methods(source: Source, path: Path, text: str) -> list[Problem]:
	problems = []
	for offset, value in strings(text):
		if not DOTTED.match(value) or value.endswith((".js", ".css")):
			continue
		# frappe.provide("dafater_crm.x") names a namespace of the browser, not a method.
		if NAMESPACE.search(text[:offset]):
			continue
		if error := not_whitelisted(source, value):
			problems.append(source.problem(path, line_of(text, offset), error))
	return problems


def not_whitelisted(source: Source, dotted: str) -> str | None:
	node = source.resolve(dotted)
	if not isinstance(node, ast.FunctionDef):
		return f"{dotted} does not exist"
	return None if whitelist_decorator(node) else f"{dotted} is not whitelisted"


def check_document_methods(source: Source, path: Path, text: str) -> list[Problem]:
	"""`frm.call("method")` in a form script: the controller beside it has that whitelisted method."""
	controller = path.with_suffix(".py")
	if not controller.exists():
		return []
	exposed = {
		node.name
		for node in ast.walk(parse(controller))
		if isinstance(node, ast.FunctionDef) and whitelist_decorator(node)
	}
	return [
		source.problem(
			path, line_of(text, match.start()), f"{controller.name} has no whitelisted {match.group(1)}()"
		)
		for match in DOCUMENT_CALL.finditer(without_comments(text))
		if match.group(1) not in exposed
	]


def check_json_methods(source: Source) -> list[Problem]:
	"""Number cards and charts name a method as well."""
	return [
		source.problem(path, 1, error)
		for path, record in source.documents
		if DOTTED.match(method := str(record.get("method") or ""))
		and (error := not_whitelisted(source, method))
	]
