"""Medians, targets and the page of the benchmark."""

from __future__ import annotations

import pytest

from benchmarks import render, results
from benchmarks.duplicates import scores
from benchmarks.sizes import volume

MACHINE = {
	"cpu": "A Processor",
	"cores": 2,
	"memory_gb": 16,
	"buffer_pool_gb": 4.0,
	"python": "3.11",
	"mariadb": "10.11",
	"frappe": "15.1",
	"erpnext": "15.2",
	"dafater_crm": "0.1",
}


def side(seconds: float, statements: int = 3, rows: int = 10, memory: float = 5.0, runs: int = 5) -> dict:
	return {
		"outcome": "ok",
		"median": seconds,
		"seconds": [seconds] * runs,
		"statements": statements,
		"rows": rows,
		"reads": 1200,
		"memory": memory,
	}


def failed(kind: str, error: str = "", seconds: float = 60.0) -> dict:
	return {"outcome": kind, "error": error, "seconds": [seconds]}


def result(size: str, ours: float = 0.1, **pair) -> dict:
	found = {
		"key": "lost",
		"title": "Lost Opportunity",
		"ours": side(ours),
		"theirs": side(0.5),
		"manager": side(ours),
		"executive": side(ours),
		**pair,
	}
	return {
		"size": size,
		"seed": 1,
		"filled_in": 60,
		"last_day": "2026-06-30",
		"day": "2026-07-01",
		"runs": 5,
		"load": 0.3,
		"volume": volume(size),
		"machine": MACHINE,
		"peer_limit": 60.0,
		"pairs": [found],
		"truths": [
			{
				"report": "Lost Opportunity, x",
				"figure": "Lost",
				"theirs": 12.0,
				"documents": 10.5,
				"ours": 10.5,
			}
		],
	}


def missed(found: dict, results_of_all: dict | None = None) -> dict[str, list[str]]:
	checks = results.checks(found, results_of_all or {found["size"]: found})
	return {check["target"]: check["missed"] for check in checks if not check["passed"]}


def test_the_median_is_the_middle_run():
	assert results.median([9.0, 1.0, 2.0, 3.0, 100.0]) == 3.0


def test_a_run_within_every_target_passes():
	assert missed(result("m")) == {}
	assert missed(result("s", ours=0.4)) == {}


def test_seconds_statements_and_memory_are_checked_for_everybody():
	found = result("m", manager=side(1.2, statements=7, memory=101))
	assert missed(found) == {
		"each of ours takes at most 1 s, warm": ["Lost Opportunity (manager): 1.2"],
		"at most 4 statements, manager": ["Lost Opportunity (manager): 7"],
		"at most 100 MB": ["Lost Opportunity (manager): 101"],
	}


def test_an_administrator_has_four_statements():
	found = result("m", ours=0.1, executive=side(0.1, statements=4))
	found["pairs"][0]["ours"]["statements"] = 5
	assert missed(found) == {"at most 4 statements, ours": ["Lost Opportunity (ours): 5"]}


def test_a_report_of_ours_that_fails_is_a_miss():
	found = result("m", executive=failed("error", "TypeError: no"))
	assert missed(found) == {
		"each of ours takes at most 1 s, warm": ["Lost Opportunity (executive): TypeError: no"]
	}


def test_slower_than_the_peer_is_a_miss_and_a_late_peer_is_none():
	assert list(missed(result("m", theirs=side(0.05)))) == ["none slower than its peer"]
	assert missed(result("m", theirs=failed("late"))) == {}


def test_without_a_peer_nothing_is_said_about_it():
	alone = result("m")
	del alone["pairs"][0]["theirs"]
	for found, said in ((result("m"), True), (alone, False)):
		targets = [check["target"] for check in results.checks(found, {"m": found})]
		assert ("none slower than its peer" in targets) == said


@pytest.mark.parametrize(("seconds", "fails"), [(1.0, False), (1.1, True)])
def test_growth_from_s_to_l_is_at_most_that_of_the_rows(seconds, fails):
	small, large = result("s", ours=0.01), result("l", ours=seconds, theirs=failed("late"))
	found = missed(large, {"s": small, "l": large})
	assert ("from s to l at most 100 times the seconds" in found) is fails


def test_results_of_other_sizes_stay(tmp_path):
	results.store(result("m", ours=0.1), tmp_path)
	results.store(result("s", ours=0.2), tmp_path)
	results.store(result("m", ours=0.3), tmp_path)
	found = results.stored(tmp_path)
	assert list(found) == ["s", "m"]
	assert [size["pairs"][0]["ours"]["median"] for size in found.values()] == [0.2, 0.3]


def test_the_page_has_a_section_for_each_size_and_the_growth_between_them():
	page = render.page({"s": result("s", ours=0.02), "m": result("m", ours=0.1)})
	assert "## 10,000 leads (SIZE=s)" in page
	assert "## 100,000 leads (SIZE=m)" in page
	assert "| Lost Opportunity | 0.020 | 0.100 | 5.0 |" in page
	assert "## Growth" not in render.page({"m": result("m")})


def test_a_row_shows_both_and_the_ratio():
	page = render.page({"m": result("m", ours=0.1)})
	assert "| Lost Opportunity | 0.100 | 0.500 | 5.0 | 3 | 3 | 10 | 10 | 1,200 | 1,200 | 5.0 | 5.0 |" in page


def test_a_late_peer_and_an_error_stand_as_they_are():
	late = render.page({"m": result("m", ours=0.1, theirs=failed("late"))})
	assert "| Lost Opportunity | 0.100 | > 60 | > 600 | 3 | — | 10 | — | 1,200 | — | 5.0 | — |" in late
	broken = render.page({"m": result("m", theirs=failed("error", "IndexError: list | index", 2.04))})
	assert "| IndexError: list / index (after 2.0) | — |" in broken
	without = result("m")
	del without["pairs"][0]["theirs"]
	assert "| Lost Opportunity | 0.100 | — | — |" in render.page({"m": without})


def test_figures_and_targets_are_on_the_page():
	page = render.page({"m": result("m", ours=1.5)})
	assert "| Lost Opportunity | Lost | 12 | 10.50 | 10.50 |" in page
	assert "| **FAIL** | each of ours takes at most 1 s, warm | Lost Opportunity (ours): 1.5;" in page
	assert "| PASS | at most 100 MB | — |" in page


def test_the_page_says_what_the_seconds_depend_on():
	page = render.page({"m": result("m")})
	for text in (
		"A Processor",
		"2 cores",
		"ERPNext 15.2",
		"MariaDB 10.11",
		"Seed 1",
		"100,000 leads",
		"2026-07-01",
	):
		assert text in page


def test_a_busy_machine_is_named():
	assert "busy" not in render.page({"m": result("m")})
	assert "The machine was busy (load 7.7)" in render.page({"m": {**result("m"), "load": 7.7}})


def test_the_search_for_duplicates_has_a_section_once_it_ran(tmp_path):
	assert results.stored_duplicates(tmp_path) is None
	level = {
		"level": "hard",
		"load": 1.0,
		"database_seconds": 20.0,
		"precision": 0.991,
		"recall": 0.972,
		"pair_precision": 0.98,
		"pair_recall": 0.96,
		"seconds": 61.04,
	}
	level |= {"cpu_seconds": 33.0, "statements": 1123, "passed": True}
	results.store_duplicates({"rows": 50_000, "cores": 2, "levels": [{**level, "recall": 0.5}]}, tmp_path)
	results.store_duplicates({"rows": 50_000, "cores": 2, "levels": [{**level, "level": "easy"}]}, tmp_path)
	results.store_duplicates({"rows": 50_000, "cores": 2, "levels": [level]}, tmp_path)
	found = results.stored_duplicates(tmp_path)
	assert [one["level"] for one in found["levels"]] == ["easy", "hard"]
	page = render.page({"m": result("m")}, found)
	assert "## Duplicates among 50,000 leads of a site" in page
	assert "| hard | 0.9910 | 0.9720 | 0.9800, 0.9600 | 33.0 | 20.0 | 61.0 | 1 | 1,123 | PASS |" in page
	assert "Duplicates among" not in render.page({"m": result("m")})


def test_pairs_are_counted_against_the_truth():
	groups = scores.true_groups([7, 8, 7, 9, 7])
	assert groups == [[0, 2, 4]]
	expected = scores.pairs_of(groups)
	assert expected == {(0, 2), (0, 4), (2, 4)}
	assert scores.precision_and_recall({(0, 2), (1, 3)}, expected) == (0.5, 1 / 3)
	assert scores.precision_and_recall(set(), expected) == (0, 0)
	joined = scores.connected([(0, 2), (5, 6), (2, 4), (6, 5)])
	assert sorted(map(sorted, joined)) == [[0, 2, 4], [5, 6]]
