"""Leads from programs: permission, allow-list, idempotency, batches; and the release of what a form held back."""

from __future__ import annotations

import base64
import json

import frappe
import pytest

from dafater_crm.api import capture
from dafater_crm.queries.duplicates import stored_frequencies
from dafater_crm.queries.same_person import find_same_person
from dafater_crm.records.capture import API_FIELDS, FORM_FIELDS
from tests.site.factories import COMPANY, make_lead, phone
from tests.site.lead_forms import forget_lead, keep_forms, make_form, token, typed  # noqa: F401
from tests.site.people import EXECUTIVE, MANAGING, OPERATING, SELLER_A, SELLER_B, SUPPORTING, cast  # noqa: F401
from tests.site.statements import counted
from tests.site.web import Web

SUBMISSION = "Dafater Form Submission"


def row(**values) -> dict:
	return {
		"lead_name": "خالد العتيبي",
		"mobile_no": phone(),
		"source": "Website",
		"company": COMPANY,
		**values,
	}


def refused(call, *args, **kwargs) -> str:
	with pytest.raises(frappe.ValidationError) as error:
		call(*args, **kwargs)
	return str(error.value)


# --- permission


@pytest.mark.parametrize("user", ["Guest", SUPPORTING])
def test_who_may_not_create_leads_creates_none(user):
	frappe.set_user(user)
	for call in (
		lambda: capture.create_lead(row()),
		lambda: capture.create_leads([row()]),
		lambda: capture.release("x"),
	):
		with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
			call()


def test_a_seller_sees_no_form_and_no_submission():
	form = make_form()
	frappe.set_user(SELLER_A)
	for doctype in ("Dafater Lead Form", SUBMISSION):
		assert not frappe.has_permission(doctype, "read")
	with pytest.raises(frappe.PermissionError):
		form.check_permission("read")
	for user in (MANAGING, OPERATING):
		frappe.set_user(user)
		assert frappe.has_permission("Dafater Lead Form", "write") and frappe.has_permission(
			SUBMISSION, "write"
		)
		assert not frappe.has_permission(SUBMISSION, "create")


# --- one lead


def test_a_lead_is_made_as_the_caller_and_goes_through_the_controller():
	frappe.set_user(EXECUTIVE)
	answer = capture.create_lead(**row(mobile_no="0551234567", utm_source="=google", referrer="javascript:x"))
	assert (answer["status"], answer["matched_on"]) == ("created", None)
	lead = frappe.get_doc("Dafater Lead", answer["name"])
	assert (lead.owner, lead.mobile_no, lead.captured_through) == (EXECUTIVE, "+966551234567", "API")
	assert (lead.utm_source, lead.referrer, lead.lead_type) == ("google", None, "Person")


def test_unknown_fields_are_named_with_those_that_are_accepted():
	for field in (
		"owner",
		"score",
		"status",
		"lead_owner",
		"captured_through",
		"name",
		"docstatus",
		"nonsense",
	):
		message = refused(capture.create_lead, row(**{field: "x"}))
		assert field in message and all(name in message for name in API_FIELDS)
	assert not {"owner", "status", "score", "grade", "lead_owner", "team", "captured_through"} & set(
		API_FIELDS
	)


@pytest.mark.parametrize(
	"lead", ["[1]", "nonsense", [1], {"lead_name": ["x"]}, {"lead_name": {"a": 1}}, {}, "{}"]
)
def test_what_is_no_lead_is_refused_with_one_message(lead):
	assert refused(capture.create_lead, lead)


def test_the_same_reference_of_the_same_source_is_one_lead():
	first = capture.create_lead(row(source_reference="A-1"))
	again = capture.create_lead(row(source_reference="A-1", lead_name="Other"))
	assert again == {"name": first["name"], "status": "existing", "matched_on": "source_reference"}
	other = capture.create_lead(row(source_reference="A-1", source="Partner"))
	assert other["status"] == "created" and other["name"] != first["name"]


def test_the_reference_of_a_deleted_lead_may_be_sent_again():
	first = capture.create_lead(row(source_reference="A-2"))
	frappe.delete_doc("Dafater Lead", first["name"])
	again = capture.create_lead(row(source_reference="A-2"))
	assert again["status"] == "created" and frappe.db.exists("Dafater Lead", again["name"])


def test_a_reference_that_was_attached_is_remembered_too():
	lead = make_lead(lead_name="خالد العتيبي")
	sent = row(mobile_no=lead.mobile_no, source_reference="B-1")
	assert capture.create_lead(sent) == {"name": lead.name, "status": "existing", "matched_on": "mobile_no"}
	assert capture.create_lead(sent)["matched_on"] == "source_reference"
	assert frappe.db.count("Comment", {"reference_name": lead.name, "comment_type": "Comment"}) == 1


def test_the_same_person_is_attached_or_new_as_asked():
	lead = make_lead(lead_name="Khaled Al-Otaibi")
	attached = capture.create_lead(
		row(mobile_no="", email_id=f" {lead.email_id.upper()} ", request="<b>x</b>")
	)
	assert attached == {"name": lead.name, "status": "existing", "matched_on": "email_id"}
	[comment] = frappe.get_all(
		"Comment", {"reference_name": lead.name, "comment_type": "Comment"}, pluck="content"
	)
	assert "خالد العتيبي" in comment and "<b>x" not in comment
	made = capture.create_lead(row(email_id=lead.email_id), on_same_person="new")
	assert made["status"] == "created"
	assert "attach" in refused(capture.create_lead, row(), on_same_person="merge")


@pytest.mark.parametrize(
	("known", "sent"),
	[
		("محمد علي القحطاني", "علي محمد القحطاني"),  # a son with his father's mobile
		("محمد", "علي محمد"),
		("Hassan Alharbi", "Hussein Alharbi"),
		("سارة الدوسري", "خالد المطيري"),
	],
)
def test_who_sends_the_mobile_of_another_gets_a_lead_of_his_own(known, sent):
	lead = make_lead(lead_name=known, email_id=None, organisation_name=None)
	answer = capture.create_lead(row(lead_name=sent, mobile_no=lead.mobile_no, request="عرض سعر"))
	assert (answer["status"], answer["matched_on"]) == ("created", None)
	assert frappe.db.get_value("Dafater Lead", answer["name"], "lead_name") == sent
	assert not frappe.db.exists("Comment", {"reference_name": lead.name, "comment_type": "Comment"})
	again = capture.create_lead(row(lead_name=sent, mobile_no=lead.mobile_no))
	assert again == {"name": answer["name"], "status": "existing", "matched_on": "mobile_no"}


def test_the_answer_does_not_reveal_leads_that_the_caller_may_not_read():
	frappe.set_user(SELLER_A)
	lead = make_lead(lead_name="خالد العتيبي")
	frappe.set_user(SELLER_B)
	answer = capture.create_lead(row(mobile_no=lead.mobile_no))
	assert answer["status"] == "created" and answer["name"] != lead.name


def test_closed_leads_are_not_the_same_person_and_the_search_uses_the_keys():
	lead = make_lead()
	sent = {name: lead.get(name) for name in ("lead_name", "mobile_no", "email_id")}
	stored_frequencies()  # kept in the cache from the first question on
	with counted() as statements:
		found = find_same_person(sent)
	assert [(hit.name, hit.matched_on) for hit in found] == [(lead.name, "mobile_no")]
	assert len(statements) == 1
	plan = frappe.db.sql(f"explain {frappe.db.last_query}", as_dict=True)
	assert {part["key"] for part in plan} != {None}, plan
	frappe.db.set_value("Dafater Lead", lead.name, "status", "Disqualified")
	assert find_same_person(sent) == []
	with counted() as statements:
		assert find_same_person({"mobile_no": "12", "email_id": "x", "lead_name": "y"}) == []
	assert statements == []


# --- many leads


def test_good_rows_stay_and_bad_rows_are_reported():
	known = make_lead(lead_name="خالد العتيبي")
	rows = [
		row(source_reference="C-1"),
		row(mobile_no="12"),
		row(mobile_no=known.mobile_no),
		row(score=9),
		"x",
		row(source="No Such Source"),
		row(source_reference="C-1"),
	]
	answer = capture.create_leads(json.dumps(rows))
	assert [result["status"] for result in answer["rows"]] == [
		"created",
		"refused",
		"existing",
		"refused",
		"refused",
		"refused",
		"existing",
	]
	assert (answer["created"], answer["existing"], answer["refused"]) == (1, 2, 4)
	assert "12" in answer["rows"][1]["message"] and "<" not in answer["rows"][5]["message"]
	assert answer["rows"][6]["name"] == answer["rows"][0]["name"]
	assert frappe.db.exists("Dafater Lead", answer["rows"][0]["name"])
	assert frappe.local.message_log == []


@pytest.mark.parametrize("leads", ["[]", [], {"a": 1}, [{}] * 501])
def test_a_batch_has_1_to_500_rows(leads):
	assert "500" in refused(capture.create_leads, leads)


# --- over HTTP


@pytest.fixture
def token_of():
	"""API key and secret of a user, committed; gone at the end."""
	users = []

	def make(user: str) -> dict[str, str]:
		doc = frappe.get_doc("User", user)
		doc.db_set("api_key", frappe.generate_hash(length=15))
		from frappe.utils.password import set_encrypted_password

		secret = frappe.generate_hash(length=15)
		set_encrypted_password("User", user, secret, "api_secret")
		frappe.db.commit()
		users.append(user)
		return {"Authorization": f"token {doc.api_key}:{secret}", "Accept": "application/json"}

	yield make
	frappe.db.rollback()
	for user in users:
		frappe.db.set_value("User", user, "api_key", None)
		frappe.db.delete("__Auth", {"name": user, "fieldname": "api_secret"})
	frappe.db.commit()


def test_a_token_makes_leads_and_plain_rest_still_works(token_of):
	headers, made = token_of(OPERATING), []
	try:
		path = "/api/method/dafater_crm.api.capture.create_lead"
		for options in ({"json": row()}, {"json": {"lead": row()}}, {"data": row()}):
			answer = Web().post(path, headers=headers, **options)
			assert answer.status_code == 200, answer.text
			made.append(answer.json["message"]["name"])
		answer = Web().post(
			"/api/resource/Dafater Lead", headers=headers, json=row(captured_through="Desk", status="New")
		)
		assert answer.status_code == 200, answer.text
		made.append(answer.json["data"]["name"])
		bad = Web().post(path, headers=headers, json=row(score=1))
		assert bad.status_code == 417 and "score" in bad.text
		frappe.db.rollback()
		assert {frappe.db.get_value("Dafater Lead", name, "captured_through") for name in made} == {"API"}
		assert Web().get(path, headers=headers).status_code == 403
		wrong = "Basic " + base64.b64encode(b"x:y").decode()
		assert Web().post(path, headers={**headers, "Authorization": wrong}, json=row()).status_code == 401
	finally:
		frappe.db.rollback()
		for name in made:
			forget_lead(name)
		frappe.db.commit()


# --- forms: what their editor may enter, and the release


def test_the_fields_of_a_form_are_the_allow_list():
	options = frappe.get_meta("Dafater Lead Form Field").get_field("lead_field").options.split("\n")
	assert options == list(FORM_FIELDS)
	meta = frappe.get_meta("Dafater Lead")
	assert {label: meta.get_label(field) for label, field in FORM_FIELDS.items()} == {o: o for o in options}
	assert all(meta.has_field(field) for field in API_FIELDS)


@pytest.mark.parametrize(
	("values", "text"),
	[
		({"slug": "Über uns"}, "not usable"),
		({"slug": "../app"}, "not usable"),
		({"redirect_url": "https://evil.example/"}, "lies on"),
		(
			{"redirect_url": "http://www.example.com/", "allowed_origins": "https://www.example.com"},
			"https://",
		),
		({"redirect_url": "javascript:alert(1)"}, ""),
		({"redirect_url": "//evil.example"}, ""),
		({"allowed_origins": "*"}, "address of a website"),
		({"allowed_origins": "https://*.example.com"}, "address of a website"),
		({"allowed_origins": "https://a.example; script-src *"}, "address of a website"),
		({"privacy_url": "javascript:alert(1)"}, ""),
		({"ask_consent": 1}, "Consent needs"),
		({"ask_consent": 1, "consent_phone": 1, "consent_ar": "أوافق"}, "Consent needs"),
		({"form_fields": [{"lead_field": "Full Name"}]}, "way to reach"),
		({"form_fields": [{"lead_field": "Mobile"}]}, "needs a name"),
		({"form_fields": [{"lead_field": "Full Name"}, {"lead_field": "Full Name"}]}, "shown already"),
		({"form_fields": [{"lead_field": "Status"}]}, ""),
		(
			{
				"form_fields": [
					{"lead_field": "Full Name"},
					{"lead_field": "Mobile"},
					{"lead_field": "Request Type", "shown_options": "Support\nFree Money"},
				]
			},
			"Free Money",
		),
	],
)
def test_a_form_that_would_not_work_or_would_harm_is_refused(values, text):
	assert text in refused(make_form, **values)


def test_a_held_back_submission_becomes_a_lead_when_a_person_releases_it(committed_form):
	form = committed_form()
	Web().post(f"/dafater-form/{form.name}", data={"token": token(form), "branch_ref": "x", **typed()})
	frappe.db.rollback()
	name = frappe.db.get_value(SUBMISSION, {"form": form.name})
	for user in (SELLER_A, "Guest"):
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			capture.release(name)
	frappe.set_user(OPERATING)
	answer = capture.release(name)
	assert answer["state"] == "Accepted"
	lead = frappe.get_doc("Dafater Lead", answer["lead"])
	assert (lead.captured_through, lead.owner) == ("Web Form", OPERATING)
	assert frappe.db.get_value(SUBMISSION, name, ["released_by", "lead"]) == (OPERATING, lead.name)
	assert "already" in refused(capture.release, name)
	submission = frappe.get_doc(SUBMISSION, name)
	submission.received_values = "{}"
	assert "cannot be changed" in refused(submission.save)


def test_one_key_is_limited_and_no_other(token_of, monkeypatch):
	path = "/api/method/dafater_crm.api.capture.create_lead"
	# by their beginning: later releases of Frappe append the seconds
	counters = "rl:dafater_crm.api.capture.create_lead:"
	monkeypatch.setattr(capture, "PER_USER", 2)
	frappe.cache.delete_keys(counters)
	mine, others, made = token_of(OPERATING), token_of(SELLER_A), []
	try:
		late = row(mobile_no=phone())
		sent = [row(), row(), late]
		answers = [Web(f"192.0.2.{n}").post(path, headers=mine, json=one) for n, one in enumerate(sent)]
		answers.append(Web().post(path, headers=others, json=row()))
		made = [answer.json["message"]["name"] for answer in answers if answer.status_code == 200]
		assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
		frappe.db.rollback()
		assert not frappe.db.exists("Dafater Lead", {"mobile_no": f"+966{late['mobile_no'][1:]}"})
	finally:
		frappe.db.rollback()
		frappe.cache.delete_keys(counters)
		for name in made:
			forget_lead(name)
		frappe.db.commit()
