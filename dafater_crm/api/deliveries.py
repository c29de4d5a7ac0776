"""Deliveries of channels: what was given up is tried again."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.domain.channels import EMAIL
from dafater_crm.records.inbox import ending, events, mail_steps, wake


@frappe.whitelist(methods=["POST"])
def try_again(delivery: str) -> None:
	"""Make a delivery that failed due at once, with all its attempts anew. What was written of it is not written twice.

	Permission: to read deliveries, as System Managers and Sales Operations may; nobody writes them by hand.
	"""
	frappe.has_permission(ending.EVENT, "read", delivery, throw=True)
	if not ending.make_due(delivery):
		frappe.throw(_("Only a delivery that failed can be tried again."), title=_("Please Correct"))
	if frappe.db.get_value(ending.EVENT, delivery, "channel") == EMAIL:
		wake.after_commit(mail_steps.RUN, "mail-steps", workers=1)
	else:
		wake.after_commit(events.DRAIN, "drain")
