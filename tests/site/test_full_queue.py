"""A queue of background jobs that takes no more: nobody's work fails for a job that only hurries something up."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import background_jobs
from redis.exceptions import ConnectionError as RedisGone

from dafater_crm.records import jobs, lead_score, rescoring
from dafater_crm.records.inbox import every_minute
from tests.provider import payloads
from tests.site.factories import make_lead
from tests.site.inbox_cast import EVENT, MESSAGE, deliver, drained, make_account, person, rows_of, swept  # noqa: F401
from tests.site.lead_forms import forget_lead, keep_forms, submissions, token, typed  # noqa: F401
from tests.site.score_rows import make_rule
from tests.site.web import Web

SETTINGS = "Dafater CRM Settings"
DRAIN = "dafater-inbox-drain-0"


@pytest.fixture
def full(monkeypatch):
	"""Every queue refuses, as later releases of Frappe do where hundreds of jobs wait, with a message for the user."""
	refusal = getattr(frappe, "QueueOverloaded", RedisGone)

	def refuse(*_args, **_options):
		frappe.throw("Too many queued background jobs (550).", exc=refusal)

	monkeypatch.setattr(background_jobs, "get_queue", refuse)
	return refusal


def test_a_lead_that_reaches_the_threshold_is_saved(full, clean_state):
	settings = frappe.get_doc(SETTINGS)
	kept = {field: settings.get(field) for field in ("qualified_at", "at_threshold")}
	settings.update({"qualified_at": 20, "at_threshold": lead_score.NOTIFY}).save()
	lead = make_lead(no_of_employees="500+")
	try:
		frappe.db.commit()
		assert lead.score >= 20 and frappe.db.exists("Dafater Lead", lead.name)
		assert frappe.get_message_log() == []
	finally:
		frappe.get_doc(SETTINGS).update(kept).save()
		forget_lead(lead.name)
		frappe.db.commit()


def test_rules_and_working_hours_can_be_changed(full, clean_state):
	hours = {"weekday": "Sunday", "from_time": "09:00", "to_time": "11:11"}
	rule = make_rule()
	settings = frappe.get_doc(SETTINGS)
	kept = [row.as_dict() for row in settings.working_hours]
	settings.append("working_seasons", {**hours, "from_date": "2001-01-01", "to_date": "2001-01-02"})
	settings.save()
	try:
		frappe.db.commit()
		assert frappe.db.exists("Dafater Score Rule", rule.name)
		assert len(frappe.get_doc(SETTINGS).working_hours) == len(kept)
		assert frappe.get_message_log() == []
	finally:
		settings = frappe.get_doc(SETTINGS)
		settings.working_seasons = [
			row for row in settings.working_seasons if str(row.from_date) != "2001-01-01"
		]
		settings.save()
		frappe.delete_doc("Dafater Score Rule", rule.name, force=True)
		frappe.db.commit()


def test_whoever_waits_for_a_job_hears_of_it(full):
	"""What is dispensable returns False; Frappe's own way raises."""
	assert jobs.soon(rescoring.OPEN_JOB) is False
	with pytest.raises(full):
		frappe.enqueue(rescoring.OPEN_JOB)


def test_a_visitor_s_form_becomes_a_lead(full, committed_form):
	form = committed_form()
	data = {"token": token(form), "lang": "en", **typed()}
	assert Web().post(f"/dafater-form/{form.name}", data=data).status_code == 303
	(row,) = submissions(form)
	assert row.state == "Accepted" and row.lead


@pytest.mark.usefixtures("swept")
def test_a_delivery_is_kept_and_written_when_there_is_room_again(full, monkeypatch):
	make_account()
	if waiting := background_jobs.get_job(DRAIN):
		waiting.delete()  # one that waits already is not queued again
	answer = deliver(payloads.whatsapp_text("1111", person(), "مرحبا"))
	assert (answer.status_code, answer.text) == (200, "OK")
	assert [row.status for row in rows_of(EVENT, "status")] == ["Received"]
	every_minute.run()
	monkeypatch.undo()
	assert drained() == {"Done": 1}
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["مرحبا"]
