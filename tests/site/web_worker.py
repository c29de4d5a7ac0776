"""What several processes ask of the site's WSGI application at the same moment, see `processes`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import frappe
import frappe.app  # here, before the race begins: it takes seconds

from tests.site.web import Web


def prepare() -> None:
	frappe.flags.in_test = True  # jobs run at once: there is no worker


def post(path: str, headers: dict, rows: list[dict]) -> list[dict]:
	"""The requests of a program, all at once, with all that Frappe does about one: keys, commit, rollback. The answers in order."""
	web = Web()
	with ThreadPoolExecutor(len(rows)) as pool:
		answers = pool.map(lambda row: web.post(path, headers=headers, json=row), rows)
		return [{"status": one.status_code, "said": one.get_json(silent=True) or one.text} for one in answers]
