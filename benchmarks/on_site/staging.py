"""Staging tables: the generated rows as they are, from which both CRMs are filled with INSERT ... SELECT.

They stay in the site (`bench_lead`, `bench_document`, ...): the truth that both CRMs are held against is read from the same
facts, and a kept site needs no second filling.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from multiprocessing import Pool
from operator import attrgetter

import frappe

from benchmarks import block
from benchmarks.rows import KINDS
from benchmarks.sizes import SEED

BLOCKS_AT_ONCE = 50
SQL_TYPES = {
	"str": "varchar(140)",
	"int": "bigint",
	"float": "decimal(21,9)",
	"date": "date",
	"datetime": "datetime(6)",
}
KEYS = {
	"Lead": ("number", "ours", "theirs"),
	"Opportunity": ("ours", "theirs", "lead_number"),
	"Document": ("name", "kind"),
	"Line": ("parent",),
	"Customer": ("name",),
}


def table(kind: type) -> str:
	return f"bench_{kind.__name__.lower()}"


def create() -> None:
	"""Make the empty tables, in the collation of Frappe's own so that they can be joined by name."""
	for kind in KINDS:
		columns = [f"`{field.name}` {SQL_TYPES[field.type.split(' | ')[0]]}" for field in fields(kind)]
		keys = [f"key (`{name}`)" for name in KEYS.get(kind.__name__, ())]
		frappe.db.sql_ddl(f"drop table if exists `{table(kind)}`")
		frappe.db.sql_ddl(
			f"create table `{table(kind)}` ({', '.join(columns + keys)}) "
			"engine=InnoDB character set utf8mb4 collate utf8mb4_unicode_ci"
		)


def load(count: int, last_day: date) -> None:
	"""Generate `count` blocks and store them: the next ones are drawn on one core while the other stores these."""
	starts = range(0, count, BLOCKS_AT_ONCE)
	with Pool(1, initializer=_without_connection) as pool:
		waiting = pool.apply_async(_rows_of, (0, count, last_day))
		for start in starts:
			made = waiting.get()
			# one batch ahead, no more: a queue of them would hold the whole size in memory
			waiting = pool.apply_async(_rows_of, (start + BLOCKS_AT_ONCE, count, last_day))
			for kind, rows in zip(KINDS, made, strict=True):
				_insert(kind, rows)
			frappe.db.commit()
	for kind in KINDS:
		frappe.db.sql_ddl(f"analyze table `{table(kind)}`")


def _without_connection() -> None:
	"""A forked child must not use, or close, its parent's connection."""
	frappe.local.db = None


def _rows_of(start: int, count: int, last_day: date) -> list[list[tuple]]:
	"""The rows of one batch of blocks, by kind, each as a tuple in the order of its columns."""
	getters = [attrgetter(*(field.name for field in fields(kind))) for kind in KINDS]
	found: list[list[tuple]] = [[] for _kind in KINDS]
	for number in range(start, min(start + BLOCKS_AT_ONCE, count)):
		for position, rows in enumerate(block.make(number, SEED, last_day).rows()):
			found[position] += map(getters[position], rows)
	return found


def _insert(kind: type, rows: list[tuple]) -> None:
	if not rows:
		return
	places = ", ".join(["%s"] * len(fields(kind)))
	# executemany sends many rows in one statement
	frappe.db._cursor.executemany(f"insert into `{table(kind)}` values ({places})", rows)
