"""Files leads under their match keys, and notes pairs that may be one person or company.

The keys are written with the lead. The search runs after the commit, in a transaction of its own: sixteen people who
enter one person at the same moment cannot see each other's rows before, and the last one to commit then sees them all.
Nobody is refused because of a double; the pair is listed, shown on both forms, and a person decides.
"""

from __future__ import annotations

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.domain.blocking import stored_keys
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.matching import DUPLICATE
from dafater_crm.domain.profiles import Profile
from dafater_crm.queries import duplicates as found_in
from dafater_crm.queries.duplicates import CANDIDATE, COMPARED, KEY
from dafater_crm.records.merge import pair_key
from dafater_crm.records.raw_rows import append_rows

ENTRY, IMPORT, NIGHTLY = "Entry", "Import", "Nightly Search"
# A double of forty is a matter for the list, not for forty times thirty-nine rows.
MOST_PAIRS = 5


def file_lead(doc) -> None:
	"""Step of a lead's `on_update`: keys follow what the lead is compared by, and the search is asked for.

	No statement when nothing changed; one for a new lead, two for another.
	"""
	before = doc.get_doc_before_save()
	if before and all(_same(before.get(field), doc.get(field)) for field in COMPARED):
		return
	if before:
		frappe.db.delete(KEY, {"lead": doc.name})
	profile = found_in.profile_of(doc)
	store_keys({doc.name: stored_keys(profile)}, doc.creation)
	if frappe.get_cached_doc("Dafater CRM Settings").find_duplicates and not doc.flags.dafater_compared:
		_search_after_commit(doc.name, profile, is_new=before is None)


def forget(doc) -> None:
	"""A lead that is deleted leaves no keys and no candidates."""
	frappe.db.delete(KEY, {"lead": doc.name})
	candidate = frappe.qb.DocType(CANDIDATE)
	frappe.qb.from_(candidate).delete().where(
		(candidate.lead_a == doc.name) | (candidate.lead_b == doc.name)
	).run()


def store_keys(keys: dict[str, list[str]], creation=None) -> None:
	"""File leads under their keys (name -> `blocking.stored_keys`); one statement. Keys are as old as their lead, and of
	its owner: an import leaves its own leads out by that."""
	rows = ({"lead": name, "match_key": key} for name, own in keys.items() for key in own)
	append_rows(KEY, rows, creation)


def store_pairs(matches: dict, found_by: str) -> int:
	"""Note the best matches of each lead (as `queries.duplicates.matches` gives them) as candidates; one statement.

	A pair that a person decided on stays as it is. Returns how many pairs were offered.
	"""
	now = now_datetime()
	rows = {}
	for name, likely in matches.items():
		for other, match in likely[:MOST_PAIRS]:
			pair = pair_key(name, other)
			first, second = pair.split("|")
			rows[pair] = {
				"lead_a": first,
				"lead_b": second,
				"pair": pair,
				"status": "Open",
				"score": round(100 * match.score, 1),
				"certain": cint(match.decision == DUPLICATE),
				"reasons": frappe.as_json(list(match.reasons), indent=None),
				"found_by": found_by,
				"found_on": now,
			}
	append_rows(CANDIDATE, rows.values(), now, ignore_doubles=True)
	return len(rows)


def search(
	names: list[str],
	found_by: str,
	known: dict[str, Profile] | None = None,
	frequencies: Frequencies | None = None,
) -> int:
	"""Look for doubles of stored leads and note them; returns the number of pairs. Five statements at most.

	`known`: profiles of leads that a job keeps between calls; those that it meets are added. `frequencies`: read once for a job.
	"""
	known = {} if known is None else known
	known.update(found_in.profiles_of(name for name in names if name not in known))
	profiles = {name: known[name] for name in names if name in known}
	drop_suspicions(names)
	return store_pairs(found_in.matches(profiles, known, frequencies), found_by)


def drop_suspicions(names: list[str]) -> None:
	"""Open pairs of leads that are looked at anew: what they were based on may have changed. One statement."""
	candidate = frappe.qb.DocType(CANDIDATE)
	frappe.qb.from_(candidate).delete().where(
		(candidate.lead_a.isin(names) | candidate.lead_b.isin(names)) & (candidate.status == "Open")
	).run()


def _search_after_commit(name: str, profile, is_new: bool) -> None:
	waiting = getattr(frappe.local, "dafater_search", None)
	if not waiting:
		# as in recompute.py: a rollback clears Frappe's callbacks but not our list
		waiting = frappe.local.dafater_search = {}
		frappe.db.after_commit.add(_search_waiting)
		frappe.db.after_rollback.add(_forget_waiting)
	waiting[name] = (profile, is_new)


def _forget_waiting() -> None:
	frappe.local.dafater_search = {}


def _search_waiting() -> None:
	waiting, frappe.local.dafater_search = frappe.local.dafater_search, {}
	try:
		frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot that sees who committed at the same moment
		if changed := [name for name, (_profile, is_new) in waiting.items() if not is_new]:
			drop_suspicions(changed)
		store_pairs(found_in.matches({name: profile for name, (profile, _new) in waiting.items()}), ENTRY)
		frappe.db.commit()  # nosemgrep: manual-commit - this transaction is ours alone
	except Exception:
		# the lead is stored; the nightly search looks again
		frappe.db.rollback()
		frappe.log_error(title="Search for duplicates failed")


def _same(one, other) -> bool:
	return (one or "") == (other or "")
