"""Signs of junk in what a stranger typed. A sign quarantines, it never deletes: a person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_LINKS = 2

_LINK = re.compile(r"https?://|\bwww\.|\[url|\[link|<a\s", re.IGNORECASE)


def count_links(text: str | None) -> int:
	"""How many links the text holds, in any of the notations that link spam uses."""
	return len(_LINK.findall(text or ""))


def too_many_links(
	values: Mapping[str, object], most: int = MOST_LINKS, ignore: tuple[str, ...] = ()
) -> bool:
	"""True when the texts together hold more than `most` links; fields named in `ignore` may hold one by nature."""
	texts = (value for field, value in values.items() if isinstance(value, str) and field not in ignore)
	return sum(count_links(text) for text in texts) > most
