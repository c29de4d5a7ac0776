"""Rows of a file made ready: cleaned, with what duplicates are found by; of long files in a process beside the one that stores.

Cleaning a row and working out its keys takes as long as half of storing it, and needs neither site nor database. The process
beside is a plain Python that imports this package's pure rooms; it writes batches to a pipe, which holds it back when the
reader is slower, and ends when the reader is gone.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dafater_crm.domain.blocking import stored_keys
from dafater_crm.domain.headings import Column
from dafater_crm.domain.profiles import Profile, profile

from .rows import CleanRow, RowCleaner
from .table import Row
from .tables import open_table

# what is read in a fraction of the time that a process takes to start is read in place
SMALL_FILE = 300_000  # bytes


@dataclass(slots=True)
class Prepared:
	"""A clean row, its cells as they stood, its profile and the keys under which it is looked for and filed."""

	row: CleanRow
	cells: list[str]
	profile: Profile
	keys: list[str]


@dataclass(frozen=True)
class Task:
	"""What is to be read: a file on this machine, its sheet, the mapping, and the first row that is wanted."""

	path: str
	sheet: str | None
	columns: tuple[Column, ...]
	region: str
	first_row: int
	batch: int


def batches(task: Task) -> Iterator[list[Prepared]]:
	"""Rows from `first_row` on in lists of at most `batch`. Raises what opening the table raises, and RuntimeError when the
	process beside dies."""
	if Path(task.path).stat().st_size < SMALL_FILE:
		return in_place(task)
	return _beside(task)


def in_place(task: Task) -> Iterator[list[Prepared]]:
	"""The same in this process."""
	cleaner = RowCleaner(task.columns, task.region)
	rows = (row for row in open_table(task.path, task.sheet).rows() if row.number >= task.first_row)
	ready = (_prepared(cleaner, row) for row in rows)
	while batch := list(islice(ready, task.batch)):
		yield batch


def _prepared(cleaner: RowCleaner, row: Row) -> Prepared:
	clean = cleaner.clean(row)
	one = profile(clean.record())
	return Prepared(clean, list(row.cells), one, stored_keys(one))


def _beside(task: Task) -> Iterator[list[Prepared]]:
	command = [
		sys.executable,
		"-c",
		f"import sys; sys.path[:0] = {_paths()!r}; from {__name__} import serve; serve()",
	]
	with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
		try:
			process.stdin.write(pickle.dumps(task))
			process.stdin.close()
			yield from _received(process.stdout)
		finally:
			# a reader that stops early, or fails, leaves nobody behind
			process.kill()


def _paths() -> list[str]:
	"""Where this package lies: a site may run from a checkout that is not installed."""
	return [str(Path(__file__).resolve().parents[2])]


def _received(stream) -> Iterator[list[Prepared]]:
	while True:
		try:
			found = pickle.load(stream)  # from the process started above, nobody else writes into this pipe
		except EOFError:
			raise RuntimeError("The process that reads the file ended before the file did.") from None
		if found is None:
			return
		if isinstance(found, BaseException):
			raise found
		yield found


def serve() -> None:
	"""The process beside: a task comes in, batches go out, then None; or the error that stopped it."""
	task = pickle.load(sys.stdin.buffer)  # from the process that started this one
	out = sys.stdout.buffer
	try:
		_send(out, in_place(task))
	except BrokenPipeError:
		return
	except Exception as error:
		pickle.dump(error, out)
	out.flush()


def _send(out, found: Iterable[list[Prepared]]) -> None:
	for batch in found:
		pickle.dump(batch, out, protocol=pickle.HIGHEST_PROTOCOL)
		out.flush()
	pickle.dump(None, out)
