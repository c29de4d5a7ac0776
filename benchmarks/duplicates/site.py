"""`python -m benchmarks.duplicates.site SITE RESULT [LEVEL …]`, from a sites directory: the nightly search as a site runs it.

50,000 made-up leads are stored by their controller; then `duplicate_search.run` does what it does on the first night after the app was
installed on leads that had none of its keys: files all leads, counts names, and looks for doubles of each. The pairs in its list are
compared with what was planted. The keys are in SQL and a common one is left out there, so this is not what
`run.py` measures in memory.

The pairs that the list calls certain are put into groups, as merging them all would; as in `run.py`, precision is the share of pairs of
one group that are one person or branch, and recall the share of true pairs that are in one group. Of three rows of one person two pairs
are enough. Pairs (precision, recall): the same of the listed pairs alone.

The job does one thing after the other, so the seconds of processors that it and its connection to the database use are what it takes on a
machine that does nothing else. The clock is judged; on a busy machine it says more.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import frappe
from frappe.utils import nowdate

from benchmarks.counting import counted, processor_seconds
from benchmarks.duplicates.generator import HEADINGS, LEVELS, Data, Generator
from benchmarks.duplicates.scores import (
	TARGET,
	TARGET_SECONDS,
	connected,
	pairs_of,
	precision_and_recall,
	true_groups,
)
from dafater_crm.domain import headings
from dafater_crm.intake.rows import RowCleaner
from dafater_crm.intake.table import Row
from dafater_crm.queries.duplicates import CANDIDATE, FREQUENCIES, FREQUENCIES_KEY, KEY, LEAD
from dafater_crm.records import duplicate_search
from dafater_crm.records.bulk import NewDocuments
from dafater_crm.records.import_file import values_of

SEED = 1
BATCH = 500


def main(site: str, path: str, *levels: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	rows = int(os.environ.get("ROWS") or 50_000)
	print(
		"level      leads  precision   recall   (pairs alone)  certain  possible  seconds    CPU s   database  statements",
		flush=True,
	)
	result = {"rows": rows, "cores": os.cpu_count()}
	found = result["levels"] = [measure(level, rows) for level in levels or LEVELS]
	Path(path).write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
	passed = all(one["passed"] for one in found)
	print(
		f"{'PASS' if passed else 'FAIL'}  precision and recall at least {TARGET} in under {TARGET_SECONDS} seconds"
	)
	return 0 if passed else 1


def measure(level: str, rows: int) -> dict:
	data = Generator(SEED, LEVELS[level]).generate(rows)
	names = fill(data)
	as_on_the_first_night()
	cpu, database = processor_seconds()[0], database_seconds()
	with counted() as statements:
		started = time.monotonic()
		duplicate_search.run()
		seconds = time.monotonic() - started
	cpu, database = processor_seconds()[0] - cpu, database_seconds() - database
	expected = pairs_of(true_groups(data.truth))
	certain, possible = listed(names, 1), listed(names, 0)
	precision, recall = precision_and_recall(pairs_of(connected(certain)), expected)
	alone = precision_and_recall(certain, expected)
	found = {
		"level": level,
		"day": nowdate(),
		"load": round(os.getloadavg()[0], 1),
		"leads": len(names),
		"precision": round(precision, 4),
		"recall": round(recall, 4),
		"pair_precision": round(alone[0], 4),
		"pair_recall": round(alone[1], 4),
		"certain": len(certain),
		"possible": len(possible),
		"seconds": round(seconds, 1),
		"cpu_seconds": round(cpu, 1),
		"database_seconds": round(database, 1),
		"statements": statements[0],
		"passed": min(precision, recall) >= TARGET and seconds < TARGET_SECONDS,
	}
	print(
		f"{level:8}{len(names):8,}{precision:11.4f}{recall:9.4f}{alone[0]:8.4f}{alone[1]:7.4f}{len(certain):9,}{len(possible):10,}"
		f"{seconds:9.1f}{cpu:9.1f}{database:11.1f}{statements[0]:12,}",
		flush=True,
	)
	return found


def database_seconds() -> float:
	"""Seconds of processors so far of the server's thread that serves this connection; 0 where the server is on another machine."""
	process = frappe.qb.Schema("information_schema").PROCESSLIST
	thread = (
		frappe.qb.from_(process).select(process.TID).where(frappe.db._conn.thread_id() == process.ID).run()
	)
	for path in Path("/proc").glob(f"[0-9]*/task/{thread[0][0]}/stat"):
		times = path.read_text().rpartition(")")[2].split()
		return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
	return 0.0


def fill(data: Data) -> dict[str, int]:
	"""Store the leads in place of all that the site has; name -> row."""
	for doctype in (LEAD, KEY, CANDIDATE):
		frappe.db.delete(doctype)
	cleaner = RowCleaner(headings.recognise(HEADINGS, data.rows[:100]))
	leads, names = NewDocuments(LEAD), {}
	for start in range(0, len(data.rows), BATCH):
		rows = [
			cleaner.clean(Row(place, list(cells)))
			for place, cells in enumerate(data.rows[start : start + BATCH], start=start)
		]
		values = [values_of(row) for row in rows]
		leads.know_links(values)
		docs = [leads.make(one) for one in values]
		leads.insert_all(docs)
		names.update({doc.name: row.number for doc, row in zip(docs, rows, strict=True)})
		frappe.db.commit()
	return names


def as_on_the_first_night() -> None:
	"""No key, no count and no earlier search."""
	frappe.db.delete(KEY)
	frappe.db.set_single_value(FREQUENCIES, {"records": 0, "counts": None, "last_search_on": None})
	frappe.db.commit()
	frappe.cache.delete_value(FREQUENCIES_KEY)
	for doctype in (LEAD, KEY):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def listed(names: dict[str, int], certain: int) -> set[tuple[int, int]]:
	"""Pairs of rows in the list of possible duplicates."""
	rows = frappe.get_all(CANDIDATE, {"certain": certain}, ["lead_a", "lead_b"], as_list=True)
	return {tuple(sorted((names[one], names[other]))) for one, other in rows}


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
