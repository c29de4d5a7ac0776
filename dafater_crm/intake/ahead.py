"""Rows of a file made ready: cleaned, and compared with the rows before them; of long files in a process beside the one that stores.

This takes half as long as storing a row, and needs neither site nor database. The process
beside is a plain Python that imports this package's pure rooms; it writes batches to a pipe, which holds it back when the
reader is slower, and ends when the reader is gone.
"""

from __future__ import annotations

import gc
import pickle
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dafater_crm.domain.arabic import latin_source_key, search_key
from dafater_crm.domain.blocking import stored_keys
from dafater_crm.domain.duplicates import LARGEST_BLOCK, likely, shareable
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.headings import Column
from dafater_crm.domain.matching import Match
from dafater_crm.domain.phones import to_e164
from dafater_crm.domain.profiles import Profile, profile

from .rows import NAMES, PHONES, CleanRow, RowCleaner
from .table import Row
from .tables import open_table

# what is read in a fraction of the time that a process takes to start is read in place
SMALL_FILE = 300_000  # bytes
ASKED = {
	**dict.fromkeys(NAMES, (search_key,)),
	**dict.fromkeys(NAMES[:2], (search_key, latin_source_key)),
	**dict.fromkeys(PHONES, (to_e164,)),
}


@dataclass(slots=True)
class Prepared:
	"""A clean row, its cells as they stood, its profile, the keys under which it is looked for and filed, the numbers of earlier
	rows that may be the same, best first, and what rules that every save asks make of its values: (rule, text) -> result."""

	row: CleanRow
	cells: list[str]
	profile: Profile
	keys: list[str]
	alike: list[tuple[int, Match]]
	worked_out: dict[tuple[str, str], str]


@dataclass(frozen=True)
class Task:
	"""What is to be read: a file on this machine, its sheet, the mapping, and the first row that is wanted."""

	path: str
	sheet: str | None
	columns: tuple[Column, ...]
	region: str
	first_row: int
	batch: int
	frequencies: Frequencies


class Neighbours:
	"""The rows so far, by their keys. What is in a block that has grown too large is a common name and proves nothing."""

	def __init__(self, frequencies: Frequencies):
		self.frequencies = frequencies
		self.frequencies.holders = Counter()
		self.blocks: dict[str, list[int]] = defaultdict(list)
		self.profiles: dict[int, Profile] = {}
		self.name_bits: dict[int, float] = {}

	def alike(self, number: int, one: Profile, keys: list[str]) -> list[tuple[int, Match]]:
		"""Return the earlier rows that may be the same as this one, and remember it."""
		self.frequencies.holders.update(shareable(one))
		near: set[int] = set()
		for key in keys:
			block = self.blocks[key]
			if len(block) <= LARGEST_BLOCK:
				near.update(block)
			block.append(number)
		self.profiles[number] = one
		return likely(
			one, ((other, self.profiles[other]) for other in near), self.frequencies, self.name_bits
		)


def batches(task: Task) -> Iterator[list[Prepared]]:
	"""Rows from `first_row` on in lists of at most `batch`. Raises what opening the table raises, and RuntimeError when the
	process beside dies."""
	if Path(task.path).stat().st_size < SMALL_FILE:
		return in_place(task)
	return _beside(task)


def in_place(task: Task) -> Iterator[list[Prepared]]:
	"""The same in this process."""
	cleaner, neighbours = RowCleaner(task.columns, task.region), Neighbours(task.frequencies)
	rows = (row for row in open_table(task.path, task.sheet).rows() if row.number >= task.first_row)
	ready = (_prepared(cleaner, neighbours, row) for row in rows)
	while batch := list(islice(ready, task.batch)):
		yield batch


def _prepared(cleaner: RowCleaner, neighbours: Neighbours, row: Row) -> Prepared:
	clean = cleaner.clean(row)
	one = profile(clean.record())
	keys = stored_keys(one)
	alike = neighbours.alike(row.number, one, keys)
	return Prepared(clean, list(row.cells), one, keys, alike, _worked_out(clean.values))


def _worked_out(values: dict[str, str]) -> dict[tuple[str, str], str]:
	"""What the lead's own steps (`records/party.py`) ask of these values; they take an answer for exactly the text they have."""
	asked = [(rule, values[field]) for field, rules in ASKED.items() if field in values for rule in rules]
	return {(rule.__name__, text): rule(text) for rule, text in asked}


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
	# what is kept grows to all rows and refers to nothing in a circle: Python need not walk over it every 700 objects
	gc.set_threshold(100_000)
	# Ctrl-C at a command line reaches both; the process that stores ends this one
	signal.signal(signal.SIGINT, signal.SIG_IGN)
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
