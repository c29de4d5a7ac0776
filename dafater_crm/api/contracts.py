"""The steps of a contract's life that are more than saving it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate, now_datetime

from dafater_crm.records import contract_terms

DOCTYPE = "Dafater Contract"


def _writable(name: str):
	"""Return the contract after checking write permission on it; a cancelled one can no longer change."""
	frappe.has_permission(DOCTYPE, "write", doc=name, throw=True)
	contract = frappe.get_doc(DOCTYPE, name)
	if contract.docstatus == 2:
		contract.throw(_("This contract is cancelled. Amend it to go on."))
	return contract


def _answer(contract) -> dict[str, Any]:
	return {"name": contract.name, "status": contract.status, "docstatus": int(contract.docstatus)}


@frappe.whitelist(methods=["POST"])
def mark_sent(name: str) -> dict[str, Any]:
	"""Note that the contract went to the other party now. Permission: write on this contract.

	Returns name, status and docstatus. Sends nothing. Marking it again keeps the first time.
	"""
	contract = _writable(name)
	contract.sent_on = contract.sent_on or now_datetime()
	contract.save()
	return _answer(contract)


@frappe.whitelist(methods=["POST"])
def mark_signed(name: str, signee: str, signed_on: str | None = None) -> dict[str, Any]:
	"""Note who signed for the other party and when (default: now). Permission: write, for a draft also submit.

	A draft is submitted in the same step, because a signed text must not change. Returns name, status and docstatus.
	Raises ValidationError when it is signed already, when `signee` is blank or `signed_on` lies in the future.
	"""
	contract = _writable(name)
	if contract.signed_on:
		contract.throw(
			_("This contract was signed by {0} on {1}.").format(
				frappe.bold(frappe.utils.escape_html(contract.signee)), contract.get_formatted("signed_on")
			)
		)
	contract.signee = signee.strip()
	contract.signed_on = get_datetime(signed_on) if signed_on else now_datetime()
	contract.signed_by_company = frappe.session.user
	if contract.docstatus == 0:
		contract.submit()
	else:
		contract.save()
	return _answer(contract)


@frappe.whitelist(methods=["POST"])
def terminate(name: str, reason: str, on: str | None = None) -> dict[str, Any]:
	"""End a submitted contract on a day (default: today; a later one is a notice). Permission: write.

	Returns name, status and docstatus. Raises ValidationError for a draft, a terminated contract or a blank reason.
	"""
	contract = _writable(name)
	if contract.docstatus != 1:
		contract.throw(_("This contract is a draft. Delete it, or submit it before you terminate it."))
	if contract.status == "Terminated":
		contract.throw(
			_("This contract was already terminated on {0}.").format(contract.get_formatted("terminated_on"))
		)
	contract.termination_reason = reason.strip()
	contract.terminated_on = getdate(on) if on else getdate()
	contract.save()
	return _answer(contract)


@frappe.whitelist(methods=["POST"])
def apply_template(name: str) -> dict[str, Any]:
	"""Fill terms and obligations of a draft from its template again. Permission: write on this contract.

	What was typed into the terms since is replaced; obligations that a person added stay.
	"""
	contract = _writable(name)
	if contract.docstatus != 0:
		contract.throw(
			_("The terms of a submitted contract can no longer change. Cancel and amend it first.")
		)
	if not contract.contract_template:
		contract.throw(_("Choose a contract template first."))
	contract_terms.apply_template(contract)
	contract.save()
	return _answer(contract)


@frappe.whitelist(methods=["GET"])
def template_variables() -> list[dict[str, str]]:
	"""Return variable and meaning for the help of the template's form. Permission: read on Contract Template."""
	frappe.has_permission("Dafater Contract Template", "read", throw=True)
	return [{"variable": name, "meaning": meaning} for name, meaning in contract_terms.described_variables()]
