"""Sequences and enrolments for tests; the site can "send" because it has an outgoing account that nothing flushes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import frappe
from frappe.utils import add_to_date, get_system_timezone, now_datetime

from dafater_crm.records.nurture import drain, enrol
from tests.site.factories import make_lead, unique

ACCOUNT = "Nurture Test Account"
EMAIL = {
	"kind": "E-mail",
	"subject": "أهلاً {{ name }}",
	"message": "<p>مرحباً {{ name }}، معك {{ owner_name }}</p>",
}


def make_account() -> str:
	# a throw-away site has no built style sheets, and Frappe's mail builder looks for their names
	frappe.local.assets_json = getattr(frappe.local, "assets_json", None) or {}
	# a mail that an earlier test wrote without any account has left Frappe's nameless stand-in there
	frappe.local.outgoing_email_account = {}
	if not frappe.db.exists("Email Account", ACCOUNT):
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": ACCOUNT,
				"email_id": "sales@nurture.example",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "localhost",
				"no_smtp_authentication": 1,
				"awaiting_password": 0,
			}
		).insert()
	return ACCOUNT


def make_sequence(*steps: dict, **values):
	"""An enabled service sequence that may send at any hour, unless `values` say otherwise."""
	make_account()
	return frappe.get_doc(
		{
			"doctype": "Dafater Nurture Sequence",
			"title": unique("متابعة العميل"),
			"enabled": 1,
			"purpose": "Service",
			"requires_consent": 0,
			"email_account": ACCOUNT,
			"steps": [{"delay_days": 0, "delay_hours": 0, **step} for step in steps or (EMAIL,)],
			**values,
		}
	).insert()


def in_riyadh():
	"""This moment on a clock of Riyadh, where sequences have their sending hours."""
	return now_datetime().replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo("Asia/Riyadh"))


def promotional(*steps: dict, **values):
	"""A sequence of promotion with consent, and with sending hours that are open now: tests run at any hour of the day."""
	hour = in_riyadh().hour
	return make_sequence(
		*steps,
		**{
			"purpose": "Promotional",
			"requires_consent": 1,
			"send_from_hour": (hour - 2) % 24,
			"send_until_hour": (hour + 3) % 24,
			**values,
		},
	)


def enrolled(sequence, doc=None, days_ago: float = 0):
	"""Enrol one record; its first step has been due for `days_ago`."""
	doc = doc or make_lead()
	result = enrol.enrol(sequence, [doc.name], by_person=False)
	assert result["enrolled"] == 1, result
	return due(enrolment_of(sequence, doc), days_ago)


def enrolment_of(sequence, doc):
	name = frappe.db.get_value(
		"Dafater Nurture Enrolment",
		{"sequence": sequence.name, "reference_name": doc.name},
		order_by="creation desc",
	)
	return frappe.get_doc("Dafater Nurture Enrolment", name)


def due(enrolment, days_ago: float = 0):
	"""Make the enrolment's next step due, as if time had passed."""
	moment = add_to_date(now_datetime(), seconds=-int(days_ago * 86400) - 1)
	values = {"next_run_on": moment}
	if enrolment.last_sent_on:
		values["last_sent_on"] = add_to_date(moment, days=-1)
	frappe.db.set_value("Dafater Nurture Enrolment", enrolment.name, values, update_modified=False)
	return enrolment.reload()


def mails(doc) -> list[dict]:
	"""Rows of the Email Queue that belong to the record, oldest first."""
	return frappe.get_all(
		"Email Queue",
		{"reference_doctype": doc.doctype, "reference_name": doc.name},
		["name", "communication", "message", "add_unsubscribe_link"],
		order_by="creation",
	)


def states(enrolment) -> list[tuple[int, str]]:
	rows = frappe.get_all(
		"Dafater Nurture Ledger", {"enrolment": enrolment.name}, ["step_no", "state"], order_by="step_no"
	)
	return [(row.step_no, row.state) for row in rows]


def run() -> dict:
	return drain.run()
