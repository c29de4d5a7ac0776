"""What several processes of the inbox do at the same moment, see `processes`."""

from __future__ import annotations

import os
import random
import threading
import time

import frappe


def post(bodies: list[str], secret: str) -> list[int]:
	"""Deliver over Frappe's own application; the answers' codes."""
	from dafater_crm.channels import signature
	from tests.site.inbox_cast import WEBHOOK
	from tests.site.web import Web

	web = Web()
	return [
		web.post(
			WEBHOOK,
			data=body.encode(),
			content_type="application/json",
			headers={signature.HEADER: signature.sign(secret, body.encode())},
		).status_code
		for body in bodies
	]


def drain(seconds: float = 60, **values) -> dict:
	from dafater_crm.records.inbox import events

	return events.drain(seconds, **values)


def die_within(seconds: float) -> None:
	"""End this process at a moment drawn by chance. A thread that sleeps: a Timer never rings under another clock (CLOCK)."""

	def die() -> None:
		time.sleep(random.uniform(0, seconds))
		os._exit(9)

	threading.Thread(target=die, daemon=True).start()


def drain_and_die(within: float) -> dict:
	"""Drains until it is killed at a moment drawn by chance, as by the kernel: nothing is closed or rolled back."""
	die_within(within)
	return drain()


def answer(conversation: str, client_key: str) -> str:
	"""What the button does, pressed once more."""
	from dafater_crm.api import inbox_send

	return inbox_send.send(conversation, client_key, "مرة واحدة")["message"]


def send(account: str, seconds: float = 60) -> dict:
	from dafater_crm.records.inbox import outbox_drain

	return outbox_drain.drain(account, seconds)


def send_and_die(account: str, within: float) -> dict:
	die_within(within)
	return send(account)


def send_invoice(invoice: str, client_key: str) -> str:
	"""The click on Send to Customer, as a request of its own. The name of the mail's channel."""
	from dafater_crm.api import conversations

	frappe.local.assets_json = {}  # as `printer` does it: nobody built the styles of a throw-away site
	return conversations.send_invoice(invoice, client_key)["channel"]


def write_mail_and_die(communication: str) -> None:
	"""Writes a mail and dies right after the commit, before anything that follows it."""
	from dafater_crm.records.inbox import mail_in

	frappe.db.commit()
	written = frappe.db.commit

	def last_commit() -> None:
		written()
		if frappe.db.exists("Dafater Message", {"communication": communication}):
			os._exit(9)

	frappe.db.commit = last_commit
	mail_in.write(communication)
