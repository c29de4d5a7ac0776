"""What people do about assignment: hand a lead over, run the rules, take work back, say that they are available."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from dafater_crm.queries import assignment as reads
from dafater_crm.records import assignment_batch, assignment_log, assignment_upkeep

LEAD, AGENT, RULE = "Dafater Lead", "Dafater Agent", "Dafater Assignment Rule"
# more leads than this are assigned by a job: the request would take more than a few seconds
AT_ONCE = 500
RELEASE = "dafater_crm.records.assignment_upkeep.release"


@frappe.whitelist(methods=["GET"])
def why(lead: str) -> list[dict]:
	"""Return the lead's assignments, newest first, with translated causes and reasons. Permission: read on the lead."""
	frappe.has_permission(LEAD, "read", lead, throw=True)
	return [assignment_log.shown(row) for row in reads.log_of(lead)]


@frappe.whitelist(methods=["POST"])
def hand_over(lead: str, user: str, reason: str) -> dict:
	"""Give a lead to somebody by hand, with a reason that is kept. Permission: write on the lead.

	A person's choice is not bound by rules, hours or capacity.
	"""
	doc = frappe.get_doc(LEAD, lead)
	doc.check_permission("write")
	if not (reason or "").strip():
		frappe.throw(_("Write why the lead is handed over."), title=_("Reason"))
	if not frappe.db.get_value("User", user, "enabled"):
		frappe.throw(
			_("{0} is not an enabled user. Choose somebody else.").format(frappe.bold(escape_html(user)))
		)
	doc.lead_owner = user
	doc.flags.assignment_note = reason.strip()
	doc.save()
	return {"lead_owner": doc.lead_owner, "assigned_on": doc.assigned_on}


@frappe.whitelist(methods=["POST"])
def assign_now(leads: list | str) -> dict[str, int]:
	"""Run the rules over chosen leads without an owner. Permission: write on assignment rules, and on each lead.

	Returns how many were assigned and how many wait. Commits.
	"""
	frappe.has_permission(RULE, "write", throw=True)
	names = frappe.parse_json(leads)
	if len(names) > AT_ONCE:
		frappe.throw(_("Choose at most {0} leads at once.").format(AT_ONCE))
	for name in names:
		frappe.has_permission(LEAD, "write", name, throw=True)
	return assignment_batch.assign_many(names)


@frappe.whitelist(methods=["POST"])
def set_availability(available: int, agent: str | None = None) -> dict:
	"""Switch whether an agent is asked. Permission: one's own switch, or write on the agent.

	:param agent: default: the agent of the session's user.
	"""
	name = agent or frappe.db.get_value(AGENT, {"user": frappe.session.user})
	if not name:
		frappe.throw(_("You are not an agent. Ask a sales manager to make you one."), frappe.PermissionError)
	doc = frappe.get_doc(AGENT, name)
	if doc.user != frappe.session.user:
		doc.check_permission("write")
	doc.available = cint(bool(cint(available)))
	doc.save(ignore_permissions=True)  # sellers may change this one switch of their own row and nothing else
	return {"available": doc.available}


@frappe.whitelist(methods=["POST"])
def release(agent: str) -> dict:
	"""Take an agent's untouched leads back and share them out anew. Permission: write on the agent.

	Returns {"assigned": …, "waiting": …}, or {"queued": True} where there are many. Commits.
	"""
	doc = frappe.get_doc(AGENT, agent)
	doc.check_permission("write")
	if doc.enabled and doc.available:
		frappe.throw(
			_("{0} is enabled and available. Disable the agent, or switch off Available, first.").format(
				frappe.bold(escape_html(doc.full_name or doc.user))
			)
		)
	if len(reads.untouched_of(doc.user, "", AT_ONCE)) == AT_ONCE:
		frappe.enqueue(
			RELEASE, queue="long", user=doc.user, job_id=f"dafater-release-{agent}", deduplicate=True
		)
		return {"queued": True}
	return assignment_upkeep.release(doc.user)
