"""Sixteen processes that create leads at the same moment: exact spread, no lead twice, nobody above capacity."""

from __future__ import annotations

from collections import Counter

import frappe
import pytest

from dafater_crm.records import assignment_upkeep
from tests.site.assignment_cast import clean, log_of, make_agent, make_crew  # noqa: F401
from tests.site.people import DEVELOPING, EXECUTIVE, SELLER_A, SELLER_B, cast  # noqa: F401
from tests.site.processes import RACES, at_once, results

pytestmark = [pytest.mark.usefixtures("clean"), pytest.mark.slow]
PROCESSES, EACH = 16, 2


def make_leads_at_once() -> list:
	names = results(at_once(RACES, "make_leads", [{"count": EACH}] * PROCESSES))
	return [frappe.get_doc("Dafater Lead", name) for some in names for name in some]


def test_sixteen_at_once_spread_within_one_and_assign_every_lead_once():
	make_crew(SELLER_A, SELLER_B, EXECUTIVE, DEVELOPING)
	leads = make_leads_at_once()
	assert len(leads) == PROCESSES * EACH
	assert Counter(lead.lead_owner for lead in leads) == dict.fromkeys(
		(SELLER_A, SELLER_B, EXECUTIVE, DEVELOPING), PROCESSES * EACH // 4
	)
	assert all(len(log_of(lead)) == 1 for lead in leads)


def test_sixteen_at_once_put_nobody_above_capacity():
	make_agent(SELLER_A, capacity=7)
	make_agent(SELLER_B, capacity=5)
	make_crew(SELLER_A, SELLER_B, method="Least Loaded")
	leads = make_leads_at_once()
	found = Counter(lead.lead_owner for lead in leads)
	assert found == {SELLER_A: 7, SELLER_B: 5, None: PROCESSES * EACH - 12}
	assert {lead.assignment_state for lead in leads if not lead.lead_owner} == {"Waiting for Capacity"}


def test_the_repair_job_run_by_eight_at_once_assigns_each_lead_once():
	make_agent(SELLER_A, available=0)
	make_agent(SELLER_B, available=0)
	make_crew(SELLER_A, SELLER_B)
	leads = make_leads_at_once()
	assert {lead.lead_owner for lead in leads} == {None}
	frappe.db.set_value("Dafater Agent", {"enabled": 1}, "available", 1)
	frappe.db.commit()
	results(at_once(RACES, "repair", [{}] * 8))
	leads = [frappe.get_doc("Dafater Lead", lead.name) for lead in leads]
	half = len(leads) // 2
	assert Counter(lead.lead_owner for lead in leads) == {SELLER_A: half, SELLER_B: half}
	assert all([row.agent for row in log_of(lead)] == [None, lead.lead_owner] for lead in leads)
	assignment_upkeep.run()
	assert all(len(log_of(lead)) == 2 for lead in leads)
