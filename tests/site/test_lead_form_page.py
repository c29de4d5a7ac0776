"""The public page of a lead form, asked for and sent by a visitor who is nobody, over the real application."""

from __future__ import annotations

import json
import re
from io import BytesIO

import frappe
import pytest

from dafater_crm.website.lead_form import MAX_BYTES, PER_ADDRESS
from tests.site.factories import phone
from tests.site.lead_forms import keep_forms, submissions, token, typed  # noqa: F401
from tests.site.web import Web, inputs

AR, EN = {"Accept-Language": "ar"}, {"Accept-Language": "en"}


def url(form, query: str = "") -> str:
	return f"/dafater-form/{form.name}{query}"


def send(form, web: Web | None = None, **values):
	"""Type and send a page that was opened a minute ago."""
	data = {"token": token(form), "lang": "en", **typed(**values)}
	return (web or Web()).post(url(form), data={k: v for k, v in data.items() if v is not None})


def lead_of(form):
	[row] = submissions(form)
	return frappe.get_doc("Dafater Lead", row.lead)


# --- what is shown


def test_the_page_is_whole_in_both_languages(committed_form):
	form = committed_form()
	arabic = Web().get(url(form), headers=AR).text
	assert '<html lang="ar" dir="rtl">' in arabic and "تواصل معنا" in arabic
	assert ">الجوال" in arabic and ">إرسال</button>" in arabic
	english = Web().get(url(form, "?lang=en"), headers=AR).text
	assert '<html lang="en" dir="ltr">' in english and "How can we help?" in english
	for page in (arabic, english):
		assert "<script" not in page
		assert not re.search(r'(?:src|href)="(?!data:|/dafater-form/)', page)
		for name in ("lead_name", "mobile_no", "email_id", "request_type", "request"):
			assert f'<label for="f_{name}">' in page and f'id="f_{name}"' in page


def test_a_form_of_one_language_offers_no_other(committed_form):
	form = committed_form(languages="English")
	page = Web().get(url(form, "?lang=ar"), headers=AR).text
	assert '<html lang="en"' in page and 'name="switch"' not in page


def test_the_other_language_keeps_what_was_typed_and_stores_nothing(committed_form):
	form = committed_form()
	page = send(form, f_lead_name="Sara", switch="ar").text
	assert '<html lang="ar"' in page and inputs(page)["f_lead_name"] == "Sara"
	assert submissions(form) == []


def test_unknown_unpublished_and_malformed_addresses_are_not_found(committed_form):
	form = committed_form(published=0)
	for path in (
		url(form),
		"/dafater-form/nothing-here",
		"/dafater-form/../app",
		"/dafater-form/A%27--",
		"/dafater-form/",
	):
		answer = Web().get(path)
		assert answer.status_code == 404, path
	assert Web().post(url(form), data=typed(token=token(form))).status_code == 404
	form.published = 1
	form.save()
	frappe.db.commit()
	assert Web().get(url(form)).status_code == 200  # the 404 was not remembered


def test_only_the_named_websites_may_frame_the_page(committed_form):
	closed = Web().get(url(committed_form()))
	assert "frame-ancestors 'self';" in closed.headers["Content-Security-Policy"]
	assert closed.headers["X-Frame-Options"] == "SAMEORIGIN"
	form = committed_form(allowed_origins="https://www.example.com\nhttps://shop.example.com:8443/")
	opened = Web().get(url(form))
	assert (
		"frame-ancestors 'self' https://www.example.com https://shop.example.com:8443;"
		in opened.headers["Content-Security-Policy"]
	)
	assert "X-Frame-Options" not in opened.headers
	assert "default-src 'none'" in opened.headers["Content-Security-Policy"]
	assert "Access-Control-Allow-Origin" not in opened.headers


def test_texts_and_values_are_escaped(committed_form):
	evil = '"><script>alert(1)</script>'
	form = committed_form(
		heading_en=f"Hello {evil}",
		intro_en=evil,
		form_fields=[
			{"lead_field": "Full Name", "required": 1, "label_en": evil},
			{"lead_field": "Mobile", "required": 1},
			{"lead_field": "Request"},
		],
	)
	for page in (
		Web().get(url(form, f"?lang=en&utm_source={evil}&landing_page={evil}")).text,
		send(form, f_lead_name=evil, f_mobile_no="", f_request=f"</textarea>{evil}", f_utm_source=evil).text,
	):
		assert "<script" not in page.lower()


# --- what becomes of it


def test_a_sent_form_becomes_a_lead_with_its_trail(committed_form):
	form = committed_form(team=None)
	page = (
		Web()
		.get(
			url(
				form,
				"?lang=ar&utm_source=google&utm_campaign=spring&landing_page=https://www.example.com/offer",
			),
			headers={"Referer": "https://search.example/"},
		)
		.text
	)
	answer = Web().post(
		url(form), data={**inputs(page), **typed(f_mobile_no="٠٥٥١٢٣٤٥٦٧"), "token": token(form)}
	)
	assert answer.status_code == 303
	assert answer.headers["Location"].endswith(f"/dafater-form/{form.name}?sent=1&lang=ar")
	lead = lead_of(form)
	assert (lead.lead_name, lead.mobile_no, lead.status) == ("سارة القحطاني", "+966551234567", "New")
	assert (lead.captured_through, lead.source, lead.preferred_language) == ("Web Form", "Website", "ar")
	assert (lead.utm_source, lead.utm_campaign) == ("google", "spring")
	assert (lead.landing_page, lead.referrer) == ("https://www.example.com/offer", "https://search.example/")
	[row] = submissions(form)
	assert (row.state, lead.source_reference, row.ip_address) == ("Accepted", row.name, "198.51.100.7")
	assert json.loads(row.received_values)["values"]["mobile_no"] == "٠٥٥١٢٣٤٥٦٧"
	thanks = Web().get(url(form, "?sent=1&lang=ar")).text
	assert "شكرًا لك" in thanks and "<input" not in thanks


def test_what_the_lead_refuses_is_kept_and_explained_in_the_language(committed_form):
	form = committed_form()
	first = token(form)
	answer = send(form, f_mobile_no="12", lang="ar", token=first)
	assert answer.status_code == 422
	assert 'aria-invalid="true" aria-describedby="f_mobile_no_m"' in answer.text
	assert "ليس رقم" in answer.text and inputs(answer.text)["f_mobile_no"] == "12"
	[row] = submissions(form)
	assert (row.state, row.lead) == ("Refused", None)
	assert inputs(answer.text)["token"] == first
	assert send(form, token=first).status_code == 303  # corrected: the same submission, one lead
	[row] = submissions(form)
	assert (row.state, row.attempts) == ("Accepted", 2) and row.lead and row.reason is None


def test_markup_in_a_name_is_refused_and_kept(committed_form):
	form = committed_form()
	answer = send(form, f_lead_name="<b>Sara</b>")
	assert answer.status_code == 422 and "HTML" in answer.text
	[row] = submissions(form)
	assert json.loads(row.received_values)["values"]["lead_name"] == "<b>Sara</b>"


def test_missing_long_and_invented_values_are_named_at_their_field(committed_form):
	form = committed_form()
	answer = send(form, f_lead_name="", f_email_id="a" * 141, f_request_type="Free Money")
	assert answer.status_code == 422
	for name in ("lead_name", "email_id", "request_type"):
		assert f'id="f_{name}_m"' in answer.text
	assert submissions(form) == []


def test_only_fields_of_the_form_reach_the_lead(committed_form):
	form = committed_form()
	send(
		form, f_status="Converted", f_lead_owner="Administrator", f_score="99", f_job_title="Boss", f_team="x"
	)
	lead = lead_of(form)
	assert (lead.status, lead.lead_owner, lead.score, lead.job_title) == ("New", None, 0, None)


def test_pressing_twice_makes_one_lead(committed_form):
	form = committed_form()
	data = {"token": token(form), "lang": "en", **typed()}
	assert [Web().post(url(form), data=data).status_code for _ in range(3)] == [303, 303, 303]
	assert len(submissions(form)) == 1
	replayed = Web().post(url(form), data={**data, "f_lead_name": "Somebody Else"})
	assert replayed.status_code == 409 and "sent before" in replayed.text
	assert inputs(replayed.text)["token"] != data["token"]
	assert len(submissions(form)) == 1


def test_the_same_person_is_attached_to_the_open_lead(committed_form):
	form = committed_form()
	mobile = phone()
	send(form, f_mobile_no=mobile)
	send(form, f_mobile_no=mobile, f_request="مرة أخرى <img src=x onerror=alert(1)>")
	first, second = submissions(form)
	assert (first.state, second.state, second.lead) == ("Accepted", "Duplicate", first.lead)
	[comment] = frappe.get_all(
		"Comment", {"reference_name": first.lead, "comment_type": "Comment"}, pluck="content"
	)
	assert "مرة أخرى" in comment and "<img" not in comment
	assert frappe.db.get_value("Dafater Lead", first.lead, "request") == "أرغب في عرض سعر"


def test_a_son_with_his_fathers_mobile_gets_a_lead_and_a_consent_of_his_own(committed_form):
	wording = {"consent_ar": "أوافق على استلام العروض", "consent_en": "I agree to receive offers"}
	form = committed_form(ask_consent=1, consent_purpose="Marketing", consent_whatsapp=1, **wording)
	mobile = phone()
	send(form, f_lead_name="محمد علي القحطاني", f_mobile_no=mobile)
	send(form, f_lead_name="علي محمد القحطاني", f_mobile_no=mobile, consent="1")
	father, son = submissions(form)
	assert (father.state, son.state) == ("Accepted", "Accepted")
	assert father.lead != son.lead
	assert not frappe.db.exists("Comment", {"reference_name": father.lead, "comment_type": "Comment"})
	given = frappe.get_all(
		"Dafater Consent Entry", {"party_name": ("in", (father.lead, son.lead))}, pluck="party_name"
	)
	assert given == [son.lead]


def test_a_second_lead_where_the_form_says_so(committed_form):
	form = committed_form(same_person="Create a New Lead")
	mobile = phone()
	send(form, f_mobile_no=mobile)
	send(form, f_mobile_no=mobile)
	first, second = submissions(form)
	assert first.lead != second.lead and second.state == "Accepted"


def test_consent_is_kept_with_the_wording_shown(committed_form):
	wording = {"consent_ar": "أوافق على استلام العروض", "consent_en": "I agree to receive offers"}
	form = committed_form(
		ask_consent=1, consent_purpose="Marketing", consent_whatsapp=1, consent_email=1, **wording
	)
	page = Web().get(url(form, "?lang=ar")).text
	assert wording["consent_ar"] in page and " checked" not in page
	send(form, consent="1", lang="ar")
	lead = lead_of(form)
	entries = frappe.get_all("Dafater Consent Entry", {"party_name": lead.name}, ["*"], order_by="channel")
	assert [(row.channel, row.action, row.purpose) for row in entries] == [
		("E-mail", "Granted", "Marketing"),
		("WhatsApp", "Granted", "Marketing"),
	]
	assert {row.wording for row in entries} == {wording["consent_ar"]}
	assert submissions(form)[0].name in entries[0].evidence and "198.51.100.7" not in entries[0].evidence
	assert lead.marketing_consent == "Granted"


def test_no_consent_without_the_tick(committed_form):
	form = committed_form(ask_consent=1, consent_phone=1, consent_ar="أوافق", consent_en="I agree")
	send(form)
	assert not frappe.db.exists("Dafater Consent Entry", {"party_name": lead_of(form).name})


def test_a_website_is_taken_as_people_write_it(committed_form):
	fields = [{"lead_field": name} for name in ("Full Name", "Mobile", "Website")]
	form = committed_form(form_fields=fields)
	answer = send(form, f_website="not a website")
	assert answer.status_code == 422 and 'id="f_website_m"' in answer.text
	assert send(form, f_website="www.example.com").status_code == 303
	assert lead_of(form).website == "https://www.example.com"


def test_the_visitor_is_spared_what_the_form_itself_does_wrong(committed_form):
	form = committed_form()
	frappe.db.set_value("Dafater Lead Form", form.name, "team", "A Team That Is Gone")
	frappe.clear_document_cache("Dafater Lead Form", form.name)
	frappe.db.commit()
	assert send(form).status_code == 303
	[row] = submissions(form)
	assert (row.state, row.lead) == ("Refused", None) and "A Team That Is Gone" in row.reason


def test_a_colleague_who_is_logged_in_can_send_the_form(committed_form, monkeypatch):
	form = committed_form()
	# later releases of Frappe do not keep a session's token while tests run
	monkeypatch.setattr(frappe, "in_test", False, raising=False)
	client = Web().signed_in("Administrator", "admin")
	page = client.get(url(form, "?lang=en")).text
	assert inputs(page)["csrf_token"]
	data = {**inputs(page), **typed(), "token": token(form)}
	json_please = {"Accept": "application/json"}  # Frappe's error page needs built assets
	refused = client.post(url(form), data={**data, "csrf_token": "x"}, headers=json_please)
	assert refused.status_code == 400 and submissions(form) == []
	assert client.post(url(form), data=data).status_code == 303
	assert lead_of(form).captured_through == "Web Form"


# --- what is not a person


def test_a_filled_trap_is_kept_aside_and_answered_like_any_other(committed_form):
	form = committed_form()
	assert send(form, branch_ref="x").status_code == 303
	[row] = submissions(form)
	assert (row.state, row.lead) == ("Spam", None)


def test_many_links_are_kept_aside(committed_form):
	form = committed_form()
	send(form, f_request="http://a.example http://b.example [url=c]")
	assert submissions(form)[0].state == "Spam"


def test_what_exceeds_the_day_is_kept_aside(committed_form):
	form = committed_form(daily_limit=2)
	for _ in range(3):
		assert send(form).status_code == 303
	assert [row.state for row in submissions(form)] == ["Accepted", "Accepted", "Spam"]


@pytest.mark.parametrize(("age", "text"), [(0, "very quick"), (7 * 3600, "open for a long time")])
def test_too_fast_and_too_late_keep_what_was_typed(committed_form, age, text):
	form = committed_form()
	answer = send(form, token=token(form, age), f_lead_name="Sara")
	assert answer.status_code == 422 and text in answer.text
	assert inputs(answer.text)["f_lead_name"] == "Sara"
	assert submissions(form) == []


@pytest.mark.parametrize("forged", ["", "x", "0" * 32 + ".1." + "0" * 64])
def test_a_forged_token_is_refused(committed_form, forged):
	form = committed_form()
	assert send(form, token=forged).status_code == 422
	assert submissions(form) == []


def test_the_token_of_another_form_is_refused(committed_form):
	form, other = committed_form(), committed_form()
	assert send(form, token=token(other)).status_code == 422
	assert submissions(form) == []


def test_an_address_that_sends_too_often_waits(committed_form):
	form, web = committed_form(), Web("203.0.113.9")
	for _ in range(PER_ADDRESS):
		send(form, web, token="x")
	answer = send(form, web, f_lead_name="Sara")
	assert answer.status_code == 429 and inputs(answer.text)["f_lead_name"] == "Sara"
	assert send(form, Web("203.0.113.10")).status_code == 303


def test_wrong_content_types_and_sizes_are_refused(committed_form):
	form = committed_form()
	assert Web().post(url(form), json={"f_lead_name": "x"}).status_code == 415
	assert Web().post(url(form), data={"f": (BytesIO(b"x"), "x.svg")}).status_code == 415
	assert send(form, f_request="x" * MAX_BYTES).status_code == 413
	assert submissions(form) == []


def test_a_command_in_the_form_runs_nothing(committed_form):
	"""Frappe takes a field "cmd" for a method to run, on any path; a guest may run guest methods only."""
	form = committed_form()
	data = {"token": token(form), **typed(cmd="frappe.client.get_list", doctype="Dafater Lead")}
	answer = Web().post(url(form), data=data, headers={"Accept": "application/json"})
	assert answer.status_code == 403
	assert submissions(form) == []


# --- where it leads


def test_the_visitor_is_sent_to_the_page_of_the_form_alone(committed_form):
	form = committed_form(
		allowed_origins="https://www.example.com", redirect_url="https://www.example.com/thanks"
	)
	answer = send(form, redirect_url="https://evil.example/", f_redirect_url="https://evil.example/")
	assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.example.com/thanks")
	assert (
		"form-action 'self' https://www.example.com;"
		in Web().get(url(form)).headers["Content-Security-Policy"]
	)


def test_nothing_of_the_form_is_open_to_guests_over_rest(committed_form):
	form = committed_form()
	send(form)
	[row] = submissions(form)
	for path in (
		f"/api/resource/Dafater Lead Form/{form.name}",
		f"/api/resource/Dafater Form Submission/{row.name}",
		f"/api/resource/Dafater Lead/{row.lead}",
		"/api/resource/Dafater Form Submission",
	):
		assert Web().get(path).status_code == 403, path
	for method in ("create_lead", "create_leads", "release"):
		answer = Web().post(
			f"/api/method/dafater_crm.api.capture.{method}", json={"name": row.name, "leads": []}
		)
		assert answer.status_code == 403, method
