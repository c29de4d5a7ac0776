"""Who is named in a note may read the conversation from then on, and is told."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.share import add_docshare

from dafater_crm.records import capture

CONVERSATION = "Dafater Conversation"


def tell(users: Iterable[str], conversation: str) -> None:
	"""Share the conversation with those of `users` who could not read it, and notify all of them.

	The caller has checked that the writer may write on the conversation. Somebody whose roles open no conversation at all is not let
	in by a mention.
	"""
	people = [user for user in users if frappe.has_permission(CONVERSATION, "read", user=user)]
	for user in people:
		if not frappe.has_permission(CONVERSATION, "read", doc=conversation, user=user):
			# agents may not share by themselves; naming a colleague in a note is how they ask one for help
			add_docshare(
				CONVERSATION, conversation, user, read=1, write=1, flags={"ignore_share_permission": True}
			)
	subject = _("{0} mentioned you in a note").format(frappe.utils.get_fullname(frappe.session.user))
	link = f"/app/dafater-inbox/{conversation}"
	capture.notify(people, subject, CONVERSATION, conversation, link=link)
