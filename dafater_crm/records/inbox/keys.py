"""Unique keys: what makes a person, a conversation and a message one row however often and however parallel it is told."""

from __future__ import annotations

import hashlib

from dafater_crm.domain.channels import Sender

LONGEST = 180


def provider_key(account: str, provider_id: str) -> str:
	"""Key of a message, or of what became of it: "account:id", hashed where that is too long for the column."""
	return _fitting(f"{account}:{provider_id}")


def user_key(channel: str, account: str, user_id: str | None) -> str | None:
	"""Key of a person by the provider's id, which each account of ours may see differently; None without one."""
	return _fitting(f"{channel}:{account}:{user_id}") if user_id else None


def phone_key(channel: str, phone: str | None) -> str | None:
	"""Key of a person by number, the same for all accounts of a channel; None without one."""
	return f"{channel}:{phone}"[:60] if phone else None


def of_person(channel: str, account: str, sender: Sender) -> tuple[str | None, str | None]:
	"""(user key, phone key) of a person."""
	return user_key(channel, account, sender.user_id), phone_key(channel, sender.phone)


def sending_key(message: str, resends: int) -> str:
	"""What travels along with a message of ours and comes back with its reports; another one each time a person sends it again."""
	return f"{message}#r{resends}" if resends else message


def message_of(sending: str) -> str:
	"""The message of a `sending_key`."""
	return sending.partition("#r")[0]


def status_key(message_key: str, status: str) -> str:
	"""Key of a status that came before its message."""
	return _fitting(f"{message_key}:{status}")


def fingerprint(raw: bytes) -> str:
	"""What tells one delivery from another: SHA-256 of its bytes, in hex."""
	return hashlib.sha256(raw).hexdigest()


def _fitting(key: str) -> str:
	if len(key) <= LONGEST:
		return key
	return f"{key[:80]}:{hashlib.sha256(key.encode()).hexdigest()}"
