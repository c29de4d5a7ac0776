"""Work in a forked child with a database connection of its own and a time limit; a late child and its query are stopped."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

import frappe

FORK = get_context("fork")


@dataclass
class Outcome:
	"""`kind`: ok, error or late. `value` is what the work returned, `error` the exception as one line."""

	kind: str
	value: object = None
	error: str = ""
	seconds: float = 0.0


def in_child(work: Callable, *arguments, limit: float) -> Outcome:
	"""Run `work(*arguments)` in a fork of this process. Anything it returns must be picklable."""
	# an inherited connection would be closed, or used, by both
	frappe.db.close()
	ours, theirs = FORK.Pipe()
	gc.collect()
	process = FORK.Process(target=_child, args=(theirs, work, arguments, limit))
	process.start()
	theirs.close()
	try:
		connection_id = ours.recv()
		started = time.monotonic()
		if ours.poll(limit):
			return ours.recv()
		process.kill()
		process.join()
		_stop_query(connection_id)
		return Outcome("late", seconds=time.monotonic() - started)
	except EOFError:
		return Outcome("error", error="the process ended without an answer (out of memory?)")
	finally:
		process.join()
		ours.close()
		frappe.connect()


def _child(pipe: Connection, work: Callable, arguments: tuple, limit: float) -> None:
	frappe.connect()
	# the parent stops a late child; this stops the statement that a killed child leaves behind
	frappe.db.sql("set session max_statement_time = %s", limit + 5)
	pipe.send(frappe.db.sql("select connection_id()")[0][0])
	started = time.monotonic()
	try:
		answer = Outcome("ok", work(*arguments))
	except Exception as error:
		answer = Outcome("error", error=one_line(error))
	answer.seconds = time.monotonic() - started
	with suppress(BrokenPipeError):
		pipe.send(answer)
	frappe.db.close()
	# not sys.exit: what the parent registered to run at its end is the parent's
	os._exit(0)


def _stop_query(connection_id: int) -> None:
	frappe.connect()
	with suppress(Exception):  # it may have ended by itself in the meantime
		frappe.db.sql(f"kill {int(connection_id)}")
	frappe.db.close()


def one_line(error: Exception) -> str:
	"""Class and first line of its message."""
	return f"{type(error).__name__}: {error}".splitlines()[0][:200]
