"""Who somebody is on Messenger and Instagram: deliveries there bring an id alone, so the provider is asked, in a job.

Asked when a conversation begins with a person whose name is not known. A person who hides it stays known by the id, and is asked for
again with the next conversation.
"""

from __future__ import annotations

import frappe

from dafater_crm import channels as adapters
from dafater_crm.domain.channels import INSTAGRAM, MESSENGER, Sender, SendError
from dafater_crm.records.inbox import accounts, identities, realtime, rows, wake
from dafater_crm.records.inbox.acting import as_system

CONVERSATION = "Dafater Conversation"
ASK = "dafater_crm.records.inbox.names.ask"
NAMELESS = (MESSENGER, INSTAGRAM)


def ask_after_commit(person: dict) -> None:
	"""Ask who this is, where the channel does not tell and nobody else did."""
	if person.channel in NAMELESS and person.user_id and not person.display_name:
		wake.after_commit(ASK, f"name-{person.name}", workers=1, person=person.name)


def ask(person: str) -> str | None:
	"""Job: ask the provider, and write the name on the person and their conversations. Returns it. Commits; safe to repeat."""
	with as_system():
		fields = ["display_name", "account", "user_id"]
		known = frappe.db.get_value(identities.IDENTITY, person, fields, as_dict=True)
		if not known or known.display_name or not accounts.row(known.account):
			return None
		config = accounts.config(known.account)
		frappe.db.commit()  # nosemgrep: manual-commit - nothing is held while the provider answers
		try:
			found = adapters.profile(config, known.user_id)
		except SendError as error:
			frappe.logger("dafater_crm").info(f"inbox: no name of {person}: {error}")
			return None
		return _write(person, found) if found and (found.name or found.username) else None


def _write(person: str, found: Sender) -> str | None:
	try:
		row = identities.lock([person])[person]
	except identities.Moved:
		frappe.db.rollback()
		return None  # merged meanwhile into somebody who has a name
	name = row.display_name or rows.text(found.name or found.username, 140)
	username = row.username or rows.text(found.username, 140) or None
	rows.update(identities.IDENTITY, person, display_name=name, username=username)
	nameless = {"identity": person, "title": ("in", [row.user_id, row.username or row.user_id])}
	conversations = frappe.get_all(CONVERSATION, nameless, pluck="name")
	for conversation in conversations:
		rows.update(CONVERSATION, conversation, title=name)
	frappe.db.commit()  # nosemgrep: manual-commit - the person and the titles together
	realtime.changed_many((conversation, None) for conversation in conversations)
	return name
