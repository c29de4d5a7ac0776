"""Tells people about assignments: Frappe's ToDo and notification, written by a job, so that no save waits for them.

The owner, `_assign` and the log are written with the decision; what a lost job leaves out, `assignment_upkeep` adds.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.desk.form.assign_to import notify_assignment
from frappe.utils import escape_html

from dafater_crm.records import jobs

LEAD = "Dafater Lead"
SETTLE = "dafater_crm.records.assignment_notice.settle"


def after_commit(moves: list[dict]) -> None:
	"""Enqueue `settle` when the running transaction is committed."""
	frappe.db.after_commit.add(lambda: enqueue(moves))


def enqueue(moves: list[dict]) -> None:
	"""Enqueue `settle` now; where there is no queue the upkeep job does it later."""
	jobs.soon(SETTLE, queue="short", moves=moves, now=frappe.flags.in_test)


def settle(moves: list[dict]) -> None:
	"""Job: move the ToDo of each lead from the earlier owner to the present one, and notify her. Runs twice without harm.

	:param moves: dicts with lead, agent and previous (users or None).
	"""
	for move in moves:
		if move["previous"]:
			_close(move["lead"], move["previous"])
		if move["agent"]:
			_open(move["lead"], move["agent"])
	frappe.db.commit()  # nosemgrep: manual-commit - runs as a job of its own, or after the commit of the request


def _open(lead: str, user: str, description: str | None = None) -> None:
	same = {"reference_type": LEAD, "reference_name": lead, "allocated_to": user, "status": "Open"}
	if not frappe.db.exists(LEAD, lead) or frappe.db.exists("ToDo", same):
		return
	text = description or todo_text(lead, language_of(user))
	values = {"doctype": "ToDo", **same, "description": text, "assigned_by": frappe.session.user}
	todo = frappe.get_doc(values)
	todo.insert(ignore_permissions=True)  # whoever enters a lead need not be allowed to assign to others
	try:
		notify_assignment(todo.assigned_by, user, LEAD, lead, action="ASSIGN", description=text)
	except Exception:
		frappe.log_error(title="Assignments not told")  # the ToDo is what counts; a mail server may be down


def _close(lead: str, user: str) -> None:
	open_ones = {"reference_type": LEAD, "reference_name": lead, "allocated_to": user, "status": "Open"}
	for name in frappe.get_all("ToDo", filters=open_ones, pluck="name"):
		todo = frappe.get_doc("ToDo", name)
		todo.status = "Cancelled"
		todo.save(ignore_permissions=True)  # the ToDo of somebody else, moved along with the lead


def todo_text(lead: str, language: str | None) -> str:
	return _("The lead {0} was assigned to you.", lang=language).format(escape_html(lead))


def language_of(user: str) -> str | None:
	return frappe.get_cached_value("User", user, "language") or None


def enqueue_summary(counts: dict[str, int]) -> None:
	"""One notification for each agent of a batch. `counts`: user → number of leads."""
	for user, count in counts.items():
		text = _("{0} leads were assigned to you.", lang=language_of(user)).format(count)
		_notify(user, text)


def _notify(user: str, subject: str, lead: str | None = None) -> None:
	values = {"type": "Alert", "document_type": LEAD, "subject": subject, "from_user": frappe.session.user}
	if lead:
		values["document_name"] = lead
	else:
		values["link"] = "/app/dafater-lead?lead_owner=" + frappe.utils.quoted(user)
	try:
		enqueue_create_notification(user, values)
	except Exception:
		frappe.log_error(title="Assignments not told")


def escalate(lead: str, users: list[str], hours: float) -> None:
	"""Give leaders a ToDo and a notification about a lead on which nobody acts. The owner stays."""
	for user in users:
		text = _(
			"Nobody has acted on the lead {0} for {1} business hours. Decide who takes it.",
			lang=language_of(user),
		).format(escape_html(lead), frappe.utils.rounded(hours, 1))
		_open(lead, user, text)
