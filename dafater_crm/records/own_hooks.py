"""Our own handlers of a DocType's events in `hooks.py`, for documents that are written without `Document.save`.

Handlers of other apps are not here: where there are any, documents are saved one after the other (`bulk.automation_on`).
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

OURS = "dafater_crm."


class OwnHooks:
	"""The handlers of `events`, in Frappe's order. Looked up once, so that a document without any costs nothing."""

	def __init__(self, doctype: str, events: Iterable[str]):
		hooks = frappe.get_doc_hooks()
		self.handlers = {
			event: [
				frappe.get_attr(path)
				for source in (doctype, "*")
				for path in hooks.get(source, {}).get(event, [])
				if path.startswith(OURS)
			]
			for event in events
		}

	def run(self, doc, *events: str) -> None:
		"""Call the handlers of these events, one event after the other."""
		for event in events:
			for handler in self.handlers[event]:
				handler(doc, event)
