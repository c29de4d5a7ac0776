"""A Single or a series that the uninstall does not name is found."""

from __future__ import annotations

from pathlib import Path

from checks.leftovers import check
from tests.unit.check_sample import doctype, sample, texts

UNINSTALL = 'OUR_SINGLES = ("Dafater Lead",)\nNAMING_SERIES = ("DLEAD-",)\n'


def series(options: str) -> list[dict]:
	return [{"fieldname": "naming_series", "fieldtype": "Select", "options": options}]


def found(tmp_path: Path, uninstall: str, **changes) -> str:
	files = {"setup/uninstall.py": uninstall, **doctype(**changes)}
	return texts(check(sample(tmp_path, files)))


def test_named_ones_pass(tmp_path: Path) -> None:
	assert found(tmp_path, UNINSTALL, issingle=1, fields=series("DLEAD-.YYYY.-\n")) == ""


def test_a_single_that_is_not_named(tmp_path: Path) -> None:
	assert "Dafater Lead is a Single and not in OUR_SINGLES" in found(
		tmp_path, "OUR_SINGLES = ()", issingle=1
	)


def test_every_series_of_a_doctype_counts(tmp_path: Path) -> None:
	said = found(tmp_path, UNINSTALL, fields=series("DLEAD-.YYYY.-\nOLD-.#####"))
	assert "series OLD- is not in NAMING_SERIES" in said
	assert "DLEAD-" not in said


def test_an_app_without_uninstall_is_no_matter(tmp_path: Path) -> None:
	assert check(sample(tmp_path, doctype(issingle=1))) == []
