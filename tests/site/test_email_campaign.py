"""E-mail campaigns: audience, steps, schedule and status. Nothing is sent yet."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from tests.site.factories import make_lead, make_prospect, unique
from tests.site.people import MAILER, SELLER_A, cast  # noqa: F401
from tests.site.test_campaign import make_campaign


def template() -> str:
	name = "Dafater Test Mail"
	if not frappe.db.exists("Email Template", name):
		frappe.get_doc(
			{"doctype": "Email Template", "name": name, "subject": "مرحبا", "response": "مرحبا"}
		).insert()
	return name


def group() -> str:
	return frappe.get_doc({"doctype": "Email Group", "title": unique("مجموعة")}).insert().name


def make_email_campaign(days=(0, 3), **values):
	if not {"email_group", "audience_type"} & values.keys():
		values["email_group"] = group()
	return frappe.get_doc(
		{
			"doctype": "Dafater Email Campaign",
			"title": "رسائل الترحيب",
			"campaign": values.pop("campaign", None) or make_campaign().name,
			"start_date": nowdate(),
			"steps": [{"send_after_days": day, "email_template": template()} for day in days],
			**values,
		}
	).insert()


def test_steps_are_sorted_and_the_end_is_computed() -> None:
	doc = make_email_campaign(days=(7, 0, 3), end_date="2020-01-01")
	assert [(step.idx, step.send_after_days) for step in doc.steps] == [(1, 0), (2, 3), (3, 7)]
	assert getdate(doc.end_date) == getdate(add_days(nowdate(), 7))
	stored = frappe.get_doc(doc.doctype, doc.name)
	assert [step.send_after_days for step in stored.steps] == [0, 3, 7]


def test_two_steps_on_one_day() -> None:
	with pytest.raises(frappe.ValidationError, match="Two steps are sent after 3 days"):
		make_email_campaign(days=(3, 0, 3))


@pytest.mark.parametrize(
	("kind", "message"),
	[
		("E-mail Group", "in the field .*E-mail Group"),
		("Single Lead", "in the field .*Lead"),
		("Single Prospect", "in the field .*Prospect"),
		("Single Contact", "in the field .*Contact"),
		("Leads by Filter", "Choose at least one filter"),
	],
)
def test_audience_is_mandatory(kind: str, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_email_campaign(audience_type=kind)


def test_audience_of_another_kind_is_cleared() -> None:
	doc = make_email_campaign(audience_type="Leads by Filter", lead_status="New", email_group=group())
	assert doc.email_group is None and doc.lead_status == "New"


def test_recipient_who_wants_no_mail() -> None:
	lead = make_lead(do_not_contact=1)
	with pytest.raises(frappe.ValidationError, match="asked not to receive campaigns"):
		make_email_campaign(audience_type="Single Lead", lead=lead.name)
	with pytest.raises(frappe.ValidationError, match="has no e-mail address"):
		make_email_campaign(audience_type="Single Prospect", prospect=make_prospect().name)
	assert make_email_campaign(audience_type="Single Lead", lead=make_lead().name).lead


def test_schedule_in_the_past() -> None:
	yesterday = add_days(nowdate(), -1)
	with pytest.raises(frappe.ValidationError, match="is in the past"):
		make_email_campaign(start_date=yesterday, status="Scheduled")
	draft = make_email_campaign(start_date=yesterday)
	draft.status = "Scheduled"
	with pytest.raises(frappe.ValidationError, match="is in the past"):
		draft.save()
	# one that began in time and was paused may go on
	doc = make_email_campaign(status="Scheduled")
	frappe.db.set_value(doc.doctype, doc.name, {"start_date": yesterday, "status": "Paused"})
	doc.reload()
	doc.status = "Scheduled"
	doc.save()
	assert doc.status == "Scheduled"


def test_campaign_that_is_over() -> None:
	over = make_campaign(status="Completed")
	with pytest.raises(frappe.ValidationError, match="is over"):
		make_email_campaign(campaign=over.name, status="Scheduled")


def test_status_moves() -> None:
	with pytest.raises(frappe.ValidationError, match=r"cannot begin as .*In Progress.*Draft, Scheduled"):
		make_email_campaign(status="In Progress")
	doc = make_email_campaign()
	doc.status = "Completed"
	with pytest.raises(frappe.ValidationError, match=r"cannot change from .*Draft.* to .*Completed"):
		doc.save()
	doc.reload()
	for status in ("Scheduled", "In Progress", "Paused", "In Progress", "Completed"):
		doc.status = status
		doc.save()
	doc.status = "In Progress"
	with pytest.raises(frappe.ValidationError, match=r"Completed.* is final"):
		doc.save()


@pytest.mark.parametrize(
	"change",
	[
		lambda doc: doc.steps[0].set("send_after_days", 9),
		lambda doc: doc.append("steps", {"send_after_days": 9, "email_template": template()}),
		lambda doc: doc.set("start_date", add_days(nowdate(), 9)),
		lambda doc: doc.set("email_group", group()),
	],
)
def test_what_has_started_stays(change) -> None:
	doc = make_email_campaign(status="Scheduled")
	doc.status = "In Progress"
	doc.save()
	change(doc)
	with pytest.raises(frappe.ValidationError, match="This campaign has started"):
		doc.save()
	doc.reload()
	doc.title = "عنوان آخر"
	doc.save()
	assert doc.title == "عنوان آخر"


def test_who_may_write(as_user) -> None:
	campaign = make_campaign().name
	values = {"campaign": campaign, "email_group": group()}
	template()
	with as_user(SELLER_A), pytest.raises(frappe.PermissionError):
		make_email_campaign(**values)
	with as_user(MAILER):
		assert make_email_campaign(**values).name
