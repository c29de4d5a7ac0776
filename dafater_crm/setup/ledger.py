"""Remembers, for each site, which rows this app has already put there.

Seeding runs at every migrate, so that a later release can bring new masters. A row that was seeded once is never made
again: whoever renamed, disabled or deleted it meant it. The list lives in Default Value under a parent of its own, which
keeps it out of the defaults that every desk session loads.
"""

from __future__ import annotations

import json

import frappe

PARENT = "__dafater_crm"
KEY = "seeded"


def seeded() -> set[str]:
	"""Keys of all rows that were seeded on this site."""
	return set(json.loads(_stored() or "[]"))


def remember(keys: set[str]) -> None:
	"""Add `keys`. Writes only when there is something new."""
	known = seeded()
	if keys <= known:
		return
	value = json.dumps(sorted(known | keys))
	frappe.defaults.set_default(KEY, value, PARENT)


def forget() -> None:
	"""Drop the list: the app leaves the site."""
	frappe.db.delete("DefaultValue", {"parent": PARENT})


def _stored() -> str | None:
	return frappe.db.get_value("DefaultValue", {"parent": PARENT, "defkey": KEY}, "defvalue")
