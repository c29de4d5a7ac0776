"""Every text has its Arabic line, wherever it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.translations import check, missing, unused
from tests.unit.check_sample import sample, texts

CSV = "translations/ar.csv"
KNOWN = "Dafater CRM,دفاتر\n"


def found_in(root: Path, name: str, content: str | dict, lines: str = "") -> str:
	return texts(check(sample(root, {CSV: KNOWN + lines, name: content})))


def test_translated_app_passes(tmp_path: Path) -> None:
	assert check(sample(tmp_path, {CSV: KNOWN})) == []


def test_module_names_need_arabic(tmp_path: Path) -> None:
	assert "no Arabic line for 'Dafater CRM'" in texts(check(sample(tmp_path, {})))


@pytest.mark.parametrize(
	("name", "content", "text"),
	[
		("a.py", '_("Hello")', "Hello"),
		("a.py", 'frappe._("Hello")', "Hello"),
		("a.py", '_lt("Hello")', "Hello"),
		("a.py", '_(\n\t"One "\n\t"two"\n)', "One two"),
		("domain/errors.py", 'MESSAGES: dict = {"x": "Wrong"}', "Wrong"),
		("public/js/a.js", "__('It\\'s here')", "It's here"),
		("public/js/a.js", "__(`Hello`)", "Hello"),
		("templates/a.html", '<p>{{ _("Hello") }}</p>', "Hello"),
		("templates/a.html", "<p>{%= __('Hello') %}</p>", "Hello"),
		("x/a.json", {"doctype": "Report", "report_name": "Lead Details"}, "Lead Details"),
		("x/a.json", {"doctype": "Report", "columns": [{"label": "Age"}]}, "Age"),
		("x/a.json", {"doctype": "Number Card", "label": "Open"}, "Open"),
		("x/a.json", {"doctype": "Workspace", "shortcuts": [{"label": "Leads"}]}, "Leads"),
		("x/a.json", {"doctype": "Workspace", "content": '[{"data":{"text":"<b>Sell</b>"}}]'}, "Sell"),
		("x/a.json", {"doctype": "DocType", "fields": [{"label": "City"}]}, "City"),
		("x/a.json", {"doctype": "DocType", "fields": [{"description": "Where"}]}, "Where"),
		("x/a.json", {"doctype": "DocType", "fields": [{"fieldtype": "Select", "options": "\nNew"}]}, "New"),
	],
)
def test_text_without_arabic_is_reported(tmp_path: Path, name: str, content: str | dict, text: str) -> None:
	assert f"no Arabic line for {text!r}" in found_in(tmp_path / "bad", name, content)
	assert found_in(tmp_path / "good", name, content, f'"{text}",نص\n') == ""


@pytest.mark.parametrize(
	("name", "content"),
	[
		("a.py", 'self._("Hello")'),
		("a.py", '_("—")'),
		("public/js/a.js", '// __("Hello")'),
		("x/a.json", {"doctype": "DocType", "fields": [{"fieldtype": "Data", "options": "Email"}]}),
		(
			"x/a.json",
			{
				"doctype": "DocType",
				"fields": [{"fieldname": "naming_series", "fieldtype": "Select", "options": "L-"}],
			},
		),
	],
)
def test_what_no_user_reads_needs_no_arabic(tmp_path: Path, name: str, content: str | dict) -> None:
	assert found_in(tmp_path, name, content) == ""


@pytest.mark.parametrize(
	("line", "expected"),
	[
		("Hello,\n", "the Arabic of 'Hello' is empty"),
		("Hello {0},مرحبا\n", "placeholders differ: ['0'] in English, [] in Arabic"),
		("Hello {0},مرحبا {1}\n", "placeholders differ"),
		("Hello,مرحبا\nHello,أهلا\n", "'Hello' stands on line 2 too"),
		("Hello\n", "1 columns instead of 2 or 3"),
		("Hello,مرحبا, أهلا,x\n", "4 columns instead of 2 or 3"),
	],
)
def test_broken_line_is_reported(tmp_path: Path, line: str, expected: str) -> None:
	assert expected in texts(check(sample(tmp_path, {CSV: KNOWN + line})))


def test_context_has_its_own_line_or_falls_back(tmp_path: Path) -> None:
	code = '_("Open", context="verb")'
	assert "no Arabic line for 'Open' (verb)" in found_in(tmp_path / "a", "a.py", code)
	assert found_in(tmp_path / "b", "a.py", code, "Open,فتح,verb\n") == ""
	assert found_in(tmp_path / "c", "a.py", code, "Open,مفتوح\n") == ""


def test_missing_and_unused_lines(tmp_path: Path) -> None:
	files = {CSV: KNOWN + "Old,قديم\n", "a.py": '_("New"); _("New"); _("Open", context="verb")'}
	source = sample(tmp_path, files)
	assert missing(source) == [("New", ""), ("Open", "verb")]
	assert [line.text for line in unused(source)] == ["Old"]
