"""The nightly search: counts names, files leads that have no keys yet, and looks for doubles of what changed.

Idempotent and in batches with a commit each: a run that is cut short goes on the next night where it was.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint, now_datetime

from dafater_crm.domain import duplicates as counting
from dafater_crm.domain.blocking import RULES, stored_keys
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.profiles import Profile
from dafater_crm.queries.duplicates import (
	COMPARED,
	COUNTED,
	FREQUENCIES,
	FREQUENCIES_KEY,
	KEY,
	LEAD,
	profile_of,
	stored_frequencies,
)
from dafater_crm.records.duplicates import NIGHTLY, search, store_keys

BATCH = 500
# Words that fewer leads have are as good as unknown, and would make up most of what is kept.
RARE = 3
# Profiles that a search keeps, of some two kilobytes each.
MOST_KEPT = 200_000


def run() -> None:
	"""Job of the scheduler, daily."""
	file_anew()
	file_the_unfiled()
	count_names()
	if cint(frappe.get_cached_doc("Dafater CRM Settings").find_duplicates):
		search_changed()


def file_anew() -> int:
	"""New keys for every lead, once after the rules of keys have changed (`blocking.RULES`). Returns how many leads.

	Each lead has its old keys or its new ones at any moment; a run that is cut short begins again the next night. Then all leads are
	compared anew; what a person decided on stays.
	"""
	if cint(frappe.db.get_single_value(FREQUENCIES, "key_rules")) == RULES:
		return 0
	lead = DocType(LEAD)
	done, after = 0, ""
	while rows := (
		frappe.qb.from_(lead)
		.select(lead.name, *(lead[field] for field in COMPARED))
		.where(lead.name > after)
		.orderby(lead.name)
		.limit(BATCH)
		.run(as_dict=True)
	):
		frappe.db.delete(KEY, {"lead": ("in", [row.name for row in rows])})
		store_keys({row.name: stored_keys(profile_of(row)) for row in rows})
		frappe.db.commit()  # nosemgrep: manual-commit - a job in batches; what is filed stays filed
		done, after = done + len(rows), rows[-1].name
	frappe.db.set_single_value(FREQUENCIES, {"last_search_on": None, "key_rules": RULES})
	frappe.db.commit()  # nosemgrep: manual-commit - the end of this step
	return done


def file_the_unfiled() -> int:
	"""Keys for leads that have none: from before this table was, or written by plain SQL. Returns how many leads."""
	lead, key = DocType(LEAD), DocType(KEY)
	done = 0
	after = ""
	while True:
		rows = (
			frappe.qb.from_(lead)
			.left_join(key)
			.on(key.lead == lead.name)
			.select(lead.name, *(lead[field] for field in COMPARED))
			.where(key.name.isnull() & (lead.name > after))
			.orderby(lead.name)
			.limit(BATCH)
			.run(as_dict=True)
		)
		if not rows:
			return done
		store_keys({row.name: stored_keys(profile_of(row)) for row in rows})
		frappe.db.commit()  # nosemgrep: manual-commit - a job in batches; what is filed stays filed
		done, after = done + len(rows), rows[-1].name


def count_names() -> None:
	"""Count how often names occur, so that a common one says less; kept in a single record."""
	profiles = _all_profiles()
	found: Frequencies = counting.count(profiles)
	kept = {
		part: {
			getattr(key, "text", key): count for key, count in getattr(found, part).items() if count >= RARE
		}
		for part in COUNTED
	}
	values = {
		"records": found.records,
		"counts": frappe.as_json(kept, indent=None),
		"counted_on": now_datetime(),
	}
	frappe.db.set_single_value(FREQUENCIES, values)
	frappe.db.commit()  # nosemgrep: manual-commit - before the cache is emptied, or it would be filled with the old ones
	frappe.cache.delete_value(FREQUENCIES_KEY)


def search_changed() -> int:
	"""Look for doubles of every lead that changed since the last search began; returns the number of pairs.

	On the first night that is every lead. Each is met about seventeen times, as somebody's possible double: its words are
	worked out once. Who is changed meanwhile is looked at by that save, and again the next night.
	"""
	began, since = now_datetime(), frappe.db.get_single_value(FREQUENCIES, "last_search_on") or "2000-01-01"
	lead = DocType(LEAD)
	pairs, after = 0, ""
	met: dict[str, Profile] = {}
	frequencies = stored_frequencies()
	while True:
		names = (
			frappe.qb.from_(lead)
			.select(lead.name)
			.where((lead.modified >= since) & (lead.name > after))
			.orderby(lead.name)
			.limit(BATCH)
			.run(pluck=True)
		)
		if not names:
			break
		if len(met) > MOST_KEPT:
			met.clear()
		pairs += search(names, NIGHTLY, met, frequencies)
		frappe.db.commit()  # nosemgrep: manual-commit - a job in batches; what is found stays found
		after = names[-1]
	frappe.db.set_single_value(FREQUENCIES, "last_search_on", began)
	frappe.db.commit()  # nosemgrep: manual-commit - the end of the job
	return pairs


def _all_profiles() -> list:
	"""Profiles of all leads; read in pieces, since a cursor over a million rows would hold them all twice."""
	lead, profiles, after = DocType(LEAD), [], ""
	while True:
		rows = (
			frappe.qb.from_(lead)
			.select(lead.name, *(lead[field] for field in COMPARED))
			.where(lead.name > after)
			.orderby(lead.name)
			.limit(10 * BATCH)
			.run(as_dict=True)
		)
		if not rows:
			return profiles
		profiles += [profile_of(row) for row in rows]
		after = rows[-1].name
