"""Reading what a stranger's JSON holds, whatever it holds: every function answers for every value and none raises.

A delivery that cannot be read would be delivered again for days, and would take the readable ones in it along.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

EPOCH = datetime(1970, 1, 1)
# 1 January 2000 and 2100 as seconds: what lies outside is no moment at which anything was sent
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800
_DEEPEST = 40
_LONGEST_ID = 140


def decode(body: bytes) -> dict[str, Any]:
	"""Return the JSON object that a body holds. Raises ValueError for anything else, however it is nested or encoded."""
	try:
		found = json.loads(body.decode("utf-8"))
	except (ValueError, RecursionError) as error:
		raise ValueError("the body is no JSON") from error
	if not isinstance(found, dict):
		raise ValueError("the body is no JSON object")
	return found


def obj(value: Any) -> dict[str, Any]:
	"""The value if it is an object, else an empty one."""
	return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
	"""The objects of a list; what is no object in it is left out. An object alone counts as a list of it."""
	if isinstance(value, dict):
		return [value]
	return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
	"""A text as it is, a number as text, else "". What no database can store (NUL, half of a surrogate pair) is left out."""
	if isinstance(value, str):
		return value.replace("\0", "").encode("utf-8", "ignore").decode()
	if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
		return str(value)
	if isinstance(value, float) and math.isfinite(value):
		return repr(value)
	return ""


def ident(value: Any) -> str | None:
	"""An identifier of the provider: a text or whole number, stripped; None where there is none.

	One longer than a column holds keeps its beginning and a hash of the whole, so that two such stay two.
	"""
	found = "" if isinstance(value, float) else text(value).strip()
	if len(found) <= _LONGEST_ID:
		return found or None
	return f"{found[: _LONGEST_ID - 33]}-{fingerprint(found)}"


def fingerprint(*values: Any) -> str:
	"""32 hex digits that are the same for the same values."""
	import hashlib

	return hashlib.sha256(
		json.dumps([plain(value) for value in values], sort_keys=True).encode()
	).hexdigest()[:32]


def phone(value: Any) -> str | None:
	"""E.164 of a WhatsApp id: digits, with or without +. None for a user id such as "SA.9001"."""
	digits = text(value).strip().removeprefix("+")
	return f"+{digits}" if digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 15 else None


def number(value: Any) -> float | None:
	"""A finite number, also one that was sent as text; 0 is one."""
	if isinstance(value, bool) or not isinstance(value, int | float | str):
		return None
	try:
		found = float(value)
	except (ValueError, OverflowError):
		return None
	return found if math.isfinite(found) else None


def whole(value: Any) -> int | None:
	"""A whole number, also one that was sent as text."""
	found = number(value)
	return int(found) if found is not None and found.is_integer() else None


def moment(value: Any) -> datetime | None:
	"""UTC without zone from a Unix time in seconds or milliseconds (providers send both under one name), number or text."""
	found = number(value)
	if found is None:
		return None
	if found >= _LATEST:
		found /= 1000
	return EPOCH + timedelta(seconds=found) if _EARLIEST <= found < _LATEST else None


def now() -> datetime:
	"""This moment, in UTC without zone."""
	return datetime.now(timezone.utc).replace(tzinfo=None)


def plain(value: Any, depth: int = 0) -> Any:
	"""A copy that can be stored as JSON: clean texts, no NaN, and no deeper than 40 levels."""
	if depth > _DEEPEST:
		return "…"
	if isinstance(value, dict):
		return {text(key): plain(part, depth + 1) for key, part in value.items()}
	if isinstance(value, list | tuple):
		return [plain(part, depth + 1) for part in value]
	if isinstance(value, str):
		return text(value)
	if isinstance(value, float) and not math.isfinite(value):
		return None
	if value is None or isinstance(value, bool | float):
		return value
	return value if isinstance(value, int) and abs(value) < 10**40 else text(value) or None


def filled(**values: Any) -> dict[str, Any]:
	"""The values that say something: without None, "" and empty lists and objects. 0 and False stay."""
	return {
		key: value for key, value in values.items() if value is not None and value not in ("", [], {}, ())
	}


def changes(body: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
	"""Every (entry, change) of a delivery."""
	for entry in rows(obj(body).get("entry")):
		for change in rows(entry.get("changes")):
			yield entry, change
