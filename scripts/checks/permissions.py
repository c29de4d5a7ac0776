"""Permission is checked for real: no answer thrown away, and no check skipped without its reason beside it."""

from __future__ import annotations

import ast
import io
import tokenize

from checks.source import Problem, Source, parse


def check(source: Source) -> list[Problem]:
	problems = []
	for path in source.files(".py"):
		tree = parse(path)
		comments = comments_of(path.read_text(encoding="utf-8"))
		for first, last in skipped(tree):
			if not any(reason(comments.get(line, "")) for line in range(first - 1, last + 1)):
				text = "ignore_permissions without its reason in a comment beside it"
				problems.append(source.problem(path, first, text))
		for line in unchecked(tree):
			text = "the answer of has_permission is thrown away: pass throw=True or use check_permission()"
			problems.append(source.problem(path, line, text))
	return problems


def comments_of(text: str) -> dict[int, str]:
	tokens = tokenize.generate_tokens(io.StringIO(text).readline)
	return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def reason(comment: str) -> bool:
	return len(comment.lstrip("# ").split()) >= 2


def skipped(tree: ast.Module) -> list[tuple[int, int]]:
	"""First and last line of each statement that passes ignore_permissions=True or sets it as a flag."""
	found = []
	for node in ast.walk(tree):
		if _passes_flag(node) or _sets_flag(node):
			found.append((node.lineno, node.end_lineno or node.lineno))
	return sorted(found)


def _passes_flag(node: ast.AST) -> bool:
	keywords = node.keywords if isinstance(node, ast.Call) else []
	return any(keyword.arg == "ignore_permissions" and _true(keyword.value) for keyword in keywords)


def _sets_flag(node: ast.AST) -> bool:
	targets = node.targets if isinstance(node, ast.Assign) and _true(node.value) else []
	return any(getattr(target, "attr", "") == "ignore_permissions" for target in targets)


def unchecked(tree: ast.Module) -> list[int]:
	"""Lines where has_permission stands alone as a statement and does not raise."""
	return [
		node.lineno
		for node in ast.walk(tree)
		if isinstance(node, ast.Expr)
		and isinstance(node.value, ast.Call)
		and getattr(node.value.func, "attr", "") == "has_permission"
		and not any(keyword.arg == "throw" for keyword in node.value.keywords)
	]


def _true(node: ast.expr) -> bool:
	return isinstance(node, ast.Constant) and node.value in (True, 1)
