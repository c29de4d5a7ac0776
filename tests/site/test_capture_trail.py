"""The trail that each path leaves: captured through, notifications, addresses forgotten, events."""

from __future__ import annotations

import json

import frappe
from frappe.utils import add_days, now_datetime

from dafater_crm.records import capture, form_intake, form_lead
from tests.site.factories import COMPANY, make_lead, make_user, phone, unique
from tests.site.lead_forms import make_form
from tests.site.people import SELLER_A, cast  # noqa: F401
from tests.site.statements import counted
from tests.site.web import Web

LEADER = "leader@forms.example"


def sent(**values) -> form_intake.Sent:
	typed = {"lead_name": "سارة القحطاني", "mobile_no": phone(), "request": "عرض سعر", **values}
	return form_intake.Sent(typed, {}, "ar", frappe.generate_hash(length=32), ip_address="198.51.100.7")


def test_a_lead_of_the_console_claims_no_path_and_a_flag_names_one():
	assert not make_lead().captured_through
	lead = frappe.get_doc({"doctype": "Dafater Lead", "lead_name": "x", "captured_through": "Desk"})
	lead.flags.captured_through = "Channel"
	assert lead.insert().captured_through == "Channel"


def test_an_import_is_an_import():
	frappe.flags.in_import = True
	try:
		assert make_lead(lead_type="Person", status="New").captured_through == "Import"
	finally:
		frappe.flags.in_import = False


def test_a_lead_of_the_desk_says_so():
	frappe.db.commit()
	web = Web().signed_in("Administrator", "admin")
	doc = {
		"doctype": "Dafater Lead",
		"lead_name": unique("Desk"),
		"company": COMPANY,
		"__islocal": 1,
		"name": "new-1",
	}
	page = web.get("/api/method/frappe.auth.get_logged_user")
	assert page.status_code == 200
	answer = web.post(
		"/api/method/frappe.desk.form.save.savedocs",
		data={"doc": json.dumps({**doc, "captured_through": "API"}), "action": "Save"},
	)
	assert answer.status_code == 200, answer.text
	name = answer.json["docs"][0]["name"]
	frappe.db.rollback()
	try:
		assert frappe.db.get_value("Dafater Lead", name, "captured_through") == "Desk"
	finally:
		frappe.delete_doc("Dafater Lead", name, force=True)
		frappe.db.commit()


def test_the_team_and_the_owner_are_told_after_the_commit():
	make_user(LEADER, "Dafater Sales Manager")
	team = frappe.get_doc({"doctype": "Dafater Team", "team_name": unique("Inbound"), "team_leader": LEADER})
	team.insert()
	form = make_form(team=team.name, notify_team=1)
	frappe.set_user("Guest")
	outcome = form_intake.receive(form, sent())
	lead = frappe.db.get_value("Dafater Form Submission", outcome.submission, "lead")
	assert frappe.db.get_value("Dafater Lead", lead, "team") == team.name
	told = {"document_name": lead, "document_type": "Dafater Lead"}
	assert not frappe.get_all("Notification Log", told)
	frappe.db.after_commit.run()
	assert frappe.get_all("Notification Log", told, pluck="for_user") == [LEADER]


def test_the_owner_of_the_open_lead_is_told_that_the_person_wrote_again():
	lead = make_lead(lead_owner=SELLER_A)
	outcome = form_intake.receive(make_form(), sent(mobile_no=lead.mobile_no))
	assert outcome.state == "Duplicate"
	frappe.db.after_commit.run()
	assert frappe.get_all("Notification Log", {"document_name": lead.name}, pluck="for_user") == [SELLER_A]


def test_addresses_are_forgotten_after_90_days_and_the_digest_stays():
	wording = {"consent_ar": "أوافق", "consent_en": "I agree"}
	channels = {f"consent_{channel}": 1 for channel in ("phone", "whatsapp", "email", "sms")}
	form = make_form(ask_consent=1, **wording, **channels)
	old, new = sent(), sent()
	old.consent = True
	names = [form_intake.receive(form, one).submission for one in (old, new)]
	frappe.db.set_value(
		"Dafater Form Submission", names[0], "creation", add_days(now_datetime(), -91), update_modified=False
	)
	real, frappe.db.commit = frappe.db.commit, lambda: None
	try:
		form_intake.forget_addresses()
	finally:
		frappe.db.commit = real
	kept = [frappe.db.get_value("Dafater Form Submission", name, "ip_address") for name in names]
	assert kept == [None, "198.51.100.7"]
	lead = frappe.db.get_value("Dafater Form Submission", names[0], "lead")
	[entry] = frappe.get_all("Dafater Consent Entry", {"party_name": lead}, ["channel", "evidence"])
	assert entry.channel == "All"
	assert form_lead.address_digest("198.51.100.7") in entry.evidence


def test_events_are_noted_where_the_site_keeps_them():
	lead = make_lead()
	capture.note_event(lead.name, "Contact us", "Web Form", "x1")
	if frappe.db.exists("DocType", "Dafater Lead Event"):
		[event] = frappe.get_all(
			"Dafater Lead Event", {"lead": lead.name}, ["event_type", "source_reference"]
		)
		assert (event.event_type, event.source_reference) == ("Form Submitted", "x1")


def test_a_form_costs_the_same_with_many_leads():
	form = make_form()
	form_intake.receive(form, sent())
	counts = []
	for _ in range(2):
		with counted() as statements:
			form_intake.receive(form, sent())
		counts.append(len(statements))
		for _ in range(20):
			make_lead()
	assert counts[0] == counts[1] and counts[0] < 60, counts
