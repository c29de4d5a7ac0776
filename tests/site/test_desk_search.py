"""The desk's search looks through our records: on a site that ERPNext was set up on before, and after a reset of its list."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.doctype.global_search_settings import global_search_settings
from frappe.desk.doctype.global_search_settings.global_search_settings import get_doctypes_for_global_search

from dafater_crm.setup import desk_search, ledger

OURS = [f"Dafater {name}" for name in ("Lead", "Prospect", "Opportunity", "Contract", "Appointment")]


@pytest.fixture(autouse=True)
def _fresh_list():
	"""The list is cached, which no rollback reaches."""
	yield
	frappe.cache.hdel("global_search", "search_priorities")


def listed() -> list[str]:
	return [name for name in get_doctypes_for_global_search() if name.startswith("Dafater ")]


def test_our_records_come_after_those_that_were_listed(monkeypatch):
	assert listed() == OURS
	frappe.db.delete(desk_search.ROW, {"document_type": ("in", OURS)})
	monkeypatch.setattr(ledger, "seeded", set)
	desk_search.ensure_searched()
	assert listed() == OURS
	assert get_doctypes_for_global_search()[-len(OURS) :] == OURS
	settings = frappe.get_doc(desk_search.SETTINGS)
	settings.save()
	assert listed() == OURS


def test_what_a_person_takes_out_stays_out():
	settings = frappe.get_doc(desk_search.SETTINGS)
	settings.allowed_in_global_search = [
		row for row in settings.allowed_in_global_search if row.document_type != "Dafater Contract"
	]
	settings.save()
	desk_search.ensure_searched()
	assert "Dafater Contract" not in listed() and "Dafater Lead" in listed()


def test_resetting_the_list_keeps_our_records():
	global_search_settings.reset_global_search_settings_doctypes()
	assert set(OURS) <= set(listed())
