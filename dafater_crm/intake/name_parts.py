"""A person's name that stands in several columns of a row: brought together, nothing of it lost."""

from __future__ import annotations

from dafater_crm.domain.arabic import is_arabic, latin_key, search_key
from dafater_crm.domain.names import looks_like_company

from .blanks import is_blank

PARTS = ("first_name", "middle_name", "last_name")

Entries = dict[str, list[tuple[str, str]]]


def join_names(raw: Entries) -> list[tuple[str, str]]:
	"""Put the parts of a name beside the whole name of the row, in place; return what found no place, as (heading, text).

	``raw`` is field -> [(heading, text)]. "الاسم" often holds the given name alone, with the family in a column of its own: two people of
	one given name are then told apart by the family only.
	"""
	parts = [
		(name, heading, text) for name in PARTS for heading, text in raw.get(name, ()) if not is_blank(text)
	]
	if not parts:
		return []
	person = " ".join(text for _name, _heading, text in parts)
	heading, lead = raw.get("lead_name", [("", "")])[0]
	if not lead or is_blank(lead):
		raw["lead_name"] = [("", person)]
		return []
	if looks_like_company(lead):
		raw["lead_name"] = [("", person)]
		return _as_organisation(raw, heading, lead)
	missing = [part for part in parts if not _contains(lead, part[2])]
	if not missing:
		return []
	if is_arabic(lead) != is_arabic(person) and " " in search_key(lead):
		return _in_two_scripts(raw, heading, lead, person)
	if len(missing) == len(parts) and {"first_name", "last_name"} <= {part[0] for part in parts}:
		# a given and a family name are a name by themselves: this is another's, or a company's
		raw["lead_name"] = [("", person)]
		return [(heading, lead)]
	left = [part for part in missing if _is_said_otherwise(lead, part)]
	new = [part for part in missing if part not in left]
	before = [text for name, _heading, text in new if name == "first_name"]
	behind = [text for name, _heading, text in new if name != "first_name"]
	raw["lead_name"] = [(heading, " ".join((*before, lead, *behind)))]
	return [(heading, text) for _name, heading, text in left]


def _as_organisation(raw: Entries, heading: str, company: str) -> list[tuple[str, str]]:
	_heading, known = raw.get("organisation_name", [("", "")])[0]
	if not known or is_blank(known):
		raw["organisation_name"] = [(heading, company)]
		return []
	return [] if search_key(known) == search_key(company) else [(heading, company)]


def _in_two_scripts(raw: Entries, heading: str, lead: str, person: str) -> list[tuple[str, str]]:
	"""محمد القحطاني beside Mohammed and Al-Qahtani: one person, written twice."""
	if "lead_name_latin" in raw:
		return [("", person)]
	arabic, latin = (lead, person) if is_arabic(lead) else (person, lead)
	raw["lead_name"], raw["lead_name_latin"] = [(heading, arabic)], [("", latin)]
	return []


def _is_said_otherwise(lead: str, part: tuple[str, str, str]) -> bool:
	"""Tell whether a name holds a part in another spelling: Alkahtani is Al-Qahtani, and who has two names has a given one."""
	name, _heading, text = part
	if name == "first_name" and " " in search_key(lead):
		return True
	sound = set(latin_key(text).split())
	return bool(sound) and sound <= set(latin_key(lead).split())


def _contains(whole: str, part: str) -> bool:
	return _words(part) <= _words(whole)


def _words(name: str) -> set[str]:
	"""The words of a name, with or without the article: القحطاني is قحطاني."""
	return {word.removeprefix("ال").removeprefix("al") or word for word in search_key(name).split()}
