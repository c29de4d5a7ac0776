"""One file lock: two runs at the same time must not build the same environment or snapshot twice."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling.shell import say


@contextmanager
def file_lock(path: Path, waiting_for: str) -> Iterator[None]:
	path.parent.mkdir(parents=True, exist_ok=True)
	with path.open("a") as handle:
		try:
			fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			say(f"waiting for another run: {waiting_for}")
			fcntl.flock(handle, fcntl.LOCK_EX)
		yield
