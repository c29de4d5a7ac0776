"""hooks.py is a table, and every path in it and in patches.txt leads somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from checks.source import APP, Problem, Source, parse

DOTTED = re.compile(rf"^{APP}(\.\w+)+$")
ASSET = re.compile(rf"^(?:/assets/{APP}/|public/)(.+\.(?:js|css|scss|svg|png))$")
BUNDLE = re.compile(r"^[\w.-]+\.bundle\.(?:js|css|scss)$")
MAX_LINES = 200


def check(source: Source) -> list[Problem]:
	return [*check_hooks(source), *check_patches(source)]


def check_hooks(source: Source) -> list[Problem]:
	path = source.package / "hooks.py"
	if not path.exists():
		return []
	tree = parse(path)
	problems = check_is_table(source, path, tree)
	for node in ast.walk(tree):
		value = node.value if isinstance(node, ast.Constant) else None
		if isinstance(value, str) and (text := check_value(source, value)):
			problems.append(source.problem(path, node.lineno, text))
	return problems


def check_is_table(source: Source, path: Path, tree: ast.Module) -> list[Problem]:
	problems = []
	lines = path.read_text(encoding="utf-8").count("\n")
	if lines > MAX_LINES:
		problems.append(source.problem(path, lines, f"hooks.py has {lines} lines; keep it under {MAX_LINES}"))
	for statement in tree.body:
		docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
		if not (isinstance(statement, ast.Assign | ast.AnnAssign) or docstring):
			text = "hooks.py is a table of values: no imports, no logic"
			problems.append(source.problem(path, statement.lineno, text))
	return problems


def check_value(source: Source, value: str) -> str | None:
	"""What is wrong with one string of hooks.py, if anything."""
	if BUNDLE.match(value):
		return None if any_bundle(source, value) else f"no bundle {value} under public/"
	if asset := ASSET.match(value):
		return (
			None
			if (source.package / "public" / asset.group(1)).exists()
			else f"no file public/{asset.group(1)}"
		)
	if DOTTED.match(value):
		node = source.resolve(value)
		if node is None:
			return f"{value} does not exist"
		if not isinstance(
			node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
		):
			return f"{value} is not a function of ours"
	return None


def any_bundle(source: Source, name: str) -> bool:
	"""A `.css` bundle may be written in scss."""
	names = {name, name.replace(".bundle.css", ".bundle.scss")}
	return any(path.name in names for path in (source.package / "public").rglob("*.bundle.*"))


def check_patches(source: Source) -> list[Problem]:
	path = source.package / "patches.txt"
	problems = []
	for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
		patch = line.split("#")[0].strip()
		if not patch or patch.startswith("["):
			continue
		if patch.startswith("execute:"):
			problems.append(source.problem(path, number, "write a patch module instead of execute:"))
		elif not isinstance(source.resolve(f"{patch.split()[0]}.execute"), ast.FunctionDef):
			problems.append(source.problem(path, number, f"{patch.split()[0]} has no function execute"))
	return problems
