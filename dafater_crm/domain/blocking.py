"""Keys under which a record is filed, so that only records with a common key need to be compared.

A key is "kind:value". Stored in an indexed table they are looked up by equality; in memory they make blocks. What two
records of one person share is at least one of: a phone, an e-mail, a number, or a name with one word spelled
right beside something that confirms it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from .names import Word
from .organisations import telling_words
from .profiles import Profile

# To be raised with every change that gives a record other keys: of its own text here, or of what sounds, cities and names are.
RULES = 2
KEY_LENGTH = 140
_TAIL_DIGITS = 7


def keys(one: Profile) -> tuple[str, ...]:
	"""Return the keys of a record, without repetition, each at most 140 characters.

	phone, email, cr, vat and id are exact. ``name`` is all words in any order by their sound in both scripts, ``ends``
	given name and family, ``part`` one whole word with the first sound of the other and a confirmation (city,
	employer, end of the phone), which forgives an error in either word; ``org`` a company by its telling words.
	"""
	found = [*_exact(one), *_names(one), *_companies(one)]
	return tuple(dict.fromkeys(key[:KEY_LENGTH] for key in found))


def stored_keys(one: Profile) -> list[str]:
	"""The keys as a table holds them: sixteen hexadecimal digits each, whatever their length."""
	return [hashlib.blake2b(key.encode(), digest_size=8).hexdigest() for key in keys(one)]


def refinements(one: Profile) -> tuple[str, ...]:
	"""Return second keys, by one of which a block that is too large is divided (a common name, a shared phone).

	A name that many have proves nothing by itself, so records that agree in none of these would not be matched anyway.
	"""
	return tuple(dict.fromkeys([*_confirmations(one), *_sounds(one)]))


def _exact(one: Profile) -> Iterator[str]:
	yield from (f"phone:{phone}" for phone in sorted(one.mobiles | one.fixed))
	yield from (f"email:{email}" for email in sorted(one.emails))
	for kind, value in (("cr", one.cr_number), ("vat", one.vat_number), ("id", one.national_id)):
		if value:
			yield f"{kind}:{value}"


def _names(one: Profile) -> Iterator[str]:
	confirmations = _confirmations(one)
	for words in one.names:
		sounds = [word.sound for word in words]
		yield "name:" + " ".join(sorted(sounds))
		if len(words) > 1:
			yield "ends:" + " ".join(sorted((sounds[0], sounds[-1])))
			yield from _parts(words, confirmations)


def _parts(words: Sequence[Word], confirmations: Sequence[str]) -> Iterator[str]:
	first, last = words[0].sound, words[-1].sound
	for confirmation in confirmations:
		yield f"part:{' '.join(sorted((first, last[:1])))} {confirmation}"
		yield f"part:{' '.join(sorted((last, first[:1])))} {confirmation}"


def _companies(one: Profile) -> Iterator[str]:
	if one.names:
		return
	for words in one.organisations:
		telling = sorted(word.sound for word in telling_words(words))
		yield "org:" + " ".join(telling)
		if one.city:
			# Each telling word alone, in its city: the others may be misspelled or left out.
			yield from (f"orgword:{sound} {one.city}" for sound in telling)


def _confirmations(one: Profile) -> list[str]:
	found = [f"c={one.city}"] if one.city else []
	for words in one.organisations[:1]:
		found.append(
			"o=" + min((word.sound for word in telling_words(words)), key=lambda sound: (-len(sound), sound))
		)
	found += [f"p={phone[-_TAIL_DIGITS:]}" for phone in sorted(one.mobiles)]
	found += [f"e={email.partition('@')[0]}" for email in sorted(one.emails)]
	return found


def _sounds(one: Profile) -> Iterator[str]:
	for words in one.names:
		yield from (f"w={word.sound}" for word in words)
