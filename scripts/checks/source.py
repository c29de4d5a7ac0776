"""The app's source as data: files, syntax trees, and names resolved without importing anything."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

APP = "dafater_crm"
SKIPPED = {"node_modules", "__pycache__", "dist", "lib"}


@dataclass(frozen=True)
class Problem:
	"""One finding. `str()` gives the form that editors turn into a link."""

	path: Path
	line: int
	text: str

	def __str__(self) -> str:
		return f"{self.path}:{self.line}: {self.text}"


@cache
def parse(path: Path) -> ast.Module:
	return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def line_of(text: str, offset: int) -> int:
	return text.count("\n", 0, offset) + 1


class Source:
	"""One checkout. `root` holds the package directory `dafater_crm`."""

	def __init__(self, root: Path) -> None:
		self.root = root
		self.package = root / APP

	def files(self, *suffixes: str) -> Iterator[Path]:
		for path in sorted(self.package.rglob("*")):
			if path.suffix in suffixes and not SKIPPED.intersection(path.relative_to(self.package).parts):
				yield path

	def problem(self, path: Path, line: int, text: str) -> Problem:
		return Problem(path.relative_to(self.root), line, text)

	@cached_property
	def documents(self) -> list[tuple[Path, dict]]:
		"""Every standard record shipped as JSON: DocTypes, reports, workspaces, cards ..."""
		found = []
		for path in self.files(".json"):
			try:
				content = json.loads(path.read_text(encoding="utf-8"))
			except ValueError:
				continue
			for record in content if isinstance(content, list) else [content]:
				if isinstance(record, dict) and "doctype" in record:
					found.append((path, record))
		return found

	def of_type(self, doctype: str) -> list[tuple[Path, dict]]:
		return [(path, record) for path, record in self.documents if record["doctype"] == doctype]

	def module_file(self, dotted: str) -> Path | None:
		"""File of a module or package of ours, by its dotted name."""
		base = self.root.joinpath(*dotted.split("."))
		for candidate in (base.with_suffix(".py"), base / "__init__.py"):
			if candidate.is_file():
				return candidate
		return None

	def resolve(self, dotted: str, depth: int = 0) -> ast.AST | None:
		"""The definition that a dotted path names, followed through imports within the app."""
		parts = dotted.split(".")
		for cut in range(len(parts) - 1, 0, -1):
			if file := self.module_file(".".join(parts[:cut])):
				return self._lookup(file, parse(file).body, parts[cut:], depth)
		return None

	def _lookup(self, file: Path, body: list[ast.stmt], names: list[str], depth: int) -> ast.AST | None:
		node = next((found for found in map(lambda s: _defines(s, names[0]), body) if found), None)
		if isinstance(node, ast.ImportFrom) and node.module and depth < 5:
			original = next(a.name for a in node.names if (a.asname or a.name) == names[0])
			return self.resolve(".".join([node.module, original, *names[1:]]), depth + 1)
		if node is None or len(names) == 1:
			return node
		return self._lookup(file, node.body, names[1:], depth) if isinstance(node, ast.ClassDef) else None


def _defines(statement: ast.stmt, name: str) -> ast.AST | None:
	"""The statement itself when it binds this name at the level it stands on."""
	if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
		return statement if statement.name == name else None
	if isinstance(statement, ast.Import | ast.ImportFrom):
		bound = {alias.asname or alias.name for alias in statement.names}
		return statement if name in bound else None
	targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
	return statement if any(isinstance(t, ast.Name) and t.id == name for t in targets) else None


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
	for node in ast.walk(tree):
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
			yield node


def whitelist_decorator(function: ast.AST) -> ast.expr | None:
	"""The `@frappe.whitelist(...)` of a function, called or bare."""
	for decorator in getattr(function, "decorator_list", []):
		target = decorator.func if isinstance(decorator, ast.Call) else decorator
		name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
		if name == "whitelist":
			return decorator
	return None
