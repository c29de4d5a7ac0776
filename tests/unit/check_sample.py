"""A tiny app on disk, for the tests of `make lint`'s own checks."""

from __future__ import annotations

import json
from pathlib import Path

from checks.source import Problem, Source

CONTROLLER = """import frappe
from frappe.model.document import Document


class {name}(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		{types}
	# end: auto-generated types
"""


def sample(root: Path, files: dict[str, str | dict]) -> Source:
	"""Write these files below dafater_crm/ and read them as an app. A dict is written as JSON."""
	package = root / "dafater_crm"
	for name, content in {"__init__.py": "", "modules.txt": "Dafater CRM\n", **files}.items():
		path = package / name
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text(json.dumps(content) if isinstance(content, dict) else content, encoding="utf-8")
	return Source(root)


def texts(problems: list[Problem]) -> str:
	return "\n".join(str(problem) for problem in problems)


def doctype(name: str = "Dafater Lead", **changes: object) -> dict[str, str | dict]:
	"""Files of one sound DocType with its controller."""
	folder = name.lower().replace(" ", "_")
	record = {
		"doctype": "DocType",
		"name": name,
		"module": "Dafater CRM",
		"field_order": ["title"],
		"fields": [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}],
		**changes,
	}
	base = f"dafater_crm/doctype/{folder}/{folder}"
	controller = CONTROLLER.format(name=name.replace(" ", ""), types="title: DF.Data | None")
	return {f"{base}.json": record, f"{base}.py": controller}
