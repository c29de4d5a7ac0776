"""Lead forms for tests that send requests: committed, and cleaned away with everything that came through them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import frappe
import pytest

from dafater_crm.domain import form_tokens
from dafater_crm.records import form_lead
from tests.site.factories import COMPANY, phone

SUBMISSION = "Dafater Form Submission"


def make_form(**values):
	"""A published form in both languages with the usual fields."""
	return frappe.get_doc(
		{
			"doctype": "Dafater Lead Form",
			"title": "Contact us",
			"slug": f"contact-{frappe.generate_hash(length=8)}",
			"published": 1,
			"company": COMPANY,
			"source": "Website",
			"heading_ar": "تواصل معنا",
			"heading_en": "Contact us",
			"form_fields": [
				{"lead_field": "Full Name", "required": 1},
				{"lead_field": "Mobile", "required": 1},
				{"lead_field": "E-mail"},
				{"lead_field": "Request Type"},
				{"lead_field": "Request", "label_en": "How can we help?"},
			],
			**values,
		}
	).insert()


def typed(**values) -> dict[str, str]:
	"""What a visitor types, by the names of the page's inputs."""
	return {"f_lead_name": "سارة القحطاني", "f_mobile_no": phone(), "f_request": "أرغب في عرض سعر", **values}


def token(form, age: int = 60) -> str:
	"""A token of a page that was opened `age` seconds ago."""
	nonce = frappe.generate_hash(length=32)
	return form_tokens.issue(form_lead.signing_key(), form.name, int(time.time()) - age, nonce)


def submissions(form) -> list:
	"""What the form has received, as other connections committed it."""
	frappe.db.rollback()
	return frappe.get_all(SUBMISSION, {"form": form.name}, ["*"], order_by="creation")


@pytest.fixture(name="committed_form")
def keep_forms(clean_state) -> Iterator:
	"""`committed_form(**values)` makes and commits a form; all that it brought goes at the end."""
	made = []

	def make(**values):
		made.append(make_form(**values))
		frappe.db.commit()
		return made[-1]

	yield make
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for form in made:
		remove(form)
	frappe.db.commit()


def remove(form) -> None:
	leads = [row.lead for row in frappe.get_all(SUBMISSION, {"form": form.name}, ["lead"]) if row.lead]
	frappe.db.delete(SUBMISSION, {"form": form.name})
	for lead in set(leads):
		forget_lead(lead)
	frappe.delete_doc("Dafater Lead Form", form.name, force=True)
	frappe.cache.delete_keys(f"rl:None:*{form.name}")


def forget_lead(lead: str) -> None:
	"""Delete a committed lead with its consent entries, which nobody can delete through the desk."""
	frappe.db.delete("Dafater Consent Entry", {"party_name": lead})
	frappe.db.delete("Notification Log", {"document_name": lead})
	if frappe.db.exists("DocType", "Dafater Lead Event"):
		frappe.db.delete("Dafater Lead Event", {"lead": lead})
	if frappe.db.exists("Dafater Lead", lead):
		frappe.delete_doc("Dafater Lead", lead, force=True)
