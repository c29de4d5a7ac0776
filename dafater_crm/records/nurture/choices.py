"""What the form of a sequence offers: kinds of steps that can be sent, accounts, variables, time zones."""

from __future__ import annotations

from zoneinfo import available_timezones

from dafater_crm.domain import nurture
from dafater_crm.records.nurture import templates, texts

ALWAYS = (nurture.EMAIL, nurture.TASK, nurture.WAIT, nurture.BRANCH)


def of_form(sequence=None) -> dict:
	"""{"step_kinds", "whatsapp_accounts", "variables", "time_zones"}; labels in the reader's language. One statement.

	WhatsApp steps are offered where there is a template to send, and where the sequence has such steps already.
	"""
	accounts = templates.accounts()
	has_some = sequence and any(step.kind == nurture.WHATSAPP for step in sequence.steps)
	kinds = (nurture.EMAIL, nurture.WHATSAPP, *ALWAYS[1:]) if accounts or has_some else ALWAYS
	return {
		"step_kinds": list(kinds),
		"whatsapp_accounts": accounts,
		"variables": texts.described_variables(),
		"time_zones": sorted(available_timezones()),
	}
