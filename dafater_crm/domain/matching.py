"""Are two records one person, or one branch of one company? Evidence in bits, added up.

Each agreement is worth log2(how much likelier it is between two records of one person than between strangers);
the sum starts from how unlikely it is that two records taken at random are one (Fellegi and Sunter, 1969). The
weights below are judgement, checked by `make bench-duplicates`; the rarity of names is counted, not assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from . import name_similarity, organisations
from .frequencies import Frequencies
from .name_similarity import NameMatch
from .profiles import COMPANY, PERSON, UNNAMED, Profile, is_role_email

DUPLICATE = "duplicate"
POSSIBLE = "possible"
DIFFERENT = "different"

_ROUNDING = 1e-6
_DUPLICATE_BITS = 4.0
_POSSIBLE_BITS = -4.0
# Name and city alone must convince more than those with a common phone, e-mail or employer: without them nine in ten
# of the pairs worth a look would be namesakes.
_NAME_ALONE_BITS = 9.0
_NAME_ALONE_POSSIBLE_BITS = 2.0

# Over the prior, i.e. what is left when the unlikeliness of the pair is paid.
_NATIONAL_ID = 15.0
_EMAIL = 10.0
_MOBILE = 8.0
_COMPANY_NUMBER = 6.0
_FIXED = -1.0
# Between two rows of companies: the switchboard and info@ are theirs, however many of their people give them.
_COMPANY_CONTACT = 2.0
_ROLE_EMAIL = -1.0
_SECOND_CONTACT = 5.0
_EMPLOYER_SAID = 3.0  # what a common employer adds to a common switchboard
_NEAR_EMAIL = 8.0
_NEAR_PHONE = 6.0

_SAME_NUMBER = 10.0  # of the employer
_MOST_OF_EMPLOYER = max(_SAME_NUMBER, organisations.MOST_BITS)

_ID_DIFFERS = 40.0
_PHONE_DIFFERS = 4.0
_EMAIL_DIFFERS = 2.0
_CITY_DIFFERS = 2.0
_BRANCH_DIFFERS = 20.0
_COMPANY_NUMBER_DIFFERS = 12.0
_COMPANY_NAME_DIFFERS = 16.0

# Reasons that keep two records out of one group even where a third record matches both.
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

# Contacts that colleagues share: they say where somebody works.
_OF_THE_OFFICE = frozenset(("same_phone", "same_office_email"))


@dataclass(frozen=True, slots=True)
class Match:
	"""``score`` from 0 to 1, ``decision`` and reasons as codes, those for it before those against it."""

	score: float
	decision: str
	reasons: tuple[str, ...]


@dataclass(slots=True)
class _Evidence:
	bits: float = 0.0
	reasons: list[str] = field(default_factory=list)
	confirmed: bool = False  # by something beside name and city

	def add(self, bits: float, *codes: str) -> None:
		self.bits += bits
		self.reasons.extend(codes)


def score(one: Profile, other: Profile, frequencies: Frequencies) -> Match:
	"""Compare two profiles; the order of the two does not matter.

	"duplicate" may be treated as one record after a person has looked, "possible" is worth showing, "different" not.
	"""
	if one.kind != other.kind and UNNAMED not in (one.kind, other.kind):
		return _company_and_person(one, other)
	found = _Evidence()
	_contacts(one, other, frequencies, found)
	_identity(one, other, frequencies, found)
	if one.kind == COMPANY and other.kind == COMPANY:
		_companies(one, other, frequencies, found)
	else:
		_persons(one, other, frequencies, found)
	return _decide(found, frequencies.prior_bits())


def worth_a_look(one: Profile, other: Profile, name_bits: float, frequencies: Frequencies) -> Match | None:
	"""Return what ``score`` finds, None where that is "different".

	``name_bits`` is the most that their names can say. Where neither a contact nor a number agrees, it is soon seen that
	this and the rest is too little, or that what the names do say is: nearly all who share a common name end here.
	"""
	if one.kind == PERSON == other.kind and not _something_shared(one, other):
		missing = _missing_besides_names(one, other, frequencies)
		if name_bits < missing or _names(one, other, frequencies).bits < missing:
			return None
	match = score(one, other, frequencies)
	return None if match.decision == DIFFERENT else match


def _missing_besides_names(one: Profile, other: Profile, frequencies: Frequencies) -> float:
	"""How many bits the names of two persons must add at least, when nothing they are reached by agrees."""
	bits = 0.0
	needed = _NAME_ALONE_POSSIBLE_BITS
	if one.mobiles and other.mobiles:
		near = _any_near(one.mobiles, other.mobiles)
		bits += _NEAR_PHONE if near else -_PHONE_DIFFERS
		needed = _POSSIBLE_BITS if near else needed
	if one.emails and other.emails:
		near = _any_near_email(one.emails, other.emails)
		bits += _NEAR_EMAIL if near else -_EMAIL_DIFFERS
		needed = _POSSIBLE_BITS if near else needed
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


def _something_shared(one: Profile, other: Profile) -> bool:
	return not (
		one.mobiles.isdisjoint(other.mobiles)
		and one.emails.isdisjoint(other.emails)
		and one.fixed.isdisjoint(other.fixed)
		and not (one.national_id and one.national_id == other.national_id)
	)


def _decide(found: _Evidence, prior: float) -> Match:
	net = found.bits - prior
	needed = _DUPLICATE_BITS if found.confirmed else _NAME_ALONE_BITS
	worth_a_look = _POSSIBLE_BITS if found.confirmed else _NAME_ALONE_POSSIBLE_BITS
	decision = DUPLICATE if net >= needed else POSSIBLE if net >= worth_a_look else DIFFERENT
	against = [code for code in found.reasons if code.endswith("_differs")]
	reasons = [code for code in found.reasons if code not in against]
	# Half-way at the point where it becomes a duplicate; 4 bits a step keep the ends apart.
	net_above = max(-60.0, min(60.0, net - needed))
	return Match(1 / (1 + 2 ** (-net_above / 4)), decision, (*reasons, *against))


def _company_and_person(one: Profile, other: Profile) -> Match:
	"""A company's row and one of its people are two records, though a mobile or an address of one's own that both give deserves a look."""
	shared = one.mobiles & other.mobiles or any(
		not is_role_email(email) for email in one.emails & other.emails
	)
	decision = POSSIBLE if shared else DIFFERENT
	return Match(0.3 if shared else 0.0, decision, ("company_and_person",))


def _contacts(one: Profile, other: Profile, frequencies: Frequencies, found: _Evidence) -> None:
	"""Phones and e-mails: the best agreement counts in full, a second one little, since they come together."""
	agreed = _same_contacts(one, other, frequencies) if _something_shared(one, other) else []
	agreed += _near_contacts(one, other)
	agreed.sort(reverse=True)
	for place, (bits, code) in enumerate(agreed):
		if place == 0 or code not in found.reasons:
			found.add(bits if place == 0 else 0.0 if code in _OF_THE_OFFICE else _SECOND_CONTACT, code)
	found.confirmed = bool(agreed)
	_contacts_differ(one, other, found)


def _same_contacts(one: Profile, other: Profile, frequencies: Frequencies) -> list[tuple[float, str]]:
	agreed: list[tuple[float, str]] = []
	prior = frequencies.prior_bits()
	for phone in one.mobiles & other.mobiles:
		agreed.append((prior + _MOBILE - _sharing(phone, frequencies), "same_mobile"))
	companies = one.kind == COMPANY == other.kind
	for phone in one.fixed & other.fixed:
		weight = _COMPANY_CONTACT if companies else _FIXED - _colleagues(phone, frequencies)
		agreed.append((prior + weight, "same_phone"))
	for email in one.emails & other.emails:
		if companies:
			agreed.append((prior + _COMPANY_CONTACT, "same_email"))
		elif is_role_email(email):
			agreed.append((prior + _ROLE_EMAIL - _colleagues(email, frequencies), "same_office_email"))
		else:
			agreed.append((prior + _EMAIL - _sharing(email, frequencies), "same_email"))
	return agreed


def _near_contacts(one: Profile, other: Profile) -> list[tuple[float, str]]:
	"""A digit or letter mistyped; looked for only where nothing agrees."""
	near = []
	if (
		one.mobiles
		and other.mobiles
		and not one.mobiles & other.mobiles
		and _any_near(one.mobiles, other.mobiles)
	):
		near.append((_NEAR_PHONE, "similar_mobile"))
	if (
		one.emails
		and other.emails
		and not one.emails & other.emails
		and _any_near_email(one.emails, other.emails)
	):
		near.append((_NEAR_EMAIL, "similar_email"))
	return near


def _contacts_differ(one: Profile, other: Profile, found: _Evidence) -> None:
	codes = found.reasons
	if one.mobiles and other.mobiles and not {"same_mobile", "similar_mobile"} & set(codes):
		found.add(-_PHONE_DIFFERS, "mobile_differs")
	if one.emails and other.emails and not {"same_email", "same_office_email", "similar_email"} & set(codes):
		found.add(-_EMAIL_DIFFERS, "email_differs")


def _sharing(contact: str, frequencies: Frequencies) -> float:
	"""A number that forty records hold says little about any two of them."""
	others = max(1, frequencies.holders.get(contact, 2) - 1)
	return 2 * math.log2(others)


def _colleagues(contact: str, frequencies: Frequencies) -> float:
	"""Within an office of twenty, one in twenty is the one meant."""
	return math.log2(max(2, frequencies.holders.get(contact, 2)))


def _any_near(some: Iterable[str], others: frozenset[str]) -> bool:
	return any(OSA.distance(one, two, score_cutoff=1) <= 1 for one in some for two in others)


def _any_near_email(some: Iterable[str], others: frozenset[str]) -> bool:
	"""A letter or a dot mistyped; another digit makes another address (ali91@, ali92@)."""
	return any(
		OSA.distance(one, two, score_cutoff=1) <= 1 and _digits(one) == _digits(two)
		for one in some
		for two in others
	)


def _digits(email: str) -> str:
	return "".join(filter(str.isdigit, email))


def _identity(one: Profile, other: Profile, frequencies: Frequencies, found: _Evidence) -> None:
	if one.national_id and other.national_id:
		same = one.national_id == other.national_id
		found.add(
			frequencies.prior_bits() + _NATIONAL_ID if same else -_ID_DIFFERS,
			"same_national_id" if same else "national_id_differs",
		)
		found.confirmed |= same


def _persons(one: Profile, other: Profile, frequencies: Frequencies, found: _Evidence) -> None:
	if one.names and other.names:
		best = _names(one, other, frequencies)
		found.add(best.bits, *best.reasons)
	company = _company_evidence(one, other, frequencies)
	if company:
		bits, codes = company
		found.add(min(bits, _EMPLOYER_SAID) if _OF_THE_OFFICE & set(found.reasons) else bits, *codes)
		found.confirmed |= bits > 0
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
		return _SAME_NUMBER, tuple(f"same_{code}" for code in codes)
	if one.organisations and other.organisations:
		bits, code = _organisations(one, other, frequencies)
		return bits, (code,)
	return None


def _organisations(one: Profile, other: Profile, frequencies: Frequencies) -> tuple[float, str]:
	compared = (
		organisations.compare(mine, theirs, frequencies)
		for mine in one.organisations
		for theirs in other.organisations
	)
	return max(compared)


def _companies(one: Profile, other: Profile, frequencies: Frequencies, found: _Evidence) -> None:
	"""Two rows of companies: the name, the numbers, and the city, since branches are kept apart."""
	bits, code = _organisations(one, other, frequencies)
	found.add(bits if bits > 0 else -_COMPANY_NAME_DIFFERS, code)
	prior = frequencies.prior_bits()
	for number in ("cr_number", "vat_number"):
		mine, theirs = getattr(one, number), getattr(other, number)
		if mine and mine == theirs and not found.confirmed:
			found.add(prior + _COMPANY_NUMBER, f"same_{number}")
			found.confirmed = True
		elif mine and theirs and mine != theirs:
			found.add(-_COMPANY_NUMBER_DIFFERS, f"{number}_differs")
	if one.city and other.city:
		same = one.city == other.city
		found.add(
			frequencies.city_bits(one.city) if same else -_BRANCH_DIFFERS,
			"same_city" if same else "branch_differs",
		)
