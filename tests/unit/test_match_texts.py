"""Every reason that the matching can give is told in its own words, on the site and in the audit, in both languages."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from dafater_crm.audit.words_ar import ARABIC
from dafater_crm.audit.words_en import ENGLISH

PACKAGE = Path(__file__).parents[2] / "dafater_crm"
MODULES = ("matching", "contact_evidence", "name_similarity", "organisations")
CODE = re.compile(
	r"(same|similar)_[a-z_]+|name_(variant|typo|initial|swapped|shorter)|family_name_only|[a-z_]+_differs|company_and_person"
)
# what an f-string of these modules is filled with
NUMBERS = ("cr_number", "vat_number")


def codes() -> set[str]:
	"""The reasons in the source: texts that look like one, and those that are put together of a number's name."""
	found = set()
	for module in MODULES:
		tree = ast.parse((PACKAGE / "domain" / f"{module}.py").read_text(encoding="utf-8"))
		for node in ast.walk(tree):
			if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
				found.add(node.value)
			if isinstance(node, ast.JoinedStr):
				for number in NUMBERS:
					parts = (part.value if isinstance(part, ast.Constant) else number for part in node.values)
					found.update(text for text in ["".join(parts)] if CODE.fullmatch(text))
	return found


def sentences() -> dict[str, str]:
	"""The site's sentences, read without Frappe: code -> English."""
	tree = ast.parse((PACKAGE / "records" / "match_texts.py").read_text(encoding="utf-8"))
	(table,) = (node.value for node in tree.body if isinstance(node, ast.Assign))
	return {key.value: value.args[0].value for key, value in zip(table.keys, table.values, strict=True)}


def arabic() -> dict[str, str]:
	with (PACKAGE / "translations" / "ar.csv").open(encoding="utf-8", newline="") as file:
		return {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}


def test_the_source_gives_the_reasons_that_are_known():
	assert {"same_mobile", "same_vat_number", "cr_number_differs", "family_name_only"} <= codes()
	assert len(codes()) >= 31


@pytest.mark.parametrize("table", ["site", "English", "Arabic"])
def test_every_reason_has_words_and_nothing_else_has(table):
	audit = {
		language: {key.removeprefix("reason_") for key in words if key.startswith("reason_")}
		for language, words in {"English": ENGLISH, "Arabic": ARABIC}.items()
	}
	assert {**audit, "site": set(sentences())}[table] == codes()


def test_no_two_reasons_say_the_same_in_either_language():
	english, translated = sentences(), arabic()
	assert len(set(english.values())) == len(english)
	assert len({translated[text] for text in english.values()}) == len(english)
