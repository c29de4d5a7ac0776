"""The nurture drain in a process of its own, which may die in it, see `processes`. Frappe's `sendmail` is replaced to die at that point."""

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
