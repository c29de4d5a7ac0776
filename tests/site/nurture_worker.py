"""The nurture drain in a process of its own, which may die in it, see `processes`. What sends is replaced to die at that point."""

from __future__ import annotations

import os

import frappe


def prepare() -> None:
	frappe.local.assets_json = {}  # a throw-away site has no built style sheets


def drain() -> dict:
	from dafater_crm.records.nurture import drain as job

	return job.run()


def before_sending() -> dict:
	frappe.sendmail = lambda **values: os._exit(9)
	return drain()


def after_sending() -> dict:
	"""Dies with the second message, when the first one is in the queue but not committed."""
	real, sent = frappe.sendmail, []

	def send(**values):
		if sent:
			os._exit(9)
		sent.append(values)
		return real(**values)

	frappe.sendmail = send
	return drain()


def before_the_first_message() -> dict:
	"""Dies when the batch is committed and no WhatsApp message is queued."""
	from dafater_crm.records.inbox import starting

	starting.begin = lambda *given, **values: os._exit(9)
	return drain()


def between_two_messages() -> dict:
	"""Dies with the second WhatsApp message, when the first one is committed."""
	from dafater_crm.records.inbox import starting

	real, begun = starting.begin, []

	def begin(*given, **values):
		if begun:
			os._exit(9)
		begun.append(given)
		return real(*given, **values)

	starting.begin = begin
	return drain()


def before_settling() -> dict:
	"""Dies when a WhatsApp message is queued, before it is committed with its ledger row."""
	from dafater_crm.records.nurture import whatsapp

	whatsapp._note_late = lambda entry: os._exit(9)
	return drain()
