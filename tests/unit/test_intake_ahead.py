"""Rows made ready in place and in a process beside: the same rows, the same neighbours, nobody left behind."""

from __future__ import annotations

import csv
import subprocess
from random import Random

import pytest

from dafater_crm.domain.arabic import search_key
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.headings import EXACT, Column
from dafater_crm.intake import ahead

FIELDS = ("lead_name", "mobile_no", "city")
COLUMNS = tuple(Column(place, field, field, 1.0, EXACT) for place, field in enumerate(FIELDS))
ROWS, APART = 3000, 1500


def task(path, **values) -> ahead.Task:
	usual = {"sheet": None, "columns": COLUMNS, "region": "SA", "first_row": 0, "batch": 500}
	return ahead.Task(path=str(path), frequencies=Frequencies.prior(), **{**usual, **values})


@pytest.fixture
def long_file(tmp_path):
	"""Every person twice, 1,500 rows apart, the number in another form the second time."""
	path, random = tmp_path / "contacts.csv", Random(7)
	people = [
		("".join(random.choices("بتجدرسصعفقكلمنهي", k=6)), f"5{random.randrange(10**7):07d}0")
		for _ in range(APART)
	]
	with path.open("w", encoding="utf-8", newline="") as file:
		out = csv.writer(file)
		out.writerow(FIELDS)
		for number in range(ROWS):
			name, digits = people[number % APART]
			phone = f"0{digits}" if number < APART else f"+966 {digits}"
			out.writerow((name, phone, "مدينة" * 12))
	assert path.stat().st_size > ahead.SMALL_FILE
	return path


def test_the_process_beside_gives_what_is_read_in_place(long_file):
	beside = [one for batch in ahead.batches(task(long_file)) for one in batch]
	in_place = [one for batch in ahead.in_place(task(long_file)) for one in batch]
	assert len(beside) == ROWS
	assert beside == in_place


def test_what_the_lead_asks_is_answered_for_exactly_its_values(long_file):
	(row,) = (one for one in next(ahead.in_place(task(long_file))) if one.row.number == 9)
	name, phone = row.row.values["lead_name"], row.row.values["mobile_no"]
	assert row.worked_out == {
		("search_key", name): search_key(name),
		("latin_source_key", name): "",
		("to_e164", phone): phone,
	}


def test_neighbours_are_earlier_rows_of_the_same_person(long_file):
	rows = [one for batch in ahead.batches(task(long_file)) for one in batch]
	first, second = rows[7], rows[7 + APART]
	assert first.alike == []
	assert [number for number, _match in second.alike] == [first.row.number]


def test_reading_goes_on_at_a_row(long_file):
	(batch,) = list(ahead.batches(task(long_file, first_row=2900)))
	assert batch[0].row.number == 2900
	assert batch[-1].row.number == ROWS + 1


def test_a_reader_that_stops_leaves_no_process(long_file, monkeypatch):
	started = []
	popen = subprocess.Popen

	class Watched(popen):
		def __init__(self, *args, **values):
			super().__init__(*args, **values)
			started.append(self)

	monkeypatch.setattr(subprocess, "Popen", Watched)
	rows = ahead.batches(task(long_file, batch=10))
	next(rows)
	rows.close()
	assert started[0].wait(timeout=10) is not None


def test_an_error_beside_is_raised_here(tmp_path):
	path = tmp_path / "broken.xlsx"
	path.write_bytes(b"PK\x03\x04" + b"no workbook " * 40_000)
	with pytest.raises(RuleError):
		list(ahead.batches(task(path)))
