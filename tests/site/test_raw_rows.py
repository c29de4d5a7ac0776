"""Rows that are appended in one statement arrive as each was given, whatever stands in them."""

from __future__ import annotations

from datetime import datetime

import frappe
import pytest

from dafater_crm.records.raw_rows import append_rows, insert_rows

ROW = "Comment"
ODD = [
	"",
	None,
	"50% %s %(name)s",
	'O\'Neil \\ "quoted"',
	"ifnull(a, b)",
	"سطر\nثانٍ 😀",
	"0",
	"x" * 20_000,
]


def stored(names: list[str]) -> list:
	rows = frappe.get_all(ROW, {"name": ("in", names)}, ["name", "idx", "comment_type", "content", "owner"])
	by_name = {row.pop("name"): dict(row) for row in rows}
	return [by_name[name] for name in names]


@pytest.mark.parametrize("most", [5000, 3, 1])
def test_rows_arrive_as_they_were_given(monkeypatch, most):
	monkeypatch.setattr("dafater_crm.records.raw_rows.MOST_ROWS", most)
	rows = [
		{"idx": number, "comment_type": "Created", "content": text, "owner": "odd@example.com"}
		for number, text in enumerate(ODD)
	]
	names = append_rows(ROW, iter(rows))
	assert stored(names) == rows


def test_what_all_rows_say_is_kept_and_so_is_what_looks_alike():
	alike = {"comment_type": "Created", "idx": 7, "owner": "a@example.com"}
	names = append_rows(ROW, [{**alike, "content": value} for value in (1, True, "1")])
	assert stored(names) == [{**alike, "content": "1"}] * 3


def test_a_key_that_some_rows_lack_is_empty_in_them():
	moment = datetime(2026, 3, 1, 8, 30, 15, 123456)
	insert_rows(
		ROW,
		[
			{"name": "raw-row-one", "creation": moment, "idx": 1},
			{"name": "raw-row-two", "creation": moment, "comment_type": "Skipped", "idx": 2},
		],
	)
	one, two = (frappe.db.get_value(ROW, name, "*", as_dict=True) for name in ("raw-row-one", "raw-row-two"))
	assert (one.idx, one.comment_type, one.creation) == (1, None, moment)
	assert (two.idx, two.comment_type, two.creation) == (2, "Skipped", moment)


def test_a_row_whose_key_is_taken_is_left_out_alone():
	insert_rows(ROW, [{"name": "raw-row-one", "idx": 1}])
	insert_rows(ROW, [{"name": "raw-row-one", "idx": 2}, {"name": "raw-row-two", "idx": 2}], True)
	found = frappe.get_all(ROW, {"name": ("like", "raw-row-%")}, ["name", "idx"], order_by="name")
	assert [(row.name, row.idx) for row in found] == [("raw-row-one", 1), ("raw-row-two", 2)]
	with pytest.raises(Exception, match="Duplicate entry"):
		insert_rows(ROW, [{"name": "raw-row-one", "idx": 3}])
