"""Jobs that only hurry something up: a queue that is down or full never fails the work that asked for one.

What such a job does is done by a scheduled run as well, or is a notice that nobody's save should fail for. A job that somebody
was promised (an import, a button) goes by `frappe.enqueue`, whose error is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from redis.exceptions import RedisError

# later releases of Frappe 15 refuse a job where too many wait
UNREACHABLE = (RedisError, ConnectionError, getattr(frappe, "QueueOverloaded", RedisError))


@contextmanager
def dispensable(what: str) -> Iterator[None]:
	"""What is queued inside is `what`; where the queue takes it not, the app's log says so and nothing else happens."""
	said = len(frappe.local.message_log)
	try:
		yield
	except UNREACHABLE:
		# Frappe's message would say that a save has failed, which has not
		del frappe.local.message_log[said:]
		frappe.logger("dafater_crm").error(f"the queue did not take {what}", exc_info=True)


def soon(method: str, **options) -> bool:
	"""Queue a job now. False when the queue does not take it.

	:param method: dotted path of the job; `options` as of `frappe.enqueue`, without `enqueue_after_commit`.
	"""
	with dispensable(method):
		frappe.enqueue(method, **options)
		return True
	return False


def after_commit(method: str, **options) -> None:
	"""Queue a job when the running transaction is committed. Frappe's `enqueue_after_commit` refuses at once, and so fails a save."""
	frappe.db.after_commit.add(lambda: soon(method, **options))
