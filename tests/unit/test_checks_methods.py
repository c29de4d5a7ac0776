"""Methods: those that JavaScript names are whitelisted, those that are whitelisted are typed, permission is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import js_methods, permissions, reasons, whitelisted
from tests.unit.check_sample import sample, texts

API = """import frappe

@frappe.whitelist(methods=["POST"])
def book(lead: str, *, day: str | None = None) -> dict:
	return {}

def hidden(lead: str) -> dict:
	return {}
"""
FORM = "dafater_crm/doctype/dafater_lead/dafater_lead"


def test_named_methods_that_exist_pass(tmp_path: Path) -> None:
	script = """
	frappe.provide("dafater_crm.panel");
	// frappe.call("dafater_crm.api.gone") it's only a comment
	frappe.require("dafater_crm.bundle.js");
	frappe.call({method: 'dafater_crm.api.book'});
	"""
	source = sample(tmp_path, {"api.py": API, "public/js/a.js": script})
	assert js_methods.check(source) == []


@pytest.mark.parametrize(
	("script", "expected"),
	[
		('\n\nfrappe.call("dafater_crm.api.gone")', "a.js:3: dafater_crm.api.gone does not exist"),
		("frappe.xcall(`dafater_crm.api.hidden`)", "dafater_crm.api.hidden is not whitelisted"),
	],
)
def test_other_names_are_reported(tmp_path: Path, script: str, expected: str) -> None:
	source = sample(tmp_path, {"api.py": API, "public/js/a.js": script})
	assert expected in texts(js_methods.check(source))


def test_number_card_method_must_be_whitelisted(tmp_path: Path) -> None:
	card = {"doctype": "Number Card", "name": "Dafater Leads", "method": "dafater_crm.api.hidden"}
	source = sample(tmp_path, {"api.py": API, "dafater_crm/number_card/x/x.json": card})
	assert "dafater_crm.api.hidden is not whitelisted" in texts(js_methods.check(source))


@pytest.mark.parametrize("call", ['frm.call("convert")', 'frm.call({ doc: frm.doc, method: "convert" })'])
def test_document_method_must_be_whitelisted(tmp_path: Path, call: str) -> None:
	exposed = 'class L:\n\t@frappe.whitelist(methods=["POST"])\n\tdef convert(self) -> None:\n\t\tpass\n'
	hidden = "class L:\n\tdef convert(self) -> None:\n\t\tpass\n"
	good = sample(tmp_path / "good", {f"{FORM}.js": call, f"{FORM}.py": exposed})
	bad = sample(tmp_path / "bad", {f"{FORM}.js": call, f"{FORM}.py": hidden})
	assert js_methods.check(good) == []
	assert "no whitelisted convert()" in texts(js_methods.check(bad))


def test_typed_whitelisted_method_passes(tmp_path: Path) -> None:
	assert whitelisted.check(sample(tmp_path, {"api.py": API})) == []


@pytest.mark.parametrize(
	("code", "expected"),
	[
		("@frappe.whitelist()\ndef f(a: str) -> None: ...\n", "names no HTTP methods"),
		("@frappe.whitelist\ndef f(a: str) -> None: ...\n", "names no HTTP methods"),
		('@frappe.whitelist(methods=["GET"])\ndef f(a) -> None: ...\n', "argument a has no type"),
		('@frappe.whitelist(methods=["GET"])\ndef f(**kw) -> None: ...\n', "argument kw has no type"),
		('@frappe.whitelist(methods=["GET"])\ndef f(a: str): ...\n', "the return type is missing"),
	],
)
def test_untyped_whitelisted_method_is_reported(tmp_path: Path, code: str, expected: str) -> None:
	assert expected in texts(whitelisted.check(sample(tmp_path, {"api.py": code})))


@pytest.mark.parametrize(
	"code",
	[
		"doc.insert(ignore_permissions=True)  # the guest has no role yet\n",
		"# The job acts for the system.\ndoc.insert(ignore_permissions=True)\n",
		"doc.insert(\n\tignore_permissions=True,  # seeding runs as nobody\n)\n",
		"doc.insert(ignore_permissions=False)\n",
		'frappe.has_permission("Lead", throw=True)\n',
		'ok = frappe.has_permission("Lead")\n',
	],
)
def test_permission_with_reason_passes(tmp_path: Path, code: str) -> None:
	assert permissions.check(sample(tmp_path, {"a.py": code})) == []


@pytest.mark.parametrize(
	("code", "expected"),
	[
		("doc.insert(ignore_permissions=True)\n", "a.py:1: ignore_permissions without its reason"),
		("doc.flags.ignore_permissions = True\n", "a.py:1: ignore_permissions without its reason"),
		('x = 1\nfrappe.has_permission("Lead")\n', "a.py:2: the answer of has_permission is thrown away"),
	],
)
def test_permission_without_reason_is_reported(tmp_path: Path, code: str, expected: str) -> None:
	assert expected in texts(permissions.check(sample(tmp_path, {"a.py": code})))


def test_suppression_needs_its_reason(tmp_path: Path) -> None:
	good = (
		"x = 1  # noqa: B008 - made once on purpose\ny = 1  # nosemgrep: manual-commit - releases the lock\n"
	)
	bad = "x = 1  # noqa: B008\ny = 1  # nosemgrep\nz = 1  # type: ignore[arg-type]\n"
	assert reasons.check(sample(tmp_path / "good", {"a.py": good})) == []
	assert len(reasons.check(sample(tmp_path / "bad", {"a.py": bad}))) == 3
