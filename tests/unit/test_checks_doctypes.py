"""DocTypes and reports hang together."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.doctypes import check
from tests.unit.check_sample import doctype, sample, texts

LEAD = "dafater_crm/doctype/dafater_lead/dafater_lead"


def with_field(**field: str) -> dict:
	return doctype(
		field_order=["title", "x"],
		fields=[{"fieldname": "title", "fieldtype": "Data"}, {"fieldname": "x", **field}],
	)


def test_sound_doctype_passes(tmp_path: Path) -> None:
	assert check(sample(tmp_path, doctype(title_field="title", search_fields="title, name"))) == []


def test_layout_fields_need_no_type(tmp_path: Path) -> None:
	assert check(sample(tmp_path, with_field(fieldtype="Section Break"))) == []


@pytest.mark.parametrize(
	("changes", "expected"),
	[
		({"module": "CRM"}, "module 'CRM' is not in modules.txt"),
		({"field_order": ["title", "gone"]}, "field_order and fields differ: ['gone']"),
		({"title_field": "gone"}, "search field gone does not exist"),
		({"search_fields": "title, gone"}, "search field gone does not exist"),
	],
)
def test_broken_doctype_is_reported(tmp_path: Path, changes: dict, expected: str) -> None:
	assert expected in texts(check(sample(tmp_path, doctype(**changes))))


@pytest.mark.parametrize(
	("field", "expected"),
	[
		({"fieldtype": "Link", "options": "Dafater Gone"}, "field x: there is no DocType 'Dafater Gone'"),
		({"fieldtype": "Table", "options": ""}, "field x: Table without a target"),
		({"fieldtype": "Dynamic Link", "options": "gone"}, "Dynamic Link names 'gone'"),
		({"fieldtype": "Data"}, "dafater_lead.py: the types block lacks x"),
		({"fieldtype": "Data", "fieldname": "title"}, "field title appears twice"),
		({"fieldtype": "Data", "fieldname": "اسم"}, "is not lower case ASCII"),
	],
)
def test_broken_field_is_reported(tmp_path: Path, field: dict, expected: str) -> None:
	assert expected in texts(check(sample(tmp_path, with_field(**field))))


@pytest.mark.parametrize(
	("controller", "expected"),
	[
		("", "dafater_lead.py has no class DafaterLead"),
		("class DafaterLead:\n\tpass\n", "dafater_lead.py has no types block"),
		(
			"class DafaterLead:\n\t# begin: auto-generated types\n\t\ttitle: DF.Data\n\t\told: DF.Data\n"
			"\t# end: auto-generated types\n",
			"the types block still has old",
		),
	],
)
def test_broken_controller_is_reported(tmp_path: Path, controller: str, expected: str) -> None:
	assert expected in texts(check(sample(tmp_path, {**doctype(), f"{LEAD}.py": controller})))


def test_missing_controller_is_reported(tmp_path: Path) -> None:
	files = {name: content for name, content in doctype().items() if name.endswith(".json")}
	assert "there is no controller dafater_lead.py" in texts(check(sample(tmp_path, files)))


def test_wrong_folder_prefix_and_json_are_reported(tmp_path: Path) -> None:
	record = next(content for content in doctype().values() if isinstance(content, dict))
	files = {"dafater_crm/doctype/lead/lead.json": {**record, "name": "Lead"}, "broken.json": "{"}
	found = texts(check(sample(tmp_path, files)))
	assert "lacks the prefix" in found
	assert "broken.json:1: not JSON" in found
	assert "belongs in dafater_lead/dafater_lead.json" in texts(
		check(sample(tmp_path / "b", {"dafater_crm/doctype/lead/lead.json": record}))
	)


def test_report_needs_its_file_and_doctype(tmp_path: Path) -> None:
	base = "dafater_crm/report/dafater_lead_details/dafater_lead_details"
	record = {
		"doctype": "Report",
		"name": "Dafater Lead Details",
		"report_type": "Script Report",
		"ref_doctype": "Dafater Lead",
	}
	good = {
		**doctype(),
		f"{base}.json": record,
		f"{base}.py": "def execute(filters=None):\n\treturn [], []\n",
	}
	assert check(sample(tmp_path / "good", good)) == []
	found = texts(check(sample(tmp_path / "bad", {f"{base}.json": record})))
	assert "has no execute(filters)" in found
	assert "ref_doctype 'Dafater Lead' does not exist" in found
