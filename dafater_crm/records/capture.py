"""How leads come in: which fields an outsider may fill, through which path a lead came, and the trail that each leaves.

Every path ends in the lead's own controller, so that a form, a program, a mail and a person at the desk meet the same rules.
What an outsider sends is an allow-list; owner, status and score are never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from dafater_crm.domain import urls
from dafater_crm.domain.characters import one_line
from dafater_crm.records import jobs, mail_capture

LEAD = "Dafater Lead"

# Fields a public form may show: their label in the form's table -> field of the lead.
FORM_FIELDS = {
	"Full Name": "lead_name",
	"Name in Latin Letters": "lead_name_latin",
	"Organisation": "organisation_name",
	"Organisation in Latin Letters": "organisation_name_latin",
	"Job Title": "job_title",
	"Mobile": "mobile_no",
	"Phone": "phone",
	"WhatsApp": "whatsapp_no",
	"E-mail": "email_id",
	"Website": "website",
	"Preferred Channel": "preferred_channel",
	"City": "city",
	"District": "district",
	"Region": "region",
	"Territory": "territory",
	"Industry": "industry",
	"Market Segment": "market_segment",
	"Number of Employees": "no_of_employees",
	"Product Group of Interest": "item_group",
	"Request Type": "request_type",
	"Subject of the Request": "request_subject",
	"Request": "request",
	"Purchase Timeline": "purchase_timeline",
	"Commercial Registration": "cr_number",
	"VAT Number": "vat_number",
}
UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
TRACKING_FIELDS = (*UTM_FIELDS, "referrer", "landing_page")

# Fields a program may fill.
API_FIELDS = (
	"lead_type",
	"salutation",
	*FORM_FIELDS.values(),
	"preferred_language",
	"source",
	"source_reference",
	"campaign",
	"company",
	"employee_count",
	"annual_revenue",
	"building_no",
	"street",
	"postal_code",
	"secondary_no",
	"short_address",
	"national_id",
	*TRACKING_FIELDS,
)
MAX_TEXT = 5000
MAX_ADDRESS = 1000


def arrive(lead) -> None:
	"""First step of every new lead: values of a received mail, and the path it came through.

	A path of ours names itself in `lead.flags.captured_through`. For the rest Frappe knows: an import, a REST call, the
	desk. Without a request (a job, a console) the field stays what the code set.
	"""
	if mail_capture.fill(lead):
		return
	if path := lead.flags.captured_through or _path_of_request():
		lead.captured_through = path


def _path_of_request() -> str:
	if frappe.flags.in_import:
		return "Import"
	request = getattr(frappe.local, "request", None)
	if not request:
		return ""
	if request.headers.get("Authorization") or request.path.startswith(
		("/api/resource/", "/api/v1/resource/", "/api/v2/document/")
	):
		return "API"
	return "Desk"


def accepted(values: Mapping[str, object]) -> dict:
	"""Return the values for a lead that a program sent. Throws one message when a field is not in the allow-list."""
	unknown = sorted(str(field) for field in values if field not in API_FIELDS)
	if unknown:
		frappe.throw(
			_("These fields are not accepted: {0}. Send only these: {1}.").format(
				escape_html(", ".join(unknown)), ", ".join(API_FIELDS)
			),
			title=_("Unknown Fields"),
		)
	not_text = sorted(field for field, value in values.items() if isinstance(value, dict | list))
	if not_text:
		frappe.throw(
			_("These fields hold a list or an object: {0}. Send a text or a number.").format(
				", ".join(not_text)
			)
		)
	request = values.get("request")
	if isinstance(request, str) and len(request) > MAX_TEXT:
		frappe.throw(
			_("The field {0} has {1} characters. Shorten it to {2} characters or fewer.").format(
				_("Request"), len(request), MAX_TEXT
			)
		)
	own = {field: value for field, value in values.items() if field not in TRACKING_FIELDS}
	return {**with_scheme(own), **tracking(values)}


def tracking(values: Mapping[str, object]) -> dict[str, str]:
	"""The tracking fields among `values`, cleaned and cut to what the lead can hold. Never refuses a lead."""
	found = {}
	for field in UTM_FIELDS:
		found[field] = one_line(values.get(field)).lstrip("=+-@").replace("<", "").replace(">", "")[:140]
	found["referrer"] = urls.for_information(values.get("referrer"), 140)
	found["landing_page"] = urls.for_information(values.get("landing_page"), MAX_ADDRESS)
	return {field: value for field, value in found.items() if value}


def with_scheme(values: Mapping[str, object]) -> dict:
	"""The values with "https://" before a website that was typed without it: Frappe refuses one, and people leave it out."""
	website = one_line(values.get("website"))
	return {**values, "website": f"https://{website}"} if website and "://" not in website else dict(values)


def insert_lead(values: Mapping[str, object], through: str, unattended: bool = False):
	"""Insert and return a lead captured through `through` ("Web Form", "API", …). The controller may refuse it.

	`unattended`: the sender is no user, and a published form is the permission; otherwise the session's user needs the
	right to create leads.
	"""
	lead = frappe.new_doc(LEAD)
	lead.update({field: value for field, value in values.items() if value not in (None, "")})
	if not values.get("lead_type"):
		lead.lead_type = "Person" if lead.lead_name else "Organisation"
	lead.flags.captured_through = through
	lead.insert(ignore_permissions=unattended)
	return lead


def attach(lead: str, heading: str, values: Mapping[str, object]) -> None:
	"""Put what came in again on the timeline of an existing lead; nothing of the lead is overwritten.

	The comment is written in the site's language, since the team reads it and not the visitor.
	"""
	language = frappe.db.get_default("lang") or "en"
	meta = frappe.get_meta(LEAD)
	rows = "".join(
		f"<li>{escape_html(_(meta.get_label(field), lang=language))}: {escape_html(str(value))}</li>"
		for field, value in values.items()
		if value not in (None, "") and meta.has_field(field)
	)
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Comment",
			"comment_email": frappe.session.user,
			"reference_doctype": LEAD,
			"reference_name": lead,
			"content": f"<p>{escape_html(heading)}</p><ul>{rows}</ul>",
		}
	).insert(ignore_permissions=True)  # the sender is no user of the desk; the caller has checked the path


def forget(lead: str) -> None:
	"""Called before a lead is deleted: its references may be sent again, and what visitors sent points nowhere."""
	table = frappe.qb.DocType("Dafater Form Submission")
	frappe.qb.from_(table).delete().where(table.lead == lead).where(table.captured_through == "API").run()
	frappe.qb.update(table).set(table.lead, None).where(table.lead == lead).run()


def note_event(lead: str, subject: str, channel: str, reference: str | None = None) -> None:
	"""Add "Form Submitted" to the lead's events, where the site keeps events."""
	if not frappe.db.exists("DocType", "Dafater Lead Event"):
		return
	frappe.get_doc(
		{
			"doctype": "Dafater Lead Event",
			"lead": lead,
			"event_type": "Form Submitted",
			"happened_on": now_datetime(),
			"subject": subject[:140],
			"channel": channel,
			"source_reference": reference,
		}
	).insert(ignore_permissions=True)  # written by the capture itself, whoever the sender is


def notify(users: Iterable[str], subject: str, doctype: str, name: str, **more: str) -> None:
	"""Tell users in the desk, after the commit; a queue that is down must not lose the lead. `more`: other values of the notice."""
	from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification

	users = [user for user in users if user and user not in ("Guest", frappe.session.user)]
	if not users:
		return
	notice = {
		"type": "Alert",
		"document_type": doctype,
		"document_name": name,
		"subject": escape_html(subject),
		"from_user": frappe.session.user,
		**more,
	}

	def send() -> None:
		with jobs.dispensable(f"the notification about {doctype} {name}"):
			enqueue_create_notification(users, notice)

	frappe.db.after_commit.add(send)
