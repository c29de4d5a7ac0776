"""Lists and threads of the inbox over the filled site: statements and seconds on the server, as each person."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import frappe

from benchmarks.inbox import fill
from benchmarks.on_site.runs import counted, handler_reads
from benchmarks.results import median

RUNS = 9


def views() -> dict[str, Callable[[], Any]]:
	"""What the page asks for."""
	from dafater_crm.api import inbox

	thread = frappe.get_all(
		"Dafater Conversation", {"status": "Open"}, pluck="name", limit=1, order_by="name"
	)[0]
	return {
		"all active": lambda: inbox.conversations(),
		"mine": lambda: inbox.conversations(folder="mine"),
		"nobody's": lambda: inbox.conversations(folder="unassigned"),
		"my teams": lambda: inbox.conversations(folder="teams"),
		"resolved": lambda: inbox.conversations(statuses=["Resolved"]),
		"every status": lambda: inbox.conversations(statuses=[]),
		"complaints": lambda: inbox.conversations(filters={"conversation_class": "Complaint"}),
		"a later page": lambda: inbox.conversations(statuses=["Resolved"], before=_middle()),
		"by name": lambda: inbox.conversations(search="نورة العتيبي"),
		"by phone": lambda: inbox.conversations(search="+9665900099123", statuses=[]),
		"by order": lambda: inbox.conversations(search="SO91234", statuses=[]),
		"by its end": lambda: inbox.conversations(search="99123", statuses=[]),
		"by a common word": lambda: inbox.conversations(search="كراسي", statuses=[]),
		"by one in all": lambda: inbox.conversations(search="السلام", statuses=[]),
		"counts": lambda: inbox.counts(),
		"thread": lambda: inbox.thread(thread),
	}


def measure() -> list[dict[str, Any]]:
	"""[{"view", "who", "seconds": median, "statements", "rows", "reads"}], manager and the busiest agent."""
	found = []
	for who, user in (("manager", fill.MANAGER), ("agent", fill.agent(0))):
		for name, view in views().items():
			try:
				found.append({"view": name, "who": who, **_measured(view, user)})
			except frappe.PermissionError:
				# a thread that this agent may not open
				frappe.db.rollback()
	frappe.set_user("Administrator")
	return found


def _measured(view: Callable[[], Any], user: str) -> dict[str, Any]:
	seconds, statements, reads, result = [], 0, 0, None
	for number in range(RUNS + 1):
		_as_new_request(user)
		before = handler_reads()
		with counted() as count:
			started = time.perf_counter()
			result = view()
			took = time.perf_counter() - started
			statements = count[0]
		reads = handler_reads() - before
		if number:
			seconds.append(took)
	rows = result.get("rows", result.get("messages", ())) if isinstance(result, dict) else ()
	return {"seconds": median(seconds), "statements": statements, "rows": len(rows), "reads": reads}


def _as_new_request(user: str) -> None:
	"""As a request begins: nothing cached in the process but what Redis holds."""
	frappe.set_user(user)
	frappe.local.message_log = []
	frappe.local.request_cache.clear()
	frappe.db.value_cache.clear()
	gc.collect()


def _middle() -> list[str]:
	"""The key of a page half-way down."""
	row = frappe.db.get_value(
		"Dafater Conversation", f"bc-{fill.CONVERSATIONS // 2:08d}", ["last_message_on", "name"]
	)
	return [str(row[0]), row[1]]
