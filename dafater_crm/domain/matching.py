"""Are two records one person, or one branch of one company? Evidence in bits, added up.

Each agreement is worth log2(how much likelier it is between two records of one person than between strangers);
the sum starts from how unlikely it is that two records taken at random are one (Fellegi and Sunter, 1969). The
weights below and in `contact_evidence` are judgement, checked by `make bench-duplicates`; the rarity of names is counted, not assumed.

Two things are no matter of bits. Persons who are reached otherwise (two mobiles, two addresses) and share nothing that one person
alone has are at most possible: a large firm employs several of one common name. So are two whose names contradict each
other, unless they share an ID or somebody's own e-mail address: a family has one mobile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from . import contact_evidence, name_similarity, organisations
from .contact_evidence import OF_THE_OFFICE, Evidence
from .frequencies import Frequencies
from .name_similarity import NameMatch
from .profiles import COMPANY, PERSON, UNNAMED, Profile, is_role_email

DUPLICATE = "duplicate"
POSSIBLE = "possible"
DIFFERENT = "different"

_ROUNDING = 1e-6
_MOST_OF_POSSIBLE = 0.49  # the score of a pair that is held back though its bits would do
_DUPLICATE_BITS = 4.0
_POSSIBLE_BITS = -4.0
# Name and city alone must convince more than those with a common phone, e-mail or employer: without them nine in ten
# of the pairs worth a look would be namesakes.
_NAME_ALONE_BITS = 9.0
_NAME_ALONE_POSSIBLE_BITS = 2.0

# Over the prior, i.e. what is left when the unlikeliness of the pair is paid.
_NATIONAL_ID = 15.0
_COMPANY_NUMBER = 6.0
_EMPLOYER_SAID = 3.0  # what a common employer adds to a common switchboard

_SAME_NUMBER, _MOST_OF_NUMBER = 10.0, 13.0  # of the employer
_GARBLED_BESIDE_EMAIL = (
	4.0  # at most, what a name costs that may be the other, garbled, where somebody's own address agrees
)
_MOST_OF_EMPLOYER = max(_MOST_OF_NUMBER, organisations.MOST_BITS)

_ID_DIFFERS = 40.0
_CITY_DIFFERS = 2.0
_BRANCH_DIFFERS = 20.0
_COMPANY_NUMBER_DIFFERS = 12.0
_COMPANY_NAME_DIFFERS = 16.0

# Reasons that may keep two records apart even where a third matches both: companies always, persons as `_contradicted` says.
CONTRADICTIONS = frozenset(
	(
		"given_name_differs",
		"father_name_differs",
		"family_name_differs",
		"national_id_differs",
		"cr_number_differs",
		"branch_differs",
		"organisation_differs",
		"company_and_person",
	)
)


@dataclass(frozen=True, slots=True)
class Match:
	"""``score`` from 0 to 1, ``decision`` and reasons as codes, those for it before those against it.

	``identified``: they share what one person alone has (mobile, own address, national ID), or two rows of companies what
	one company has; otherwise it is their names, employer and place that agree. ``contradicted``: they are hardly one, and
	stay in two groups even where a third record matches both.
	"""

	score: float
	decision: str
	reasons: tuple[str, ...]
	identified: bool = False
	contradicted: bool = False


def score(one: Profile, other: Profile, frequencies: Frequencies) -> Match:
	"""Compare two profiles; the order of the two does not matter.

	"duplicate" may be treated as one record after a person has looked, "possible" is worth showing, "different" not.
	"""
	if one.kind != other.kind and UNNAMED not in (one.kind, other.kind):
		return _company_and_person(one, other)
	found = Evidence()
	contact_evidence.add_contacts(one, other, frequencies, found)
	_identity(one, other, frequencies, found)
	if one.kind == COMPANY and other.kind == COMPANY:
		_companies(one, other, frequencies, found)
	else:
		_persons(one, other, frequencies, found)
	return _decide(one, other, found, frequencies.prior_bits())


def worth_a_look(one: Profile, other: Profile, name_bits: float, frequencies: Frequencies) -> Match | None:
	"""Return what ``score`` finds, None where that is "different".

	``name_bits`` is the most that their names can say. Where neither a contact nor a number agrees, it is soon seen that
	this and the rest is too little, or that what the names do say is: nearly all who share a common name end here.
	"""
	if one.kind == PERSON == other.kind and not contact_evidence.something_shared(one, other):
		missing = _missing_besides_names(one, other, frequencies)
		if name_bits < missing or _names(one, other, frequencies).bits < missing:
			return None
	match = score(one, other, frequencies)
	return None if match.decision == DIFFERENT else match


def _missing_besides_names(one: Profile, other: Profile, frequencies: Frequencies) -> float:
	"""How many bits the names of two persons must add at least, when nothing they are reached by agrees."""
	bits, near = contact_evidence.bits_of_others(one, other)
	needed = _POSSIBLE_BITS if near else _NAME_ALONE_POSSIBLE_BITS
	if (one.organisations and other.organisations) or one.cr_number or one.vat_number:
		bits += _MOST_OF_EMPLOYER
		needed = _POSSIBLE_BITS
	if one.city and other.city:
		bits += frequencies.city_bits(one.city) if one.city == other.city else -_CITY_DIFFERS
	return needed + frequencies.prior_bits() - bits - _ROUNDING


def _names(one: Profile, other: Profile, frequencies: Frequencies) -> NameMatch:
	"""The best agreement of any spelling of the one with any of the other."""
	matches = [
		name_similarity.compare(mine, theirs, frequencies) for mine in one.names for theirs in other.names
	]
	return max(matches, key=lambda match: match.bits)


def _contradicted(one: Profile, other: Profile, found: Evidence) -> bool:
	"""Tell whether the two are hardly one, however much speaks for it; see the module's docstring."""
	if "same_national_id" in found.reasons:
		return False
	if one.kind == COMPANY == other.kind:
		return not CONTRADICTIONS.isdisjoint(found.reasons)
	if "national_id_differs" in found.reasons:
		return True
	return found.contradicted and "same_email" not in found.reasons


def _decide(one: Profile, other: Profile, found: Evidence, prior: float) -> Match:
	net = found.bits - prior
	needed = _DUPLICATE_BITS if found.confirmed else _NAME_ALONE_BITS
	worth_a_look = _POSSIBLE_BITS if found.confirmed else _NAME_ALONE_POSSIBLE_BITS
	decision = DUPLICATE if net >= needed else POSSIBLE if net >= worth_a_look else DIFFERENT
	against = [code for code in found.reasons if code.endswith("_differs")]
	reasons = [code for code in found.reasons if code not in against]
	# Half-way at the point where it becomes a duplicate; 4 bits a step keep the ends apart.
	net_above = max(-60.0, min(60.0, net - needed))
	contradicted = _contradicted(one, other, found)
	score = 1 / (1 + 2 ** (-net_above / 4))
	match = Match(score, decision, (*reasons, *against), found.identified, contradicted)
	only_placed = not found.identified and contact_evidence.reached_otherwise(one, other)
	return held_back(match) if contradicted or only_placed else match


def held_back(match: Match) -> Match:
	"""Return the match as one that is at most possible."""
	decision = POSSIBLE if match.decision == DUPLICATE else match.decision
	return replace(match, decision=decision, score=min(match.score, _MOST_OF_POSSIBLE))


def _company_and_person(one: Profile, other: Profile) -> Match:
	"""A company's row and one of its people are two records, though a mobile or an address of one's own that both give deserves a look."""
	shared = one.mobiles & other.mobiles or any(
		not is_role_email(email) for email in one.emails & other.emails
	)
	decision = POSSIBLE if shared else DIFFERENT
	return Match(0.3 if shared else 0.0, decision, ("company_and_person",), contradicted=True)


def _identity(one: Profile, other: Profile, frequencies: Frequencies, found: Evidence) -> None:
	if one.national_id and other.national_id:
		same = one.national_id == other.national_id
		found.add(
			frequencies.prior_bits() + _NATIONAL_ID if same else -_ID_DIFFERS,
			"same_national_id" if same else "national_id_differs",
		)
		found.identified |= same


def _persons(one: Profile, other: Profile, frequencies: Frequencies, found: Evidence) -> None:
	if one.names and other.names:
		best = _names(one, other, frequencies)
		bits = best.bits
		if "same_email" in found.reasons and not best.contradicts:
			bits = max(bits, -_GARBLED_BESIDE_EMAIL)
		found.add(bits, *best.reasons)
		found.contradicted = best.contradicts
	company = _company_evidence(one, other, frequencies)
	if company:
		bits, codes = company
		found.add(min(bits, _EMPLOYER_SAID) if OF_THE_OFFICE & set(found.reasons) else bits, *codes)
		found.located |= bits > 0
	if one.city and other.city:
		same = one.city == other.city
		found.add(
			frequencies.city_bits(one.city) if same else -_CITY_DIFFERS,
			"same_city" if same else "city_differs",
		)


def _company_evidence(
	one: Profile, other: Profile, frequencies: Frequencies
) -> tuple[float, tuple[str, ...]] | None:
	"""One employer, by number or by name; being employed together is said once."""
	codes = [
		code
		for code in ("cr_number", "vat_number")
		if getattr(one, code) and getattr(one, code) == getattr(other, code)
	]
	if codes:
		return _number_bits(one, frequencies), tuple(f"same_{code}" for code in codes)
	if one.organisations and other.organisations:
		bits, code = _organisations(one, other, frequencies)
		return bits, (code,)
	return None


def _number_bits(one: Profile, frequencies: Frequencies) -> float:
	"""The fewer people name an employer, the more it says: log2(records / those who give its number), within bounds."""
	holders = max(frequencies.holders.get(number, 0) for number in (one.cr_number, one.vat_number))
	bits = math.log2(max(1, frequencies.records) / max(2, holders))
	return min(_MOST_OF_NUMBER, max(_SAME_NUMBER, bits))


def _organisations(one: Profile, other: Profile, frequencies: Frequencies) -> tuple[float, str]:
	compared = (
		organisations.compare(mine, theirs, frequencies)
		for mine in one.organisations
		for theirs in other.organisations
	)
	return max(compared)


def _companies(one: Profile, other: Profile, frequencies: Frequencies, found: Evidence) -> None:
	"""Two rows of companies: the name, the numbers, and the city, since branches are kept apart."""
	bits, code = _organisations(one, other, frequencies)
	found.add(bits if bits > 0 else -_COMPANY_NAME_DIFFERS, code)
	prior = frequencies.prior_bits()
	for number in ("cr_number", "vat_number"):
		mine, theirs = getattr(one, number), getattr(other, number)
		if mine and mine == theirs and not found.confirmed:
			found.add(prior + _COMPANY_NUMBER, f"same_{number}")
			found.located = True
		elif mine and theirs and mine != theirs:
			found.add(-_COMPANY_NUMBER_DIFFERS, f"{number}_differs")
	if one.city and other.city:
		same = one.city == other.city
		found.add(
			frequencies.city_bits(one.city) if same else -_BRANCH_DIFFERS,
			"same_city" if same else "branch_differs",
		)
	# A company's numbers are its own: what places a person identifies a company.
	found.identified |= found.located
