"""WhatsApp templates in sequences: where they are offered, what fills them, and whether one can be sent now."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.records.nurture import reasons

TEMPLATE, ACCOUNT = "Dafater Message Template", "Dafater Channel Account"
APPROVED, STOPPED, MARKETING, AUTHENTICATION = "Approved", "Stopped", "Marketing", "Authentication"
# headers that need a file
FILES = ("Image", "Document")
# what a placeholder stands for -> variable of `texts.values_of`, and what is told of a record without it
FILLED = {
	"Person's Name": ("name", reasons.NO_NAME),
	"Agent's Name": ("owner_name", reasons.NO_OWNER),
	"Company": ("company", reasons.NO_COMPANY),
}


def accounts() -> list[str]:
	"""Enabled WhatsApp accounts with a template that can be sent. One statement."""
	template, account = frappe.qb.DocType(TEMPLATE), frappe.qb.DocType(ACCOUNT)
	return (
		frappe.qb.from_(template)
		.join(account)
		.on(account.name == template.account)
		.select(account.name)
		.distinct()
		.where((template.enabled == 1) & (template.approval == APPROVED))
		.where((account.enabled == 1) & (account.channel == "WhatsApp"))
		.orderby(account.name)
		.run(pluck=True)
	)


def can_be_sent(name: str, sequence) -> bool:
	"""True when the template may go out now. The provider withdraws approvals, and may turn a service template into a marketing one."""
	template = frappe.get_cached_doc(TEMPLATE, name)
	account = frappe.get_cached_doc(ACCOUNT, template.account)
	return (
		bool(template.enabled and account.enabled)
		and template.approval == APPROVED
		and account.health != STOPPED
		and not _goes_round_consent(template, sequence)
	)


def values(template, known: dict[str, str]) -> tuple[dict[str, str], str | None]:
	"""(placeholder -> text, reason why one has none). `known`: the variables of `texts.values_of`."""
	filled = {}
	for row in template.parameters:
		variable, lacking = FILLED[row.value_from]
		if not known[variable].strip():
			return {}, lacking
		filled[row.placeholder.strip("{} ")] = known[variable]
	return filled, None


def check_step(sequence, step, chosen_now: bool) -> None:
	"""Raise one clear `frappe.ValidationError` unless the step's template can go out in this sequence.

	:param chosen_now: the template was chosen, or the sequence enabled, in this save. A template that lost its approval later
		keeps nobody from changing the rest: its messages wait.
	"""
	if not step.message_template:
		if not accounts():
			frappe.throw(
				_(
					"Step {0} sends a WhatsApp template, but no WhatsApp account with an approved template is enabled. "
					"Set one up in the inbox, or choose another kind of step."
				).format(step.idx),
				title=_("No WhatsApp Template Yet"),
			)
		frappe.throw(_("Step {0}: choose the WhatsApp template that is sent.").format(step.idx))
	if problem := _problem(sequence, step.message_template, chosen_now):
		frappe.throw(
			problem.format(step.idx, frappe.bold(escape_html(_title(step.message_template)))),
			title=_("Please Correct"),
		)


def _problem(sequence, name: str, chosen_now: bool) -> str | None:
	template = frappe.get_cached_doc(TEMPLATE, name)
	if template.header_type in FILES:
		return _(
			"Step {0}: the template {1} needs a file, which a sequence does not have. Choose another one."
		)
	if template.category == AUTHENTICATION:
		return _("Step {0}: the template {1} is for one-time codes. Choose another one.")
	if any(row.value_from not in FILLED for row in template.parameters):
		return _(
			"Step {0}: the template {1} has placeholders that a sequence cannot fill. Fill them in the template with the "
			"person's name, the agent's name or the company, or choose another one."
		)
	if _goes_round_consent(template, sequence):
		return _(
			"Step {0}: {1} is a marketing template, and a service sequence asks nobody for consent. "
			"Make the sequence promotional, or choose another template."
		)
	if chosen_now and not can_be_sent(name, sequence):
		return _(
			"Step {0}: the template {1} cannot be sent, because it is not approved, or it or its account is disabled. "
			"Choose another one."
		)
	return None


def _goes_round_consent(template, sequence) -> bool:
	return template.category == MARKETING and sequence.purpose != "Promotional"


def _title(name: str) -> str:
	return frappe.get_cached_value(TEMPLATE, name, "title") or name
