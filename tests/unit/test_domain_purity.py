"""The domain imports nothing but the standard library, its three libraries and itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

DOMAIN = Path(__file__).parents[2] / "dafater_crm" / "domain"
MODULES = sorted(DOMAIN.glob("*.py"))
ALLOWED = {*sys.stdlib_module_names, "phonenumbers", "hijridate", "rapidfuzz"} - {"sqlite3", "dbm", "socket"}


def outside_imports(source: str) -> set[str]:
	"""Return the top-level packages that the source imports, wherever in it; relative imports are the domain."""
	found: set[str] = set()
	for node in ast.walk(ast.parse(source)):
		if isinstance(node, ast.Import):
			found.update(alias.name.partition(".")[0] for alias in node.names)
		elif isinstance(node, ast.ImportFrom) and not node.level:
			found.add((node.module or "").partition(".")[0])
		elif isinstance(node, ast.ImportFrom) and node.level > 1:
			found.add("." * node.level)
	return found


def test_every_module_is_found():
	assert {"errors.py", "phones.py", "ladder.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module_is_pure(path):
	assert outside_imports(path.read_text(encoding="utf-8")) <= ALLOWED


@pytest.mark.parametrize(
	"source",
	[
		"import frappe",
		"import frappe.utils",
		"from erpnext import x",
		"def f():\n\timport pymysql",
		"from ..queries import access",
		"import sqlite3",
	],
)
def test_the_check_sees_an_impure_import(source):
	assert not outside_imports(source) <= ALLOWED


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module_has_no_dynamic_import(path):
	names = {
		node.id
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
		if isinstance(node, ast.Name)
	}
	assert not names & {"__import__", "importlib", "exec", "eval"}
