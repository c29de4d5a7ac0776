"""Accounts of channels: which one a delivery is for, its secrets, and what the channels need to speak for it.

Secrets are read when they are needed and kept nowhere, not in Redis and not in a log, but as the database keeps them: sealed.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import now_datetime
from frappe.utils.password import decrypt, get_decrypted_password
from frappe.utils.user import get_users_with_role
from redis.exceptions import RedisError

from dafater_crm.domain.channels import CHANNELS, AccountConfig
from dafater_crm.records import capture
from dafater_crm.records.inbox import rows

ACCOUNT = "Dafater Channel Account"
# where deliveries find the accounts of a channel, and how long at most they trust it
KEPT, KEPT_SECONDS = "dafater_channel_accounts|", 30
# how often "last received" is written: a row that each message changes would be waited for
FRESH_SECONDS = 60
# so long nobody is told of the same trouble again
ALERT_SECONDS = 86_400
# who hears that an account stopped, that a delivery was given up, or of a refusal that nobody knows
ALERTED = ("Dafater Sales Operations", "System Manager")


def for_delivery(channel: str) -> list[dict]:
	"""`of_channel` as every delivery asks it: from Redis, until an account is saved (`forget`), `KEPT_SECONDS` at most.

	The statement and its rows took a seventh of a delivery's time. Without Redis it is asked each time.
	"""
	found = frappe.cache.get_value(KEPT + channel, expires=True)
	if found is None:
		found = of_channel(channel)
		frappe.cache.set_value(KEPT + channel, [dict(row) for row in found], expires_in_sec=KEPT_SECONDS)
	return [frappe._dict(row) for row in found]


def forget() -> None:
	"""An account was changed: deliveries read accounts anew, now and once more after the commit, since others read meanwhile."""
	keys = [KEPT + channel for channel in CHANNELS]
	frappe.cache.delete_value(keys)
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(keys))


def of_channel(channel: str) -> list[dict]:
	"""Accounts of a channel, disabled ones as well, the oldest first; `sealed`: the encrypted secret for `unsealed`. One statement.

	Frappe's and pypika's ways of putting these words together take longer than all else that a delivery needs.
	"""
	query = f"""SELECT a.name, a.channel, a.company, a.enabled, a.external_id, a.business_account_id, s.password AS sealed
		FROM `tab{ACCOUNT}` a
		LEFT JOIN `__Auth` s ON s.doctype = '{ACCOUNT}' AND s.name = a.name AND s.fieldname = 'app_secret' AND s.encrypted = 1
		WHERE a.channel = %s ORDER BY a.creation"""
	# nosemgrep: raw-sql - for speed, see above; the value is bound
	return frappe.db.sql(query, channel, as_dict=True)


def unsealed(account: dict) -> str:
	"""The secret that signs what comes in for an account of `of_channel`; "" where none is set."""
	return decrypt(account.sealed, key=f"{ACCOUNT}.{account.name}.app_secret") if account.sealed else ""


def row(account: str) -> dict | None:
	"""What writers need of an account: name, channel, company, enabled, defaults and how leads are made. None where it is gone."""
	if not account:
		return None
	try:
		doc = frappe.get_cached_doc(ACCOUNT, account)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None
	fields = ("name", "channel", "company", "enabled", "external_id", "business_account_id")
	fields += ("lead_rule", "lead_source", "campaign", "lead_owner", "team", "default_class")
	return frappe._dict({field: doc.get(field) for field in fields})


def named(accounts: Iterable[dict], ids: Iterable[str]) -> list[dict]:
	"""Those of `accounts` that a delivery with these ids is for. An id is the account's, or its business account's."""
	wanted = set(ids)
	return [row for row in accounts if wanted.intersection((row.external_id, row.business_account_id))]


def app_secret(account: str) -> str:
	"""The secret that signs what comes in; "" where none is set."""
	return _secret(account, "app_secret")


def verify_token(account: str) -> str:
	"""The word that the provider sends back when the webhook is set up; "" where none is set."""
	return _secret(account, "verify_token")


def config(account: str) -> AccountConfig:
	"""What the channels need to speak for `account`."""
	doc = frappe.get_cached_doc(ACCOUNT, account)
	return AccountConfig(
		channel=doc.channel,
		external_id=doc.external_id or "",
		access_token=_secret(account, "access_token"),
		base_url=doc.base_url or "",
		graph_version=doc.graph_version or "",
		business_account_id=doc.business_account_id or "",
		app_secret=app_secret(account),
		name=account,
	)


def note_received(account: str) -> None:
	"""Remember that something came in, at most once a minute: the account's row is shared by all workers. No statement else."""
	key = f"dafater_inbox_received:{account}"
	if frappe.cache.get_value(key, expires=True):
		return
	frappe.cache.set_value(key, 1, expires_in_sec=FRESH_SECONDS)
	_note(account, "last_received_on")


def note_sent(account: str) -> None:
	"""Remember that something was sent, at most once a minute. The account is well."""
	_note(account, "last_sent_on", health="Healthy", health_note=None)


def note_trouble(account: str, note: str) -> None:
	"""Show on the account that something is wrong with it; messages are sent all the same."""
	table = frappe.qb.DocType(ACCOUNT)
	frappe.qb.update(table).set(table.health, "Trouble").set(table.health_note, rows.text(note, 500)).where(
		(table.name == account) & (table.health != "Stopped")
	).run()
	frappe.clear_document_cache(ACCOUNT, account)


def stop(account: str, note: str) -> None:
	"""Send nothing more through the account until somebody has put it right, and tell those who can. Told once."""
	if frappe.db.get_value(ACCOUNT, account, "health", for_update=True) == "Stopped":
		return
	rows.update(ACCOUNT, account, health="Stopped", health_note=rows.text(note, 500))
	frappe.clear_document_cache(ACCOUNT, account)
	subject = _("Nothing is sent through {0} any more: {1}", lang=_language()).format(account, note)
	_alert(subject, ACCOUNT, account)


def tell_unknown_code(account: str, code: str, told: str) -> None:
	"""After the commit: tell those who hear of a stopped account that a provider refuses messages with a code nobody knows.

	Told once a day for each code of an account, however many messages it refuses.
	"""

	def tell() -> None:
		if not _first_today(f"unknown_code:{account}|{code}"):
			return
		subject = _(
			"{0} refuses messages for an unknown reason, code {1}: {2}. Look it up at the provider.",
			lang=_language(),
		)
		_alert(subject.format(account, code, told), ACCOUNT, account)

	frappe.db.after_commit.add(tell)


def tell_given_up(account: str, doctype: str, name: str) -> None:
	"""Tell those who can put it right that a delivery failed for good; once a day for an account, since one cause fails many."""
	if not _first_today(f"given_up:{account}"):
		return
	subject = _(
		"A delivery of {0} failed for good. Open it to see why, put that right, and choose Try Again.",
		lang=_language(),
	)
	_alert(subject.format(account), doctype, name)


def _first_today(key: str) -> bool:
	"""True for one of many at once. Without Redis every time: told often is better than a delivery that cannot end."""
	try:
		key = frappe.cache.make_key(f"dafater_inbox_{key}")
		return bool(frappe.cache.set(key, 1, nx=True, ex=ALERT_SECONDS))
	except RedisError:
		return True


def _alert(subject: str, doctype: str, name: str) -> None:
	users = {user for role in ALERTED for user in get_users_with_role(role)}
	capture.notify(sorted(users), subject, doctype, name)


def _language() -> str:
	return frappe.db.get_default("lang") or "en"


def _note(account: str, field: str, **values) -> None:
	before = frappe.db.get_value(ACCOUNT, account, field)
	now = now_datetime()
	if before and (now - before).total_seconds() < FRESH_SECONDS:
		return
	table = frappe.qb.DocType(ACCOUNT)
	query = frappe.qb.update(table).where(table.name == account).set(table[field], now)
	for name, value in values.items():
		query = query.set(table[name], value)
	query.run()


def _secret(account: str, field: str) -> str:
	return get_decrypted_password(ACCOUNT, account, field, raise_exception=False) or ""
