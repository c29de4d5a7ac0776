"""What a block costs that does not depend on what else the machine does: statements, and seconds of processors."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def counted() -> Iterator[list[int]]:
	"""Counts statements as `tests/site/statements.py` does, without keeping them: the peer sends hundreds of thousands."""
	counter, real = [0], frappe.db.sql

	def count(*args, **kwargs):
		counter[0] += 1
		return real(*args, **kwargs)

	frappe.db.sql = count
	try:
		yield counter
	finally:
		del frappe.db.sql


def processor_seconds() -> tuple[float, float]:
	"""Seconds so far of this process, and of the processes that it started and that have ended; user and system together."""
	both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
	own, children = (use.ru_utime + use.ru_stime for use in both)
	return own, children
