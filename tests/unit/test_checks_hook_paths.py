"""hooks.py and patches.txt: every path leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.hook_paths import check
from tests.unit.check_sample import sample, texts

EVENTS = "def on_submit(doc, method=None):\n\tpass\n"


def test_empty_app_passes(tmp_path: Path) -> None:
	assert check(sample(tmp_path, {})) == []


def test_existing_paths_pass(tmp_path: Path) -> None:
	source = sample(
		tmp_path,
		{
			"hooks.py": '"""Table."""\napp_include_js = "crm.bundle.js"\n'
			'doctype_js = {"Quotation": "public/js/quotation.js"}\n'
			'doc_events = {"Quotation": {"on_submit": "dafater_crm.events.on_submit"}}\n'
			'again = ["dafater_crm.reexport.on_submit"]\n',
			"events.py": EVENTS,
			"reexport.py": "from dafater_crm.events import on_submit\n",
			"public/js/quotation.js": "",
			"public/js/crm.bundle.js": "",
			"patches.txt": "[post_model_sync]\n# a comment\ndafater_crm.patches.v1.fill #1\n",
			"patches/v1/fill.py": "def execute():\n\tpass\n",
		},
	)
	assert check(source) == []


@pytest.mark.parametrize(
	("hooks", "expected"),
	[
		('after_install = "dafater_crm.setup.absent"\n', "dafater_crm.setup.absent does not exist"),
		('after_install = "dafater_crm.events.absent"\n', "dafater_crm.events.absent does not exist"),
		('x = "dafater_crm.wrong.on_submit"\n', "is not a function of ours"),
		('doctype_js = {"Quotation": "public/js/absent.js"}\n', "no file public/js/absent.js"),
		('app_include_css = "/assets/dafater_crm/css/absent.css"\n', "no file public/css/absent.css"),
		('app_include_js = "absent.bundle.js"\n', "no bundle absent.bundle.js"),
		("import frappe\n", "no imports, no logic"),
		("if True:\n\tx = 1\n", "no imports, no logic"),
		("x = 1\n" * 201, "keep it under 200"),
	],
)
def test_broken_hooks_are_reported(tmp_path: Path, hooks: str, expected: str) -> None:
	files = {"hooks.py": hooks, "events.py": EVENTS, "wrong.py": "import os as on_submit\n"}
	assert expected in texts(check(sample(tmp_path, files)))


@pytest.mark.parametrize(
	("patches", "expected"),
	[
		("dafater_crm.patches.absent\n", "dafater_crm.patches.absent has no function execute"),
		("dafater_crm.patches.empty\n", "dafater_crm.patches.empty has no function execute"),
		("execute:frappe.reload_doc()\n", "write a patch module"),
	],
)
def test_broken_patches_are_reported(tmp_path: Path, patches: str, expected: str) -> None:
	source = sample(tmp_path, {"patches.txt": patches, "patches/empty.py": ""})
	assert expected in texts(check(source))
