"""Every whitelisted method is fully annotated and names its HTTP methods."""

from __future__ import annotations

import ast

from checks.source import Problem, Source, functions, parse, whitelist_decorator


def check(source: Source) -> list[Problem]:
	problems = []
	for path in source.files(".py"):
		for function in functions(parse(path)):
			if decorator := whitelist_decorator(function):
				for text in faults(function, decorator):
					problems.append(source.problem(path, function.lineno, f"{function.name}(): {text}"))
	return problems


def faults(function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.expr) -> list[str]:
	found = []
	keywords = {k.arg for k in decorator.keywords} if isinstance(decorator, ast.Call) else set()
	if "methods" not in keywords:
		found.append('the decorator names no HTTP methods, as in @frappe.whitelist(methods=["POST"])')
	# Frappe validates annotated arguments only: one without a type takes whatever the client sends.
	for argument in arguments(function):
		if argument.annotation is None:
			found.append(f"argument {argument.arg} has no type")
	if function.returns is None:
		found.append("the return type is missing")
	return found


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
	args = function.args
	named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
	extra = [arg for arg in (args.vararg, args.kwarg) if arg]
	return [arg for arg in named if arg.arg not in ("self", "cls")] + extra
