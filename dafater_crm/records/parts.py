"""Jobs that have several parts, of which none may keep the others from running."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import frappe


def run_alone(job: str, parts: Iterable[Callable[[], object]]) -> None:
	"""Run each part in a transaction of its own; an error is logged under the `job`'s name and the next part runs."""
	for part in parts:
		try:
			part()
			frappe.db.commit()  # nosemgrep: manual-commit - each part of a job stands alone
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"{job}: {part.__name__} failed")
