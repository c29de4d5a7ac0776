"""Accounts, people and deliveries for the tests of the inbox. What jobs and requests must see is committed; `swept` cleans up."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import frappe
import pytest

from dafater_crm.channels import signature
from dafater_crm.records.inbox import accounts, events, outbox, outbox_drain
from tests.provider import payloads
from tests.provider.server import ProviderServer
from tests.site.factories import COMPANY
from tests.site.web import Web

SECRET, TOKEN = "sesame", "open-word"
WEBHOOK = "/api/method/dafater_crm.api.webhook.receive"
ACCOUNT, EVENT, IDENTITY = "Dafater Channel Account", "Dafater Channel Event", "Dafater Contact Identity"
CONVERSATION, MESSAGE, ATTACHMENT = "Dafater Conversation", "Dafater Message", "Dafater Message Attachment"
# emptied after each test, in this order
WRITTEN = (
	EVENT,
	"Dafater Message Status",
	ATTACHMENT,
	MESSAGE,
	"Dafater Conversation Log",
	CONVERSATION,
	IDENTITY,
	"Dafater Message Template",
	ACCOUNT,
)


@pytest.fixture
def swept(clean_state: None):
	"""Empty tables before and after: these tests commit."""
	_sweep()
	yield
	frappe.db.rollback()
	_sweep()


def _sweep() -> None:
	for file in frappe.get_all("File", {"attached_to_doctype": CONVERSATION}, pluck="name"):
		frappe.delete_doc("File", file, force=True)
	frappe.db.delete("Comment", {"reference_doctype": CONVERSATION})
	for doctype in WRITTEN:
		frappe.db.delete(doctype)
	frappe.db.delete("__Auth", {"doctype": ACCOUNT})
	frappe.db.delete("Error Log", {"method": ("like", "Dafater inbox%")})
	frappe.db.commit()
	frappe.clear_cache(doctype=ACCOUNT)
	accounts.forget()
	frappe.cache.delete_keys("document_cache::")


def make_account(name: str = "واتساب الرياض", channel: str = "WhatsApp", external_id: str = "1111", **values):
	"""A committed account that is ready to receive."""
	account = frappe.get_doc(
		{
			"doctype": ACCOUNT,
			"account_name": name,
			"channel": channel,
			"external_id": external_id,
			"business_account_id": "WABA",
			"company": COMPANY,
			"app_secret": SECRET,
			"verify_token": TOKEN,
			"access_token": "token-of-the-test",
			"lead_rule": "Never",
			**values,
		}
	).insert()
	frappe.db.commit()
	return account


def person(number: int = 1, **values) -> payloads.Person:
	"""The person with this number; another number is another person."""
	return payloads.Person(
		**{
			"name": f"سارة {number}",
			"phone": f"+96650{number:07d}",
			"user_id": f"SA.{9000 + number}",
			**values,
		}
	)


def deliver(body: dict | bytes, secret: str = SECRET, **headers) -> object:
	"""Post a signed delivery over Frappe's own application, and return its answer."""
	raw = body if isinstance(body, bytes) else payloads.encoded(body)
	headers = {"X-Hub-Signature-256": signature.sign(secret, raw), **headers}
	return Web().post(WEBHOOK, data=raw, content_type="application/json", headers=headers)


def received(body: dict, account: str = "واتساب الرياض", channel: str = "WhatsApp") -> dict[str, int]:
	"""Keep a delivery and drain, without HTTP. Returns what the drain says."""
	events.keep(payloads.encoded(body), account, channel, enabled=True)
	frappe.db.commit()
	return drained()


def drained() -> dict[str, int]:
	"""Drain everything, also what waits for a later attempt."""
	table = frappe.qb.DocType(EVENT)
	frappe.qb.update(table).set(table.retry_on, table.received_on).where(
		table.status.isin(["Received", "Failed"])
	).run()
	frappe.db.commit()
	return events.drain()


@pytest.fixture
def provider():
	"""A provider that takes what is sent. Accounts made with `base_url=provider.url` speak with it."""
	with ProviderServer(token="token-of-the-test") as server:
		yield server


def conversing(provider: ProviderServer, **values) -> str:
	"""A WhatsApp account, and the name of a conversation in which person 1 has just written."""
	make_account(base_url=provider.url, sandbox=1, **values)
	received(payloads.whatsapp_text("1111", person(), "السلام عليكم", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION)
	return conversation.name


def queue(conversation: str, text: str = "وعليكم السلام", **values) -> str:
	"""Queue an answer and commit. Returns the message."""
	values = {"client_key": frappe.generate_hash(), "author": frappe.session.user, **values}
	name = outbox.queue_message(conversation, text=text, **values)
	frappe.db.commit()
	return name


def send(account: str = "واتساب الرياض", hurry: bool = False) -> dict[str, int]:
	"""Send what is due; `hurry`: also what waits for a later attempt."""
	if hurry:
		table = frappe.qb.DocType(MESSAGE)
		frappe.qb.update(table).set(table.send_after, table.creation).where(table.status == "Queued").run()
	frappe.db.commit()
	return outbox_drain.drain(account)


def stored(message: str) -> dict:
	"""A message as it is stored."""
	frappe.db.rollback()
	return frappe.db.get_value(MESSAGE, message, "*", as_dict=True)


def report(message: str, status: str, by_our_key: bool = True, **more) -> dict:
	"""A status of a message of the first sending as it comes, with the key that we sent along or without."""
	seconds = {"sent": 0, "failed": 1, "delivered": 2, "read": 3}[status]
	id = stored(message).provider_id or f"wamid.{message}"
	body = payloads.whatsapp_status(id, status, on=now_utc() + timedelta(seconds=seconds), **more)
	if by_our_key:
		body["biz_opaque_callback_data"] = message
	return payloads.whatsapp("1111", statuses=[body])


def now_utc() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)


def rows_of(doctype: str, *fields: str, **filters) -> list[dict]:
	"""Rows as they are stored, past every cache, the oldest first."""
	frappe.db.rollback()
	return frappe.get_all(doctype, filters, ["name", *fields], order_by="creation", limit=0)
