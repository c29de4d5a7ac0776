"""Leads from programs (docs/api.md), and the release of what a form held back."""

from __future__ import annotations

import hashlib
import json

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import now_datetime

from dafater_crm.queries.same_person import find_same_person
from dafater_crm.records import capture, form_intake, form_lead

LEAD, SUBMISSION = capture.LEAD, form_intake.SUBMISSION
MOST_ROWS = 500
# requests of one user, that is of one API key, an hour and method; one a second for as long as it likes
PER_USER, HOUR = 3600, 60 * 60
_CALLER = "dafater_caller"
# what Frappe itself adds to the arguments of a request
_FRAPPE = ("cmd", "csrf_token", "data", "sid")


@frappe.whitelist(methods=["POST"])
def create_lead(
	lead: dict | str | None = None, on_same_person: str = "attach", **fields: str | int | float | None
) -> dict:
	"""Make a lead, or answer which one it is already. Fields come as `lead` (an object) or each as an argument.

	Returns {"name", "status": "created" | "existing", "matched_on"}. A repeated `source_reference` of the same `source` is
	"existing" and changes nothing. An open lead of the same person (see `queries.same_person`) that the caller may read: with
	`on_same_person="attach"` what was sent goes on that lead's timeline; with "new" a second lead is made.
	Permission: create on Dafater Lead. Throws one message for unknown fields, and what the lead's controller throws;
	`frappe.RateLimitExceededError` (429) beyond `PER_USER` requests an hour.
	"""
	frappe.has_permission(LEAD, "create", throw=True)
	_count_request()
	values = _values(lead, {name: value for name, value in fields.items() if name not in _FRAPPE})
	try:
		return _take(values, _checked(on_same_person))
	except frappe.UniqueValidationError:
		# the same reference was posted at the same moment. Nothing of this request is lost: it wrote only its own lead.
		frappe.db.rollback()
		frappe.clear_messages()
		found = _by_reference(values)
		if not found:
			raise
		return found


@frappe.whitelist(methods=["POST"])
def create_leads(leads: list | str, on_same_person: str = "attach") -> dict:
	"""`create_lead` for up to 500 rows: good rows stay, bad ones are reported.

	Returns {"created", "existing", "refused", "rows": [{"row", "status", "name" or "message"}]}, one entry a row from 1 on.
	Permission: create on Dafater Lead. As many requests an hour as `create_lead`.
	"""
	frappe.has_permission(LEAD, "create", throw=True)
	_count_request()
	rows = _parsed(leads)
	if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
		frappe.throw(_("Send a list of 1 to {0} leads.").format(MOST_ROWS))
	choice = _checked(on_same_person)
	results = [{"row": number, **_row(row, choice)} for number, row in enumerate(rows, start=1)]
	counts = {
		status: sum(result["status"] == status for result in results)
		for status in ("created", "existing", "refused")
	}
	return {**counts, "rows": results}


@frappe.whitelist(methods=["POST"])
def release(name: str) -> dict:
	"""Make the lead of a submission that was held back or refused. Returns {"state", "lead"}.

	Permission: write on the submission, create on Dafater Lead. Throws what the lead's controller throws.
	"""
	submission = frappe.get_doc(SUBMISSION, name, for_update=True)
	submission.check_permission("write")
	frappe.has_permission(LEAD, "create", throw=True)
	if (
		submission.lead
		or not submission.form
		or submission.state not in (form_intake.SPAM, form_intake.REFUSED)
	):
		frappe.throw(_("This submission has its lead already. Open the lead."))
	form = frappe.get_doc("Dafater Lead Form", submission.form)
	state, lead = form_lead.make_lead(form, submission, unattended=False)
	submission.db_set(
		{"state": state, "lead": lead, "released_by": frappe.session.user, "released_on": now_datetime()}
	)
	return {"state": state, "lead": lead}


def _count_request() -> None:
	"""Frappe's limiter knows an address or a value of the request. Here it is the user, whom no sender can choose."""
	frappe.form_dict[_CALLER] = frappe.session.user
	_within_limit()


@rate_limit(key=_CALLER, limit=lambda: PER_USER, seconds=HOUR, ip_based=False)
def _within_limit() -> None:
	"""Throws `frappe.RateLimitExceededError`. Counts nothing outside a request."""


def _row(row: object, on_same_person: str) -> dict:
	"""One row in a savepoint of its own."""
	frappe.db.savepoint("dafater_lead_row")
	try:
		return _take(_values(row if isinstance(row, dict) else {}, {}), on_same_person)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point="dafater_lead_row")
		frappe.clear_messages()
		message = _("Another request is taking this reference at the moment. Send this row again.")
		return {"status": "refused", "message": message}
	except (frappe.ValidationError, frappe.PermissionError):
		frappe.db.rollback(save_point="dafater_lead_row")
		messages = " ".join(frappe.utils.strip_html(str(m.get("message"))) for m in frappe.get_message_log())
		frappe.clear_messages()
		return {"status": "refused", "message": messages or _("The lead could not be saved.")}


def _values(lead: dict | str | None, fields: dict) -> dict:
	sent = _parsed(lead) or {}
	if not isinstance(sent, dict):
		frappe.throw(_("Send the lead as an object of fields and values."))
	return capture.accepted({**fields, **sent})


def _parsed(sent: dict | list | str | None) -> object:
	"""What was sent, read from JSON where a form sent it as text. Throws when it is not JSON."""
	if not isinstance(sent, str):
		return sent
	try:
		return json.loads(sent)
	except ValueError:
		frappe.throw(_("This is not valid JSON: {0}").format(frappe.utils.escape_html(sent[:60])))


def _checked(on_same_person: str) -> str:
	if on_same_person not in ("attach", "new"):
		frappe.throw(_("on_same_person is either attach or new."))
	return on_same_person


def _take(values: dict, on_same_person: str) -> dict:
	found = _by_reference(values)
	if found:
		return found
	reserved = _reserve(values)
	same = _visible_same_person(values) if on_same_person == "attach" else None
	if same:
		capture.attach(same.name, _("Sent by the program {0}").format(frappe.session.user), values)
		capture.note_event(same.name, _("API"), "API", values.get("source_reference"))
		answer = {"name": same.name, "status": "existing", "matched_on": same.matched_on}
	else:
		answer = {"name": capture.insert_lead(values, "API").name, "status": "created", "matched_on": None}
	if reserved:
		state = form_lead.DUPLICATE if same else form_lead.ACCEPTED
		reserved.db_set({"lead": answer["name"], "state": state}, update_modified=False)
	return answer


def _visible_same_person(values: dict):
	"""The newest open lead of this person that the caller may read: the answer must not reveal the leads of others."""
	return next(
		(row for row in find_same_person(values) if frappe.has_permission(LEAD, "read", doc=row.name)), None
	)


def _by_reference(values: dict) -> dict | None:
	reference = values.get("source_reference")
	if not reference:
		return None
	name = frappe.db.get_value(
		LEAD, {"source_reference": reference, "source": values.get("source") or ("is", "not set")}
	) or frappe.db.get_value(SUBMISSION, {"token": _token(values)}, "lead")
	return {"name": name, "status": "existing", "matched_on": "source_reference"} if name else None


def _reserve(values: dict):
	"""Write the reference under a unique key, so that two requests at once cannot both make the lead.

	The second one waits for the first and then gets `frappe.UniqueValidationError`.
	"""
	if not values.get("source_reference"):
		return None
	submission = frappe.new_doc(SUBMISSION)
	submission.update(
		{
			"captured_through": "API",
			"state": form_lead.ACCEPTED,
			"received_on": now_datetime(),
			"person_name": str(values.get("lead_name") or values.get("organisation_name") or "")[:140],
			"mobile_no": str(values.get("mobile_no") or "")[:140],
			"email_id": str(values.get("email_id") or "")[:140].lower(),
			"received_values": json.dumps(values, ensure_ascii=False, indent=1, default=str),
			"token": _token(values),
		}
	)
	return submission.insert(ignore_permissions=True)  # a note of this request; create on the lead is checked


def _token(values: dict) -> str:
	key = f"api\n{values.get('source') or ''}\n{values['source_reference']}"
	return hashlib.sha256(key.encode()).hexdigest()
