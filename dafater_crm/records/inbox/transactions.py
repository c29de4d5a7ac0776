"""Short transactions of the inbox that run again when another process was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import frappe

TRIES = 5
# MariaDB: "Record has changed since last read", where snapshots are isolated strictly
RECORD_CHANGED = 1020
Result = TypeVar("Result")


def retried(work: Callable[[int], Result]) -> Result:
	"""Run `work`, which is a whole transaction, and commit it; roll back and run it again when it lost a race.

	:param work: gets the number of the attempt, from 0.

	`work` raises `frappe.QueryDeadlockError` to be run again. Raises QueryTimeoutError after five tries.
	"""
	for attempt in range(TRIES):
		try:
			result = work(attempt)
			frappe.db.commit()  # nosemgrep: manual-commit - the transaction is this function's alone
			return result
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
		except frappe.db.OperationalError as error:
			frappe.db.rollback()
			if error.args[0] != RECORD_CHANGED:
				raise
	raise frappe.QueryTimeoutError(f"not done in {TRIES} tries")
