"""Fills a site with one size of the data: masters through their controllers, everything else in sets."""

from __future__ import annotations

import time
from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from benchmarks import sizes
from benchmarks.on_site import indexes, masters, staging
from benchmarks.on_site.columns import RECORDS, Filling
from benchmarks.on_site.columns_around import AROUND, MESSAGES, OURS, THEIRS
from benchmarks.on_site.columns_documents import DOCUMENTS

MARK = "bench_filled"
# changes with every change of what is filled, so that an older kept site is filled anew
EDITION = "1"


def ensure(size: str) -> dict:
	"""Fill the site unless it holds this size already. Returns size, seed, last_day, seconds of the filling."""
	known = filled()
	if known and (known["size"], known["edition"]) == (size, EDITION):
		return known
	if known:
		frappe.throw(
			f"This site holds size {known['size']}, edition {known['edition']}: renew it with FRESH=1."
		)
	if frappe.db.exists("Dafater Lead", {"name": ("is", "set")}):
		frappe.throw("This site was filled half-way: renew it with FRESH=1.")
	started = time.monotonic()
	last_day = getdate() - timedelta(days=1)
	_fill(size, last_day)
	mark = {
		"size": size,
		"edition": EDITION,
		"seed": sizes.SEED,
		"last_day": str(last_day),
		"seconds": round(time.monotonic() - started),
	}
	frappe.db.set_default(MARK, frappe.as_json(mark))
	frappe.db.commit()
	return mark


def filled() -> dict | None:
	found = frappe.db.get_default(MARK)
	return frappe.parse_json(found) if found else None


def company() -> str:
	return frappe.get_all("Company", pluck="name", limit=1)[0]


def _fill(size: str, last_day: date) -> None:
	_say(f"filling size {size}: {', '.join(f'{n:,} {kind}' for kind, n in sizes.volume(size).items())}")
	masters.make(company(), last_day)
	staging.create()
	staging.load(sizes.blocks(size), last_day)
	_say("generated")
	frappe.db.sql("set session unique_checks = 0, session foreign_key_checks = 0")
	frappe.db.sql_ddl(f"drop table if exists `{parked(THEIRS)}`")
	frappe.db.sql_ddl(f"create table `{parked(THEIRS)}` like `tabCommunication`")
	values, fillings = _values(), (*RECORDS, *AROUND, *DOCUMENTS)
	tables = sorted({f"tab{filling.doctype}" for filling in fillings})
	tables += ["tabCommunication", parked(THEIRS)]
	with indexes.rebuilt(tables):
		for filling in fillings:
			insert(filling, f"tab{filling.doctype}", values)
		# Each CRM has messages in a table of its own: on one they would both scan the other's.
		insert(MESSAGES[OURS], "tabCommunication", values)
		insert(MESSAGES[THEIRS], parked(THEIRS), values)
		_say("building indexes")
	for table in tables:
		frappe.db.sql_ddl(f"analyze table `{table}`")


def parked(side: str) -> str:
	return f"bench_messages_{side}"


def use_messages_of(side: str) -> None:
	"""Put the messages of one CRM in the place of Communication, unless they are there."""
	other = THEIRS if side == OURS else OURS
	frappe.db.commit()
	if frappe.db.sql("show tables like %s", parked(side)):
		frappe.db.sql_ddl(
			f"rename table `tabCommunication` to `{parked(other)}`, `{parked(side)}` to `tabCommunication`"
		)


def insert(filling: Filling, table: str, values: dict) -> None:
	"""Run one filling and commit. Values are escaped, expressions come from this package alone."""
	started = time.monotonic()
	columns = ", ".join(f"`{name}`" for name in filling.columns)
	chosen = ", ".join(filling.columns.values())
	for name, value in values.items():
		chosen = chosen.replace(f"%({name})s", frappe.db.escape(value))
	frappe.db.sql(
		f"insert into `{table}` ({columns}) select {chosen} from {filling.source} where {filling.where}"
	)
	count = frappe.db._cursor.rowcount
	frappe.db.commit()
	_say(f"  {filling.doctype}: {count:,} rows in {time.monotonic() - started:.1f} s")


def _values() -> dict:
	owner = company()
	return {
		"company": owner,
		"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
		"price_list": frappe.db.get_value("Price List", {"selling": 1}),
		"debit_to": frappe.get_cached_value("Company", owner, "default_receivable_account"),
	}


def _say(text: str) -> None:
	print(text, flush=True)
