"""What follows a received message, after its commit: class, lead, assignment, and word to open pages.

Each step may come twice and changes nothing then. One that fails does not keep the next from its work.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from dafater_crm.records.inbox import assignment, classification, realtime, recognition


def after_inbound(conversations: Iterable[str]) -> None:
	"""Find out what these conversations are about and who answers. Commits after each step."""
	for conversation in conversations:
		for step in _steps():
			try:
				step(conversation)
				frappe.db.commit()  # nosemgrep: manual-commit - each step on its own, after the message's commit
			except Exception:
				frappe.db.rollback()
				frappe.log_error(title=f"Dafater inbox: {step.__module__} of {conversation}")


def tell(changed: Iterable[tuple[str, str | None]]) -> None:
	"""Tell open pages that conversations changed; what changed is committed."""
	for conversation, message in changed:
		realtime.changed(conversation, message, after_commit=False)


def _steps() -> tuple:
	# the class first: the rule for leads of strangers asks for it
	return classification.classify, recognition.ensure_lead, assignment.assign
