"""Masters that every Saudi sales team starts with. Names are English keys; Arabic comes from the translations."""

from __future__ import annotations

import json
from pathlib import Path

import frappe

from dafater_crm.setup import ledger

DATA = Path(__file__).parent / "data"


def load_data(name: str) -> dict:
	"""Read `data/<name>.json`."""
	return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def seed_masters() -> list[str]:
	"""Insert the masters this site has never had from us; return their keys ("DocType: name").

	A row that a person made under the same name is left as it is. Runs as Administrator, in the installer.
	"""
	known, made, seen = ledger.seeded(), [], set()
	for doctype, rows in (load_data("masters") | conversation_rules()).items():
		meta = frappe.get_meta(doctype)
		# rules have hash names: people know them by their titles
		name_field = meta.autoname.partition("field:")[2] or meta.title_field
		present = set(frappe.get_all(doctype, pluck=name_field))
		for row in rows:
			key = f"{doctype}: {row[name_field]}"
			seen.add(key)
			if key in known or row[name_field] in present or _code_in_use(doctype, row):
				continue
			frappe.get_doc({"doctype": doctype, **row}).insert()
			made.append(key)
	ledger.remember(seen)
	return made


def conversation_rules() -> dict:
	"""The rules that sort conversations, with their keywords as rows."""
	return {
		doctype: [{**row, "keywords": [{"keyword": keyword} for keyword in row["keywords"]]} for row in rows]
		for doctype, rows in load_data("conversation_rules").items()
	}


def _code_in_use(doctype: str, row: dict) -> bool:
	"""A region whose ISO code a person gave to a row of another name is that region."""
	return bool(row.get("iso_code") and frappe.db.exists(doctype, {"iso_code": row["iso_code"]}))
