"""The desk's search looks through our records: on a site that ERPNext was set up on before, and after a reset of its list."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.doctype.global_search_settings import global_search_settings
from frappe.desk.doctype.global_search_settings.global_search_settings import get_doctypes_for_global_search
from frappe.handler import execute_cmd
from frappe.utils import global_search

from dafater_crm.queries import desk_search as reads
from dafater_crm.setup import desk_search, ledger
from tests.site.factories import make_lead, unique
from tests.site.people import MANAGING, SELLER_A, SELLER_B, cast  # noqa: F401

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


def test_where_another_app_answers_the_search_ours_are_not_in_it(monkeypatch):
	hooks = frappe.get_hooks

	def another(hook=None, *args, **kwargs):
		found = hooks(hook, *args, **kwargs)
		if hook == "override_whitelisted_methods":
			found = frappe._dict(found, **{desk_search.ASKED: [desk_search.ANSWERS, "another.app.search"]})
		return found

	monkeypatch.setattr(frappe, "get_hooks", another)
	desk_search.ensure_searched()
	assert listed() == []


@pytest.fixture
def leads(cast):  # noqa: F811
	"""Four leads of one rare family: one of a seller, three of another. The search's table is no part of a transaction."""
	family = unique("زهرنوي")
	found = [make_lead(lead_name=f"أحمد {family}", lead_owner=SELLER_A)]
	found += [make_lead(lead_name=f"سعد {family}", lead_owner=SELLER_B) for _ in range(3)]
	frappe.db.commit()
	global_search.sync_global_search()
	yield family, [lead.name for lead in found]
	frappe.set_user("Administrator")
	for lead in found:
		frappe.delete_doc("Dafater Lead", lead.name, force=1)
	frappe.db.commit()


def asked(text: str, **values) -> list[str]:
	"""Names of what the desk gets when it asks for Frappe's search."""
	frappe.local.form_dict = frappe._dict(text=text, **values)
	frappe.local.request = frappe._dict(method="POST", path="/")
	try:
		return [row.name for row in execute_cmd("frappe.utils.global_search.search")]
	finally:
		del frappe.local.request


def test_nobody_finds_a_lead_that_the_own_list_does_not_show(leads):
	family, names = leads
	for user, visible in ((MANAGING, names), (SELLER_A, names[:1]), (SELLER_B, names[1:])):
		frappe.set_user(user)
		assert sorted(asked(family)) == sorted(visible), user
		assert sorted(asked(family, doctype="Dafater Lead")) == sorted(visible), user
	frappe.set_user("Guest")
	assert reads.found(family) == []


def test_pages_hold_what_the_reader_may_see(leads, monkeypatch):
	family, names = leads
	monkeypatch.setattr(reads, "SMALLEST", 1)
	frappe.set_user(SELLER_B)
	pages = [asked(family, start=start, limit=2) for start in (0, 2, 4)]
	assert [len(page) for page in pages] == [2, 1, 0]
	assert sorted(name for page in pages for name in page) == sorted(names[1:])


def test_others_records_are_left_to_frappe():
	answers = [
		frappe._dict(doctype="Customer", name="no such customer"),
		frappe._dict(doctype="Dafater Lead", name="none"),
	]
	assert [row.doctype for row in reads._visible(answers)] == ["Customer"]
