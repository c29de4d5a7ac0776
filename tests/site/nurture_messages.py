"""Sequences that send WhatsApp templates, for tests: an account that speaks with the fake provider, an approved template."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.records.nurture import batch, drain
from tests.provider.payloads import Person, whatsapp_text
from tests.site import inbox_cast
from tests.site.factories import make_lead
from tests.site.inbox_cast import provider  # noqa: F401 - those who take the fixture below need it
from tests.site.inbox_cast import swept as inbox_swept  # noqa: F401
from tests.site.nurture_rows import EMAIL, due, enrolled, make_sequence, run, states
from tests.site.test_nurture import swept  # noqa: F401

ACCOUNT, NUMBER = "واتساب الرياض", "1111"
MESSAGE = "Dafater Message"


def make_template(**values):
	"""A committed, approved service template that greets the person and names the owner and the company."""
	template = frappe.get_doc(
		{
			"doctype": "Dafater Message Template",
			"title": "متابعة",
			"account": ACCOUNT,
			"template_name": f"follow_{frappe.generate_hash(length=6)}",
			"language": "ar",
			"category": "Utility",
			"approval": "Approved",
			"body": "مرحبًا {{1}}، معك {{2}} من {{3}}.",
			"parameters": [
				{"placeholder": "1", "value_from": "Person's Name"},
				{"placeholder": "2", "value_from": "Agent's Name"},
				{"placeholder": "3", "value_from": "Company"},
			],
			**values,
		}
	).insert()
	frappe.db.commit()
	return template


def greeting(**values):
	"""A template without placeholders."""
	return make_template(body="نذكّركم بموعدكم.", parameters=[], **values)


@pytest.fixture(autouse=True)
def at_the_provider(inbox_swept, swept, provider):  # noqa: F811 - the fixtures bear their names
	"""An enabled account at the fake provider."""
	inbox_cast.make_account(ACCOUNT, external_id=NUMBER, base_url=provider.url, sandbox=1)
	return provider


def whatsapp(template=None, **values) -> dict:
	"""A step that sends this template."""
	return {"kind": "WhatsApp Template", "message_template": (template or greeting()).name, **values}


def messages(doc) -> list[dict]:
	"""What was queued about a record, the oldest first, as it is stored."""
	frappe.db.rollback()
	return frappe.get_all(
		MESSAGE,
		{"reference_doctype": doc.doctype, "reference_name": doc.name},
		["name", "conversation", "body", "status", "author", "template", "client_key"],
		order_by="creation",
	)


def ledger(enrolment) -> list[dict]:
	return frappe.get_all(
		"Dafater Nurture Ledger",
		{"enrolment": enrolment.name},
		["name", "step_no", "state", "reason", "recipient", "message"],
		order_by="step_no",
	)


def answers(phone: str, text: str = "نعم، مهتم") -> dict[str, int]:
	"""The person with this number writes to us."""
	person = Person(name="سارة", phone=phone, user_id=f"SA.{phone[-7:]}")
	return inbox_cast.received(whatsapp_text(NUMBER, person, text, on=inbox_cast.now_utc()), ACCOUNT)


def send() -> dict[str, int]:
	"""Hand what is queued to the provider."""
	return inbox_cast.send(ACCOUNT)


def go_on(enrolment) -> dict:
	"""Run the next step now."""
	due(enrolment.reload())
	frappe.db.commit()
	return run()


def planned(lead=None, **values):
	"""An enrolment whose first message was planned by a worker that died; a mail follows."""
	lead = lead or make_lead()
	sequence = make_sequence(whatsapp(), {**EMAIL, "delay_days": 1}, **values)
	enrolment = enrolled(sequence, lead)
	frappe.db.commit()
	batch.work(sequence, drain.claim([enrolment.name]))
	frappe.db.commit()
	assert states(enrolment) == [(1, "Planned")] and messages(lead) == []
	return lead, enrolment
