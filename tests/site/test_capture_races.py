"""Sixteen requests at the same moment, each with a connection of its own: one lead where it is one, no error anywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import frappe
import pytest

from tests.site.factories import COMPANY, phone
from tests.site.lead_forms import forget_lead, keep_forms, submissions, token, typed  # noqa: F401
from tests.site.people import OPERATING, cast  # noqa: F401
from tests.site.test_capture_api import token_of  # noqa: F401
from tests.site.web import Web

MANY = 16
CREATE = "/api/method/dafater_crm.api.capture.create_lead"


def at_once(calls: list) -> list:
	"""Run the calls in threads that start together; their answers in order."""
	gate = Barrier(len(calls))

	def run(call):
		gate.wait()
		return call()

	with ThreadPoolExecutor(len(calls)) as pool:
		return list(pool.map(run, calls))


@pytest.fixture
def forgotten():
	"""Names of committed leads, deleted at the end."""
	names: set[str] = set()
	yield names
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.db.delete(
		"Dafater Form Submission", {"captured_through": "API", "lead": ("in", list(names) or [""])}
	)
	for name in names:
		forget_lead(name)
	frappe.db.commit()


def post_leads(headers: dict, rows: list[dict], forgotten: set[str]) -> list:
	web = Web()
	answers = at_once([lambda row=row: web.post(CREATE, headers=headers, json=row) for row in rows])
	assert [answer.status_code for answer in answers] == [200] * len(rows), [a.text[:500] for a in answers]
	forgotten |= {answer.json["message"]["name"] for answer in answers}
	return answers


def row(**values) -> dict:
	return {"lead_name": "خالد العتيبي", "company": COMPANY, "source": "Website", **values}


def test_leads_of_one_name_at_once_all_succeed(token_of, forgotten):  # noqa: F811
	rows = [row(mobile_no=phone()) for _ in range(MANY)]
	answers = post_leads(token_of(OPERATING), rows, forgotten)
	assert {answer.json["message"]["status"] for answer in answers} == {"created"}
	assert len(forgotten) == MANY


def test_one_reference_at_once_is_one_lead(token_of, forgotten):  # noqa: F811
	same = row(mobile_no=phone(), source_reference=frappe.generate_hash(length=10))
	answers = post_leads(token_of(OPERATING), [same] * MANY, forgotten)
	assert len(forgotten) == 1
	statuses = [answer.json["message"]["status"] for answer in answers]
	assert (statuses.count("created"), statuses.count("existing")) == (1, MANY - 1)


def test_a_form_sent_sixteen_times_at_once_is_one_lead(committed_form):
	form = committed_form()
	data = {"token": token(form), "lang": "en", **typed()}
	web = Web()
	answers = at_once([lambda: web.post(f"/dafater-form/{form.name}", data=data)] * MANY)
	assert [answer.status_code for answer in answers] == [303] * MANY, [a.text[-800:] for a in answers]
	[submission] = submissions(form)
	assert submission.state == "Accepted"
	assert frappe.db.count("Dafater Lead", {"source_reference": submission.name}) == 1


def test_different_visitors_at_once_all_become_leads(committed_form):
	form = committed_form()
	visitors = [Web(f"192.0.2.{number}") for number in range(MANY)]
	pages = [{"token": token(form), "lang": "en", **typed()} for _ in visitors]
	answers = at_once(
		[
			lambda web=web, data=data: web.post(f"/dafater-form/{form.name}", data=data)
			for web, data in zip(visitors, pages, strict=True)
		]
	)
	assert [answer.status_code for answer in answers] == [303] * MANY
	rows = submissions(form)
	assert {row.state for row in rows} == {"Accepted"} and len({row.lead for row in rows}) == MANY
