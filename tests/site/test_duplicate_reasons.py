"""Why two leads may be one is told in the reader's language, to those who may read both."""

from __future__ import annotations

import json

import frappe
import pytest

from dafater_crm.api import duplicates
from dafater_crm.records import merge
from tests.site.factories import make_lead
from tests.site.people import MANAGING, SELLER_A, SELLER_B, cast  # noqa: F401

CANDIDATE = "Dafater Duplicate Candidate"
CODES = ["same_organisation", "same_office_email", "national_id_differs", "of_a_later_release"]
TOLD = {
	"en": [
		"The organisation is the same.",
		"The e-mail address of the office is the same.",
		"The national IDs differ.",
	],
	"ar": ["المنشأة نفسها.", "بريد المكتب نفسه.", "رقما الهوية مختلفان."],
}


@pytest.fixture
def pair(cast):  # noqa: F811
	mine, theirs = make_lead(lead_owner=SELLER_A), make_lead(lead_owner=SELLER_B)
	key = merge.pair_key(mine.name, theirs.name)
	first, second = key.split("|")
	values = {"pair": key, "lead_a": first, "lead_b": second, "score": 82, "reasons": json.dumps(CODES)}
	doc = frappe.get_doc({"doctype": CANDIDATE, **values}).insert(ignore_permissions=True)
	return doc, mine, theirs


@pytest.mark.parametrize("language", sorted(TOLD))
def test_each_reason_is_a_sentence_of_its_own(pair, language):
	doc, mine, theirs = pair
	frappe.set_user(MANAGING)
	frappe.local.lang = language
	doc.run_method("onload")
	assert doc.get_onload("reasons") == TOLD[language]
	(shown,) = duplicates.of_lead(mine.name)
	assert (shown["lead"], shown["score"], shown["told"]) == (theirs.name, 82, TOLD[language])


def test_of_a_colleagues_lead_the_reasons_are_not_told(pair):
	_doc, mine, _theirs = pair
	frappe.set_user(SELLER_A)
	(shown,) = duplicates.of_lead(mine.name)
	assert (shown["readable"], shown["told"]) == (False, [])


@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_either_lead_of_a_pair_can_be_the_one_that_stays(pair, kept):
	doc, mine, theirs = pair
	keep, remove = (mine, theirs) if kept == "mine" else (theirs, mine)
	frappe.set_user(MANAGING)
	assert duplicates.merge(keep.name, remove.name)["lead"] == keep.name
	assert frappe.db.get_value(CANDIDATE, doc.name, "status") == "Merged"
	assert not frappe.db.exists("Dafater Lead", remove.name)
