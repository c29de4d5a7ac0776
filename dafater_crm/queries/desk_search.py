"""What the desk's search may show: Frappe's asks whether a person may read leads at all, not whether this lead.

Its answers carry names, numbers and addresses, so records of ours that the reader's own list does not show are left out here.
"""

from __future__ import annotations

import frappe
from frappe.utils import cint
from frappe.utils.global_search import search

# so many of the best answers are looked through for those that the reader may see
MOST = 300
SMALLEST = 20


def found(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict]:
	"""Frappe's answers (doctype, name, content, rank, image) without those that the user may not see.

	:param start: how many of the answers that the user may see were shown before; at most `limit` follow.

	One statement more for each DocType of ours in a page of answers.
	"""
	wanted, kept, at = cint(start) + cint(limit), [], 0
	size = max(wanted, SMALLEST)
	while len(kept) < wanted and at < MOST:
		answers = search(text, at, size, doctype)
		kept += _visible(answers)
		if not answers:
			break
		at += size
	return kept[cint(start) : wanted]


def _visible(answers: list[dict]) -> list[dict]:
	ours = {
		row["doctype"]
		for row in frappe.get_hooks("global_search_doctypes", app_name="dafater_crm")["Default"]
	}
	seen: dict[str, set[str]] = {}
	for doctype in ours.intersection(answer.doctype for answer in answers):
		names = [answer.name for answer in answers if answer.doctype == doctype]
		seen[doctype] = set(frappe.get_list(doctype, {"name": ("in", names)}, pluck="name", limit=0))
	return [answer for answer in answers if answer.doctype not in ours or answer.name in seen[answer.doctype]]
