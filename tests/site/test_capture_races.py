"""Sixteen requests at the same moment, each with a connection of its own: one lead where it is one, no error anywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import frappe
import pytest

from dafater_crm.records.duplicates import MOST_PAIRS
from tests.site import processes
from tests.site.factories import COMPANY, phone, unique
from tests.site.lead_forms import forget_lead, keep_forms, submissions, token, typed  # noqa: F401
from tests.site.people import OPERATING, cast  # noqa: F401
from tests.site.test_capture_api import token_of  # noqa: F401
from tests.site.test_duplicates import connected, pairs
from tests.site.web import Web

MANY = 16
CREATE = "/api/method/dafater_crm.api.capture.create_lead"
REST = "/api/resource/Dafater Lead"
PROCESSES = 4  # each with as many threads: sixteen interpreters would take longer to start than any race
START_UP = 10  # seconds


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


def rows_of_one_person() -> list[dict]:
	"""One person as sixteen programs know it: the same name, mobile and address, each written in one of four ways."""
	name, number, address = (
		unique("سلطان العنزي"),
		phone(),
		f"{frappe.generate_hash(length=8)}@person.example",
	)
	written = (number, f"00966{number[1:]}", f"+966 {number[1:3]} {number[3:6]} {number[6:]}", number[1:])
	ways = [{"mobile_no": mobile, "email_id": address} for mobile in written]
	ways[1]["email_id"] = address.upper()
	ways[2]["email_id"] = None
	return [row(lead_name=name, **ways[place % len(ways)]) for place in range(MANY)]


def pairs_of_one_person(leads: int) -> int:
	"""How many candidates so many leads of one person are, whoever of them commits first.

	Each names the earliest `MOST_PAIRS` of those that it resembles most. The series gives names in the order of the commits, and a lead
	looks after its own, so that the first `MOST_PAIRS` are always among what it sees: the first six are all paired with
	each other, every later one with the first five.
	"""
	first = min(leads, MOST_PAIRS + 1)
	return first * (first - 1) // 2 + MOST_PAIRS * (leads - first)


@pytest.mark.parametrize(
	("path", "more", "least"),
	[(REST, {}, MANY), (CREATE, {"on_same_person": "new"}, MANY), (CREATE, {"on_same_person": "attach"}, 1)],
	ids=["rest", "capture, a second lead", "capture, attached"],
)
def test_sixteen_posts_of_one_person_succeed_and_are_one_set_of_candidates(
	token_of,  # noqa: F811
	forgotten,
	path,
	more,
	least,
):
	"""From several processes. Where the capture attaches, how many leads there are depends on who is first."""
	headers = token_of(OPERATING)
	rows = [{**one, **more} for one in rows_of_one_person()]
	each = MANY // PROCESSES
	shares = [rows[start : start + each] for start in range(0, MANY, each)]
	posts = [{"path": path, "headers": headers, "rows": share} for share in shares]
	answers = processes.at_once(processes.WEB, "post", posts, start_up=START_UP)
	answers = [answer for share in processes.results(answers) for answer in share]
	assert [answer["status"] for answer in answers] == [200] * MANY, answers
	made = [answer["said"].get("data") or answer["said"]["message"] for answer in answers]
	names = sorted({lead["name"] for lead in made})
	forgotten.update(names)
	assert least <= len(names) <= MANY
	found = pairs(*names)
	assert {candidate[2:] for candidate in found} <= {(1, "Entry", "Open")}
	assert len({candidate[:2] for candidate in found}) == len(found) == pairs_of_one_person(len(names))
	assert connected(found, names)


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
