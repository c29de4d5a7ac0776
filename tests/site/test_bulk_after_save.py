"""What Frappe and our own hooks do after a save, for leads that are written many at once: the desk's search, sequences that end."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils.global_search import search, sync_global_search

from dafater_crm.records import merge
from dafater_crm.records.bulk import NewDocuments
from dafater_crm.records.bulk_update import KnownDocuments
from tests.site.factories import make_lead, unique
from tests.site.nurture_rows import enrolled, make_sequence
from tests.site.people import DEVELOPING, MANAGING, cast  # noqa: F401
from tests.site.statements import counted

LEAD = "Dafater Lead"


@pytest.fixture(autouse=True)
def _empty_search():
	"""The queue is in Redis and the table in MyISAM: no rollback reaches either."""
	frappe.cache.delete_value("global_search_queue")
	yield
	frappe.cache.delete_value("global_search_queue")
	frappe.db.delete("__global_search", {"doctype": LEAD})


def values(number: int = 0) -> dict:
	return {
		"lead_name": "محمد <القحطاني & أبناؤه",
		"lead_name_latin": f"Mohammed O'Neil {number}",
		"organisation_name": 'شركة "النور"',
		"mobile_no": f"05{51000000 + number}",
		"email_id": f"Search{number}@Example.COM",
		"request": "عرض سعر",
	}


def entry(name: str) -> tuple | None:
	sync_global_search()
	rows = frappe.db.sql(
		"select content, published, title, route from __global_search where doctype = %s and name = %s",
		(LEAD, name),
	)
	return rows[0] if rows else None


def insert(rows: list[dict]) -> list:
	batch = NewDocuments(LEAD)
	batch.know_links(rows)
	docs = [batch.make(row) for row in rows]
	batch.insert_all(docs)
	return docs


@pytest.mark.parametrize("empty", [(), ("lead_name", "lead_name_latin", "email_id")])
def test_the_search_finds_a_lead_of_a_batch_as_one_of_the_desk(cast, empty):  # noqa: F811
	row = {**values(), **dict.fromkeys(empty, "")}
	frappe.set_user(DEVELOPING)
	(bulk,) = insert([row])
	single = frappe.get_doc({"doctype": LEAD, **row}).insert()
	found, expected = entry(bulk.name), entry(single.name)
	assert found[0] == expected[0].replace(single.name, bulk.name)
	assert found[1:] == expected[1:]
	assert bulk.name in found[0] and "+966551000000" in found[0]


def test_the_search_of_the_desk_finds_an_imported_lead(cast):  # noqa: F811
	frappe.set_user(DEVELOPING)
	# MyISAM holds a word that half of the rows have for none at all
	docs = insert([{**values(number), "organisation_name": unique("مصنع")} for number in range(5)])
	sync_global_search()
	word = docs[3].organisation_name.split()[1]
	assert [hit.name for hit in search(word, doctype=LEAD)] == [docs[3].name]


def test_a_site_without_search_gets_no_entries(cast, monkeypatch):  # noqa: F811
	monkeypatch.setitem(frappe.local.conf, "disable_global_search", 1)
	(bulk,) = insert([values()])
	assert entry(bulk.name) is None


def test_the_search_knows_what_a_file_added_to_a_lead(cast):  # noqa: F811
	lead = make_lead(email_id=None)
	known = KnownDocuments(NewDocuments(LEAD))
	(doc,) = known.load([lead.name]).values()
	known.change(doc, {"email_id": "Added@Example.com"})
	known.finish()
	assert "added@example.com" in entry(lead.name)[0]


def test_a_merge_takes_the_lead_out_of_the_search_and_its_undo_puts_it_back(cast):  # noqa: F811
	frappe.set_user(MANAGING)
	keep, remove = make_lead(city="الرياض"), make_lead(lead_name=unique("سعد"))
	before = entry(remove.name)
	assert before
	name = merge.merge(keep.name, remove.name)
	assert entry(remove.name) is None
	merge.undo(name)
	assert entry(remove.name) == before


def test_what_a_file_adds_to_a_lead_can_end_its_sequence(cast):  # noqa: F811
	lead = make_lead(city="جدة", lead_owner=None)
	sequence = make_sequence(exit_conditions=[{"field": "city", "operator": "is", "value": "الرياض"}])
	enrolment = enrolled(sequence, lead)
	known = KnownDocuments(NewDocuments(LEAD))
	(doc,) = known.load([lead.name]).values()
	known.change(doc, {"lead_owner": DEVELOPING})
	enrolment.reload()
	assert (enrolment.status, enrolment.responsible) == ("Active", DEVELOPING)
	known.change(doc, {"city": "الرياض"})
	enrolment.reload()
	assert enrolment.status == "Stopped"
	assert enrolment.stopped_reason == "The record matches an exit condition."


HEARD: list[tuple] = []


def hear(doc, method=None) -> None:
	"""A hook of ours that a later version may hang on leads."""
	HEARD.append((method, bool(doc.flags.in_insert), bool(doc.name)))


def test_hooks_of_ours_run_for_new_leads_in_frappes_order(cast, monkeypatch):  # noqa: F811
	events = ("before_insert", "before_validate", "validate", "before_save", "after_insert", "on_update")
	hooks = frappe.get_doc_hooks()
	mine = {event: [*hooks[LEAD].get(event, []), "dafater_crm.heard"] for event in (*events, "on_change")}
	monkeypatch.setitem(hooks, LEAD, {**hooks[LEAD], **mine})
	monkeypatch.setattr("dafater_crm.heard", hear, raising=False)
	HEARD.clear()
	frappe.get_doc({"doctype": LEAD, **values(1)}).insert()
	desk = HEARD.copy()
	HEARD.clear()
	insert([values(2)])
	# Frappe names a document before it is validated, a batch gets its names together at the end
	assert [heard[:2] for heard in HEARD] == [heard[:2] for heard in desk]
	assert all(named for event, _new, named in HEARD if event in ("after_insert", "on_update", "on_change"))


def test_search_entries_and_hooks_cost_new_leads_no_statement(cast):  # noqa: F811
	frappe.set_user(DEVELOPING)
	insert([values(number) for number in range(3)])
	with counted() as statements:
		insert([values(number) for number in range(10, 40)])
	assert not [text for text in statements if "global_search" in text or "Enrolment" in text]
