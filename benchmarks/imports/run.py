"""`python -m benchmarks.imports.run SITE ROWS`, from a sites directory: rows a second and statements a row, both in one run.

The file is that of `benchmarks/duplicates` (10 % planted duplicates, fixed seed), so our side normalises, validates,
finds duplicates and fills up what is known. The peer imports the first rows of the same file with Frappe's own importer; it
knows no duplicates but an equal e-mail address, so its rows get addresses of their own. PEER=0 leaves it out.

Seconds of processors (of both our processes, without the database) waver less than rows a second where other programs run.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import time

import frappe

from benchmarks.counting import counted, processor_seconds
from benchmarks.duplicates.generator import HEADINGS, LEVELS, Generator
from dafater_crm.commands import make_import
from dafater_crm.records import import_run

PEER_ROWS = 500
SEED = 1
TARGET = 1_000  # rows a second
NAME, COMPANY, MOBILE, CITY = "الاسم", "المنشأة", "الجوال", "المدينة"


def main(site: str, rows: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	table = Generator(SEED, LEVELS["normal"]).generate(int(rows)).rows
	speed, statements = ours(table)
	print(f"ours    {speed:8.0f} rows a second, {statements:.2f} statements a row, {len(table):,} rows")
	if os.environ.get("PEER", "1") != "0":
		beside(speed, *theirs(table[:PEER_ROWS]))
	passed = speed >= TARGET
	print(f"{'PASS' if passed else 'FAIL'}  at least {TARGET:,} rows a second")
	return 0 if passed else 1


def beside(speed: float, peer_speed: float, peer_statements: float) -> None:
	print(
		f"theirs  {peer_speed:8.0f} rows a second, {peer_statements:.2f} statements a row, {PEER_ROWS:,} rows"
	)
	print(f"ratio   {speed / peer_speed:8.1f}")


def ours(table: list[list[str]]) -> tuple[float, float]:
	path = "/tmp/bench-import.csv"
	with open(path, "w", newline="", encoding="utf-8") as target:
		csv.writer(target).writerows([HEADINGS, *table])
	doc = make_import(path, when_wrong="Leave the Value Out")
	doc.begin(import_run.IMPORTING, in_background=False)
	frappe.db.commit()
	before = processor_seconds()
	with counted() as count:
		started = time.monotonic()
		import_run.run(doc.name, dry=False)
		seconds = time.monotonic() - started
	own, second = (after - earlier for after, earlier in zip(processor_seconds(), before, strict=True))
	doc.reload()
	print(
		f"{doc.created:,} new, {doc.merged:,} filled up, {doc.refused:,} refused, {doc.doubtful:,} in doubt, {seconds:.1f} s",
		flush=True,
	)
	print(
		f"seconds of processors: {own:.1f} in the process that stores, {second:.1f} in the one beside;"
		f" {len(table) / (own + second):.0f} rows for each",
		flush=True,
	)
	return len(table) / seconds, count[0] / len(table)


def theirs(table: list[list[str]]) -> tuple[float, float]:
	from frappe.core.doctype.data_import.importer import Importer

	out = io.StringIO()
	writer = csv.writer(out)
	writer.writerow(["First Name", "Organization Name", "Mobile No", "Email", "City"])
	for number, row in enumerate(table):
		cells = dict(zip(HEADINGS, row, strict=True))
		name = cells[NAME] or cells[COMPANY]
		writer.writerow([name, cells[COMPANY], cells[MOBILE], f"peer{number}@example.com", cells[CITY]])
	file = frappe.get_doc({"doctype": "File", "file_name": "peer.csv", "content": out.getvalue()}).insert()
	doc = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": "Lead",
			"import_type": "Insert New Records",
			"import_file": file.file_url,
			"mute_emails": 1,
		}
	).insert()
	frappe.db.commit()
	before = frappe.db.count("Lead")
	with counted() as count:
		started = time.monotonic()
		Importer("Lead", data_import=doc).import_data()
		seconds = time.monotonic() - started
	made = frappe.db.count("Lead") - before
	print(f"Frappe's Data Import made {made:,} of {len(table):,} leads in {seconds:.1f} s", flush=True)
	return made / seconds, count[0] / max(made, 1)


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
