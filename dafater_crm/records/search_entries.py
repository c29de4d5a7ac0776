"""Entries of the desk's search for documents that are written many at once.

Frappe notes what a saved document is found by in a queue in Redis, one command a document, and a job writes the queue into
the table every quarter of an hour. Here a batch goes into that queue with one command, before the commit as with
Frappe: an entry of a batch that is rolled back is written over when its name is given again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import frappe
from frappe.utils import cint, cstr
from frappe.utils.global_search import (
	get_formatted_value,
	sync_global_search,
	sync_values,
	update_global_search,
)
from redis.exceptions import ConnectionError as RedisGone

from dafater_crm.records import jobs

QUEUE, TABLE = "global_search_queue", "__global_search"
SYNC_JOB = "frappe.utils.global_search.sync_global_search"


class SearchEntries:
	"""Notes documents of one DocType for the search. What it is found by is looked up once."""

	def __init__(self, doctype: str):
		meta = frappe.get_meta(doctype)
		self.off = bool(frappe.conf.get("disable_global_search"))
		self.fields = meta.get_global_search_fields()
		self.can_be_off = meta.has_field("enabled")
		self.title_length = int(frappe.db.VARCHAR_LEN)
		# rows of child tables and pages of the website have rules of their own, which are left to Frappe
		children = (frappe.get_meta(df.options) for df in meta.get_table_fields())
		self.left_to_frappe = cint(meta.allow_guest_to_view) or any(
			child.get_global_search_fields() for child in children
		)

	def note(self, docs: Iterable) -> None:
		"""Queue the entries of saved documents, as `update_global_search` does one by one. No statement."""
		if self.off:
			return
		if self.left_to_frappe:
			for doc in docs:
				update_global_search(doc)
			return
		_queue([entry for doc in docs if (entry := self._entry(doc))])

	def _entry(self, doc) -> dict | None:
		if doc.docstatus > 1 or doc.get("disabled") or (self.can_be_off and not doc.get("enabled")):
			return None
		values = ((doc.get(df.fieldname), df) for df in self.fields)
		content = [get_formatted_value(value, df) for value, df in values if value]
		if not content:
			return None
		return {
			"doctype": doc.doctype,
			"name": doc.name,
			"content": " ||| ".join(content),
			"published": 0,
			"title": cstr(doc.get_title())[: self.title_length],
			"route": doc.get("route"),
		}


def _queue(entries: list[dict]) -> None:
	if not entries:
		return
	try:
		with frappe.cache.pipeline() as pipe:
			pipe.lpush(frappe.cache.make_key(QUEUE), *map(json.dumps, entries))
			pipe.execute()
	except RedisGone:
		sync_values([tuple(entry.values()) for entry in entries])


def sync_soon() -> None:
	"""Let a job write the queue when many entries have come, instead of with the next quarter of an hour."""
	jobs.soon(SYNC_JOB, queue="long", job_id="dafater-search-entries", deduplicate=True)


def sync_now() -> None:
	"""Write the queue at once, in a job: before entries are deleted that may still wait in it."""
	sync_global_search()


def forget(doctype: str, names: list[str]) -> None:
	"""Documents that were deleted without their controller are not found any more. One statement."""
	frappe.db.delete(TABLE, {"doctype": doctype, "name": ("in", names)})
