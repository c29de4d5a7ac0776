"""Who of the team has a conversation open, and who is writing in it. Kept in Redis for half a minute; nothing of it is stored.

A browser says every 20 seconds that it is still there. Who closes the window without a word is gone after `STAYS` seconds.
"""

from __future__ import annotations

import time

import frappe

from dafater_crm.records.inbox import realtime

KEY = "dafater_inbox_presence"
STAYS, WRITES = 45, 8  # seconds


def come(conversation: str, user: str) -> None:
	"""The user has the conversation open, or still has it."""
	known = _read(conversation)
	_write(conversation, user, {**known.get(user, {}), "seen": time.time()})
	if user not in known:
		realtime.presence(conversation, user, "Viewing")


def write(conversation: str, user: str) -> None:
	"""The user is writing an answer."""
	now = time.time()
	_write(conversation, user, {"seen": now, "wrote": now})
	realtime.presence(conversation, user, "Typing")


def go(conversation: str, user: str) -> None:
	"""The user has closed the conversation."""
	frappe.cache.hdel(_key(conversation), user)
	realtime.presence(conversation, user, "Gone")


def others(conversation: str, user: str) -> dict[str, str]:
	"""Return {user: "Viewing" or "Typing"} of everybody else who is there now."""
	now = time.time()
	return {
		other: "Typing" if now - state.get("wrote", 0) < WRITES else "Viewing"
		for other, state in _read(conversation).items()
		if other != user
	}


def _read(conversation: str) -> dict[str, dict]:
	"""Those who were there in the last `STAYS` seconds; who is not any more is forgotten on the way."""
	now, present = time.time(), {}
	for user, state in (frappe.cache.hgetall(_key(conversation)) or {}).items():
		user = user.decode() if isinstance(user, bytes) else user
		if now - state.get("seen", 0) < STAYS:
			present[user] = state
		else:
			frappe.cache.hdel(_key(conversation), user)
	return present


def _write(conversation: str, user: str, state: dict) -> None:
	key = _key(conversation)
	frappe.cache.hset(key, user, state)
	frappe.cache.expire(frappe.cache.make_key(key), 2 * STAYS)


def _key(conversation: str) -> str:
	return f"{KEY}:{conversation}"
