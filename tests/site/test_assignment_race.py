"""Sixteen processes that create leads at the same moment: exact spread, no lead twice, nobody above capacity."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import frappe
import pytest

from dafater_crm.records import assignment_upkeep
from tests.site.assignment_cast import clean, log_of, make_agent, make_crew  # noqa: F401
from tests.site.people import DEVELOPING, EXECUTIVE, SELLER_A, SELLER_B, cast  # noqa: F401

pytestmark = [pytest.mark.usefixtures("clean"), pytest.mark.slow]
WORKER = Path(__file__).with_name("race_worker.py")
PROCESSES, EACH = 16, 2
START_UP = 20  # seconds that sixteen processes get to import and connect on a small machine


def at_once(task: str, arguments: list[dict]) -> list:
	begin = time.time() + START_UP
	running = [
		subprocess.Popen(
			[
				sys.executable,
				str(WORKER),
				frappe.local.site,
				"Administrator",
				str(begin),
				task,
				json.dumps(one),
			],
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
			cwd=os.getcwd(),
		)
		for one in arguments
	]
	results = []
	for process in running:
		out, error = process.communicate(timeout=180)
		assert out.strip(), error[-2000:]
		results.append(json.loads(out.strip().splitlines()[-1]))
	frappe.db.rollback()  # a snapshot that sees what the others committed
	assert all("ok" in result for result in results), results
	return [result["ok"] for result in results]


def make_leads_at_once() -> list:
	names = at_once("make_leads", [{"count": EACH} for _ in range(PROCESSES)])
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
	at_once("repair", [{} for _ in range(8)])
	leads = [frappe.get_doc("Dafater Lead", lead.name) for lead in leads]
	half = len(leads) // 2
	assert Counter(lead.lead_owner for lead in leads) == {SELLER_A: half, SELLER_B: half}
	assert all([row.agent for row in log_of(lead)] == [None, lead.lead_owner] for lead in leads)
	assignment_upkeep.run()
	assert all(len(log_of(lead)) == 2 for lead in leads)
