"""Leads that may be the same person or company: filed under keys, looked up in sets, compared by `domain.matching`.

No permission here: whether a double exists must be known whosesoever it is. What a person is told of it is decided by
`open_candidates` and by the lists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint
from pypika.terms import LiteralValue

from dafater_crm.domain.blocking import stored_keys
from dafater_crm.domain.duplicates import LARGEST_BLOCK, likely, shareable
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.matching import Match
from dafater_crm.domain.names import word
from dafater_crm.domain.profiles import Profile, Record, profile
from dafater_crm.queries.access import row_access

LEAD, KEY, CANDIDATE = "Dafater Lead", "Dafater Match Key", "Dafater Duplicate Candidate"
FREQUENCIES, FREQUENCIES_KEY = "Dafater Name Frequencies", "dafater_name_frequencies"

WORDS = "words"  # of these the key is a word, of which its text is kept
COUNTED = (WORDS, "spellings", "given", "families", "organisation_words", "cities")
PHONES = ("mobile_no", "phone", "whatsapp_no")
# what a lead is compared by: a change of none of them changes no key
COMPARED = (
	*("lead_name", "lead_name_latin", "organisation_name", "organisation_name_latin"),
	*PHONES,
	*("email_id", "cr_number", "vat_number", "national_id", "city"),
)


@dataclass(frozen=True)
class OwnKeys:
	"""The keys of leads that somebody has made since a moment (site's time): those of a running import."""

	user: str
	since: datetime


def profile_of(lead) -> Profile:
	"""The profile of a lead: a document, or a row with the columns `COMPARED`."""
	return profile(
		Record(
			name=lead.get("lead_name") or "",
			name_latin=lead.get("lead_name_latin") or "",
			organisation=lead.get("organisation_name") or "",
			organisation_latin=lead.get("organisation_name_latin") or "",
			phones=tuple(lead.get(field) for field in PHONES if lead.get(field)),
			emails=(lead.get("email_id"),) if lead.get("email_id") else (),
			cr_number=lead.get("cr_number") or "",
			vat_number=lead.get("vat_number") or "",
			national_id=lead.get("national_id") or "",
			city=lead.get("city") or "",
		)
	)


def matches(
	wanted: dict[str, Profile],
	known: dict[str, Profile] | None = None,
	frequencies: Frequencies | None = None,
	keys: dict[str, list[str]] | None = None,
	but_not: OwnKeys | None = None,
) -> dict[str, list[tuple[str, Match]]]:
	"""For each name in `wanted` the stored leads that may be the same, best first, the earlier lead first among equals.

	`wanted` maps the names of leads, or any other text for rows that are none yet, to their profiles. Keys that more leads
	have than a block may hold are left out: they are common names, and who agrees in more has other keys too. One
	statement, whatever the number of profiles; with `known`, profiles of leads that a job has met before and that it
	keeps between calls, a second one for the leads that are not among them. `keys`: the stored keys of `wanted`, where
	they have been worked out already. `but_not`: keys that are neither looked at nor counted.
	"""
	keys = keys or {name: stored_keys(profile) for name, profile in wanted.items()}
	if known is None:
		holders, profiles = _holders(keys)
	else:
		holders, profiles = _holder_names(keys, but_not), known
		met = {lead for leads in holders.values() for lead in leads}
		known.update(profiles_of(met - known.keys()))
	if not holders:
		return {}
	frequencies = frequencies or stored_frequencies()
	compared = {lead for leads in holders.values() for lead in leads if lead in profiles}
	with_holders(frequencies, [*wanted.values(), *(profiles[lead] for lead in compared)])
	found: dict[str, list[tuple[str, Match]]] = {}
	name_bits: dict[str, float] = {}
	for name, leads in holders.items():
		others = ((lead, profiles[lead]) for lead in leads if lead != name and lead in profiles)
		if same := likely(wanted[name], others, frequencies, name_bits):
			found[name] = same
	return found


def profiles_of(names: Iterable[str]) -> dict[str, Profile]:
	"""Profiles of stored leads by name; one statement, none for no names."""
	names = list(names)
	if not names:
		return {}
	lead = DocType(LEAD)
	rows = (
		frappe.qb.from_(lead)
		.select(lead.name, *(lead[field] for field in COMPARED))
		.where(lead.name.isin(names))
		.run(as_dict=True)
	)
	return {row.name: profile_of(row) for row in rows}


def with_holders(frequencies: Frequencies, profiles: Iterable[Profile]) -> Frequencies:
	"""The frequencies, with how many of these profiles share each phone, address and number of an employer."""
	contacts = Counter(shared for one in profiles for shared in shareable(one))
	frequencies.holders = {contact: count for contact, count in contacts.items() if count > 1}
	return frequencies


def stored_frequencies() -> Frequencies:
	"""How often names occur on this site, as the nightly search counted them; before that, what is usual."""
	kept = frappe.cache.get_value(FREQUENCIES_KEY, _read_frequencies)
	if not kept.get("counts"):
		return Frequencies.prior()
	found = Frequencies(records=kept["records"])
	for part in COUNTED:
		counts = kept["counts"].get(part, {})
		setattr(
			found,
			part,
			Counter({word(text): count for text, count in counts.items()} if part == WORDS else counts),
		)
	return found


def _read_frequencies() -> dict:
	values = frappe.db.get_singles_dict(FREQUENCIES)
	return {
		"records": cint(values.get("records")),
		"counts": frappe.parse_json(values.get("counts") or "{}"),
	}


def open_candidates(lead: str, most: int = 20) -> list[dict]:
	"""Open candidates of a lead for the form; see `api.duplicates.of_lead`. Three statements."""
	candidate = DocType(CANDIDATE)
	rows = (
		frappe.qb.from_(candidate)
		.select(*(candidate[field] for field in ("name", "lead_a", "lead_b", "score", "certain", "reasons")))
		.where(((candidate.lead_a == lead) | (candidate.lead_b == lead)) & (candidate.status == "Open"))
		.orderby(candidate.score, order=frappe.qb.desc)
		.limit(most)
		.run(as_dict=True)
	)
	others = {row.name: row.lead_b if row.lead_a == lead else row.lead_a for row in rows}
	known = _titles(others.values())
	access = row_access(LEAD)
	found = []
	for row in rows:
		other = known.get(others[row.name])
		if not other:
			continue
		readable = access.allows(frappe._dict(other, doctype=LEAD))
		found.append(
			{
				"candidate": row.name,
				"lead": other.name if readable else None,
				"title": other.title if readable else None,
				"owner_name": other.owner_name,
				"score": row.score,
				"certain": row.certain,
				"reasons": frappe.parse_json(row.reasons) or [],
				"readable": readable,
			}
		)
	return found


def _titles(names: Iterable[str]) -> dict:
	names = list(names)
	if not names:
		return {}
	lead, user = DocType(LEAD), DocType("User")
	rows = (
		frappe.qb.from_(lead)
		.left_join(user)
		.on(user.name == lead.lead_owner)
		.select(
			lead.name, lead.title, lead.owner, lead.lead_owner, lead._assign, user.full_name.as_("owner_name")
		)
		.where(lead.name.isin(names))
		.run(as_dict=True)
	)
	return {row.name: row for row in rows}


def _holder_names(keys: dict[str, list[str]], but_not: OwnKeys | None) -> dict[str, set[str]]:
	"""name in `keys` -> names of the leads that are filed under one of its keys."""
	asked = _asked(keys)
	table = DocType(KEY)
	found: dict[str, set[str]] = defaultdict(set)
	if asked:
		for key, lead in _small_blocks(asked, table, but_not).select(table.match_key, table.lead).run():
			for name in asked[key]:
				found[name].add(lead)
	return found


def _holders(keys: dict[str, list[str]]) -> tuple[dict[str, set[str]], dict[str, Profile]]:
	"""The same in one statement with the profiles of those leads."""
	asked = _asked(keys)
	if not asked:
		return {}, {}
	table, lead = DocType(KEY), DocType(LEAD)
	rows = (
		_small_blocks(asked, table)
		.join(lead)
		.on(lead.name == table.lead)
		.select(table.match_key, lead.name, *(lead[field] for field in COMPARED))
		.run(as_dict=True)
	)
	found: dict[str, set[str]] = defaultdict(set)
	profiles: dict[str, Profile] = {}
	for row in rows:
		if row.name not in profiles:
			profiles[row.name] = profile_of(row)
		for name in asked[row.match_key]:
			found[name].add(row.name)
	return found, profiles


def _asked(keys: dict[str, list[str]]) -> dict[str, list[str]]:
	asked: dict[str, list[str]] = defaultdict(list)
	for name, own in keys.items():
		for key in own:
			asked[key].append(name)
	return asked


def _small_blocks(asked: dict[str, list[str]], table, but_not: OwnKeys | None = None):
	"""Rows of the keys in `asked` that are not too common.

	What an import filed itself is most of what lies under its keys: it is passed over in the index, in both steps.
	"""
	counted = frappe.qb.from_(table).select(table.match_key).where(_is_one_of(table.match_key, asked))
	if but_not:
		counted = counted.where(_of_others(table, but_not))
	small = counted.groupby(table.match_key).having(Count("*") <= LARGEST_BLOCK).as_("small")
	rows = frappe.qb.from_(table).join(small).on(small.match_key == table.match_key)
	return rows.where(_of_others(table, but_not)) if but_not else rows


def _of_others(table, but_not: OwnKeys):
	return (table.owner != but_not.user) | (table.creation < but_not.since)


def _is_one_of(column, keys: Iterable[str]):
	"""`IN` for thousands of stored keys: hexadecimal digits need no parameters, which take longer to render than to look up."""
	listed = ",".join(f"'{int(key, 16):016x}'" for key in keys)
	return column.isin(LiteralValue(f"({listed})"))
