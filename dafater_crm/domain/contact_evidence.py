"""What the contacts of two records say: phones and e-mail addresses that agree, nearly agree, or differ.

Bits as in `matching`, which adds them to what names, employers and places say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from .frequencies import Frequencies
from .profiles import COMPANY, Profile, is_role_email, personal_emails

# Over the prior, i.e. what is left when the unlikeliness of the pair is paid.
_EMAIL = 10.0
_MOBILE = 8.0
_FIXED = -1.0
# Between two rows of companies: the switchboard and info@ are theirs, however many of their people give them.
_COMPANY_CONTACT = 2.0
_ROLE_EMAIL = -1.0
_SECOND_CONTACT = 5.0
_NEAR_EMAIL = 8.0
_NEAR_PHONE = 6.0
_PHONE_DIFFERS = 4.0
_EMAIL_DIFFERS = 2.0

# Where people have addresses of their own, whatever country's ending follows.
_PRIVATE_MAIL = frozenset(
	(
		"gmail",
		"googlemail",
		"hotmail",
		"outlook",
		"live",
		"msn",
		"yahoo",
		"ymail",
		"icloud",
		"me",
		"mac",
		"aol",
		"proton",
		"protonmail",
		"gmx",
		"zoho",
	)
)

# Contacts that colleagues share: they say where somebody works.
OF_THE_OFFICE = frozenset(("same_phone", "same_office_email"))
# What belongs to one person. Who agrees in none of these is at most placed: by employer, switchboard or info@.
_OF_ONE_PERSON = frozenset(("same_mobile", "same_email"))
_NEARLY_OF_ONE = frozenset(("similar_mobile", "similar_email"))


@dataclass(slots=True)
class Evidence:
	"""What speaks for and against two records being one, so far."""

	bits: float = 0.0
	reasons: list[str] = field(default_factory=list)
	identified: bool = False  # by something that one person alone has, or one company
	located: bool = False  # by an employer or its contacts, which colleagues share
	contradicted: bool = False  # by a name

	@property
	def confirmed(self) -> bool:
		"""By something beside name and city."""
		return self.identified or self.located

	def add(self, bits: float, *codes: str) -> None:
		self.bits += bits
		self.reasons.extend(codes)


def something_shared(one: Profile, other: Profile) -> bool:
	return not (
		one.mobiles.isdisjoint(other.mobiles)
		and one.emails.isdisjoint(other.emails)
		and one.fixed.isdisjoint(other.fixed)
		and not (one.national_id and one.national_id == other.national_id)
	)


def bits_of_others(one: Profile, other: Profile) -> tuple[float, bool]:
	"""At most so many bits when nothing agrees, and whether something nearly does."""
	bits, near = 0.0, False
	if one.mobiles and other.mobiles:
		alike = _any_near(one.mobiles, other.mobiles)
		bits += _NEAR_PHONE if alike else -_PHONE_DIFFERS
		near = near or alike
	if one.emails and other.emails:
		alike = _any_near_email(one.emails, other.emails)
		bits += _NEAR_EMAIL if alike else -_EMAIL_DIFFERS
		near = near or alike
	return bits, near


def add_contacts(one: Profile, other: Profile, frequencies: Frequencies, found: Evidence) -> None:
	"""Phones and e-mails: the best agreement counts in full, a second one little, since they come together."""
	agreed = _same_contacts(one, other, frequencies) if something_shared(one, other) else []
	agreed += _near_contacts(one, other)
	agreed.sort(reverse=True)
	for place, (bits, code) in enumerate(agreed):
		if place == 0 or code not in found.reasons:
			found.add(bits if place == 0 else 0.0 if code in OF_THE_OFFICE else _SECOND_CONTACT, code)
	codes = {code for _bits, code in agreed}
	found.identified = not codes.isdisjoint(_OF_ONE_PERSON) or (
		not codes.isdisjoint(_NEARLY_OF_ONE) and not reached_otherwise(one, other)
	)
	found.located = bool(agreed)
	_contacts_differ(one, other, found)


def reached_otherwise(one: Profile, other: Profile) -> bool:
	"""Tell whether both persons have a mobile or an address of their own, and none agrees or is one mistyped.

	An address of another mobile is no mistyped one: where there are two of a name, the second one's is m.m.saad@ beside
	m.saad@. The same holds for a mobile with another address. False for two rows of companies, which have many.
	"""
	if one.kind == COMPANY == other.kind:
		return False
	mine, theirs = personal_emails(one), personal_emails(other)
	mobiles, emails = bool(one.mobiles and other.mobiles), bool(mine and theirs)
	near = [mobiles and _any_near(one.mobiles, other.mobiles), emails and _any_near_email(mine, theirs)]
	same = not (one.mobiles.isdisjoint(other.mobiles) and mine.isdisjoint(theirs))
	if same or (any(near) and mobiles + emails == sum(near)):
		return False
	return mobiles or (emails and not _private_and_at_work(mine, theirs))


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


def _contacts_differ(one: Profile, other: Profile, found: Evidence) -> None:
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
	"""A letter mistyped; another digit (ali91@, ali92@) or a separator (a.ali@, a_ali@) makes another address."""
	return any(
		OSA.distance(one, two, score_cutoff=1) <= 1 and _not_letters(one) == _not_letters(two)
		for one in some
		for two in others
	)


def _not_letters(email: str) -> str:
	return "".join(char for char in email if not char.isalpha())


def _private_and_at_work(some: Iterable[str], others: Iterable[str]) -> bool:
	"""Tell whether the addresses of the one are all private, of the other all an employer's: most people have both."""
	kinds = [{_is_private(email) for email in emails} for emails in (some, others)]
	return kinds in ([{True}, {False}], [{False}, {True}])


def _is_private(email: str) -> bool:
	return email.rpartition("@")[2].partition(".")[0] in _PRIVATE_MAIL
