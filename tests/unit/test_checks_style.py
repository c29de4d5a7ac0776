"""Logical directions in style, English names in code."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import identifiers, logical_css
from checks.registry import CHECKS, run_all
from checks.source import Source
from tests.unit.check_sample import sample, texts


@pytest.mark.parametrize(
	("name", "content"),
	[
		("public/css/a.css", ".a { margin-inline-start: 1px; inset-inline-end: 0; text-align: start; }"),
		("public/css/a.css", "/* margin-left: 1px */"),
		("public/css/a.css", ".a { left: 0; } /* physical: the map grows eastwards */"),
		("public/js/a.js", 'const column = { fieldtype: "Float", align: "left" }; point.left = 1;'),
		("public/js/a.js", 'frappe.msgprint(__("Time left: 5 days"));'),
		(
			"public/css/a.css",
			".a { flex-direction: row; }\n/* why */\n/*rtl:ignore*/\n.b { direction: ltr; }",
		),
		("templates/a.html", '<p style="padding-inline-end: 2px">{{ _("Right: yes") }}</p>'),
	],
)
def test_logical_style_passes(tmp_path: Path, name: str, content: str) -> None:
	assert logical_css.check(sample(tmp_path, {name: content})) == []


@pytest.mark.parametrize(
	("name", "content"),
	[
		("public/css/a.css", ".a { margin-left: 1px; }"),
		("public/css/a.css", ".a { padding-right: 1px; }"),
		("public/css/a.css", ".a { text-align: right; }"),
		("public/css/a.css", ".a { float: left; }"),
		("public/css/a.css", ".a {\n\tleft: 0;\n}"),
		("public/css/a.css", ".a { border-left: 1px solid; }"),
		("public/scss/a.scss", ".a { right: $gap; }"),
		("public/js/a.js", 'row.css("margin-left", "4px");'),
		("public/js/a.js", 'const html = `<p style="left: 4px">`;'),
		("public/js/a.js", "element.style.left = x;"),
		("templates/a.html", '<p style="text-align: left">'),
	],
)
def test_physical_style_is_reported(tmp_path: Path, name: str, content: str) -> None:
	assert "is a physical direction" in texts(logical_css.check(sample(tmp_path, {name: content})))


def test_english_names_pass(tmp_path: Path) -> None:
	files = {"a.py": 'name = "اسم"  # تعليق\n', "public/js/a.js": 'const a = "اسم"; /* اسم */ b = /[٠-٩]/g;'}
	assert identifiers.check(sample(tmp_path, files)) == []


@pytest.mark.parametrize(
	("name", "content"),
	[("a.py", "اسم = 1\n"), ("public/js/a.js", "const اسم = 1;"), ("public/css/لون.css", "")],
)
def test_other_names_are_reported(tmp_path: Path, name: str, content: str) -> None:
	assert identifiers.check(sample(tmp_path, {name: content}))


def test_every_check_passes_on_an_empty_app(tmp_path: Path) -> None:
	(tmp_path / "dafater_crm").mkdir()
	assert run_all(Source(tmp_path)) == {name: [] for name in CHECKS}


@pytest.mark.parametrize(
	"content",
	[
		".a { direction: ltr; }",
		"/*rtl:ignore*/\n.a { color: red; }\n.b {\n\tdirection: rtl;\n}",
		"/* direction */ .a{direction:ltr}",
	],
)
def test_a_direction_that_the_build_would_mirror_is_reported(tmp_path: Path, content: str) -> None:
	found = logical_css.check(sample(tmp_path, {"public/css/a.css": content}))
	assert "rtl:ignore" in texts(found)
	assert len(found) == 1
