"""Every string that a user of the app can see, with the place it comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from checks.javascript import STRING, unquote, without_comments
from checks.source import Source, line_of, parse

TRANSLATORS = {"_", "_lt"}
LETTER = re.compile(r"[A-Za-z]")
# `__("text")`, `__("text", null, "context")`, `__("text", [values], "context")`
JS_CALL = re.compile(rf"\b__\(\s*({STRING})(?:\s*,\s*(?:null|undefined|\[[^\]]*\])\s*,\s*({STRING}))?")
JINJA_CALL = re.compile(rf"\b_\(\s*({STRING})(?:\s*,\s*context\s*=\s*({STRING}))?")

# Which keys of which shipped record reach the user as text.
RECORD_KEYS = {
	"DocType": ("name", "description"),
	"Report": ("report_name",),
	"Workspace": ("label", "title"),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Dashboard": ("dashboard_name",),
	"Page": ("title",),
	"Print Format": ("name",),
	"Web Form": ("title", "introduction_text", "success_title", "success_message", "button_label"),
	"Notification": ("subject",),
	"Module Onboarding": ("title", "subtitle", "success_message"),
	"Onboarding Step": ("title", "description", "action_label"),
	"Form Tour": ("title",),
	"Kanban Board": ("kanban_board_name",),
	"Role": ("role_name",),
}
# Rows of these tables, and the keys of theirs that are shown.
ROW_KEYS = {
	"fields": ("label", "description", "placeholder"),
	"columns": ("label",),
	"filters": ("label",),
	"links": ("label", "group", "description"),
	"actions": ("label", "group"),
	"states": ("title",),
	"shortcuts": ("label",),
	"charts": ("label",),
	"number_cards": ("label",),
	"quick_lists": ("label",),
	"web_form_fields": ("label", "description"),
	"steps": ("title", "description"),
}


@dataclass(frozen=True)
class Message:
	"""One text, as Frappe will look it up: stripped, with its context if it has one."""

	text: str
	path: Path
	line: int
	context: str = ""

	@property
	def key(self) -> tuple[str, str]:
		return self.text, self.context


def messages(source: Source) -> Iterator[Message]:
	"""All texts that need a translation; those without a letter (a dash, a percent sign) do not."""
	for message in _all(source):
		if LETTER.search(message.text):
			yield message


def _all(source: Source) -> Iterator[Message]:
	yield from from_modules(source)
	for path, record in source.documents:
		yield from (Message(text.strip(), path, 1) for text in from_record(record))
	for path in source.files(".py"):
		yield from from_python(path)
	for path in source.files(".js", ".vue"):
		yield from from_pattern(path, JS_CALL)
	for path in source.files(".html"):
		yield from from_pattern(path, JS_CALL)
		yield from from_pattern(path, JINJA_CALL)


def from_modules(source: Source) -> Iterator[Message]:
	path = source.package / "modules.txt"
	for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
		yield Message(line.strip(), path, number)


def from_record(record: dict) -> Iterator[str]:
	keys = RECORD_KEYS.get(record["doctype"])
	if keys is None:
		return
	yield from (record[key] for key in keys if record.get(key))
	for table, row_keys in ROW_KEYS.items():
		for row in record.get(table) or []:
			yield from from_row(row, row_keys)
	if record["doctype"] == "Workspace":
		yield from from_workspace_content(record.get("content") or "")


def from_row(row: object, keys: tuple[str, ...]) -> Iterator[str]:
	if not isinstance(row, dict):
		return
	yield from (row[key] for key in keys if row.get(key))
	# A naming series is a pattern, not a text.
	if row.get("fieldtype") == "Select" and row.get("fieldname") != "naming_series":
		yield from (option for option in (row.get("options") or "").split("\n") if option.strip())


def from_workspace_content(content: str) -> Iterator[str]:
	"""Headers and paragraphs of a workspace: HTML inside JSON inside JSON."""
	for raw in re.findall(r"\"text\"\s*:\s*(\"(?:\\.|[^\"\\])*\")", content):
		collector = _Text()
		collector.feed(ast.literal_eval(raw))
		yield from (part.strip() for part in collector.parts if part.strip())


class _Text(HTMLParser):
	def __init__(self) -> None:
		super().__init__()
		self.parts: list[str] = []

	def handle_data(self, data: str) -> None:
		self.parts.append(data)


def from_python(path: Path) -> Iterator[Message]:
	tree = parse(path)
	for node in ast.walk(tree):
		if not (isinstance(node, ast.Call) and _name(node.func) in TRANSLATORS and node.args):
			continue
		if (text := _constant(node.args[0])) is not None:
			contexts = [_constant(keyword.value) for keyword in node.keywords if keyword.arg == "context"]
			yield Message(text.strip(), path, node.lineno, contexts[0] or "" if contexts else "")
	if path.parts[-2:] == ("domain", "errors.py"):
		yield from from_messages_table(path, tree)


def _name(node: ast.expr) -> str:
	"""`_` in `_()`, `frappe._()`; attributes of anything else are somebody else's function."""
	if isinstance(node, ast.Attribute):
		return node.attr if isinstance(node.value, ast.Name) and node.value.id == "frappe" else ""
	return getattr(node, "id", "")


def _constant(node: ast.expr) -> str | None:
	return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def from_messages_table(path: Path, tree: ast.Module) -> Iterator[Message]:
	"""Values of MESSAGES: the pure domain cannot call `_()`, whoever shows its errors translates them."""
	for statement in tree.body:
		targets = (
			statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
		)
		named = any(isinstance(t, ast.Name) and t.id == "MESSAGES" for t in targets)
		if named and isinstance(statement.value, ast.Dict):
			for value in statement.value.values:
				if (text := _constant(value)) is not None:
					yield Message(text.strip(), path, value.lineno)


def from_pattern(path: Path, pattern: re.Pattern) -> Iterator[Message]:
	text = path.read_text(encoding="utf-8")
	if path.suffix != ".html":
		text = without_comments(text)
	for match in pattern.finditer(text):
		context = unquote(match.group(2)) if match.group(2) else ""
		yield Message(unquote(match.group(1)).strip(), path, line_of(text, match.start()), context)
