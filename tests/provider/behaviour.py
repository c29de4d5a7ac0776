"""How the provider behaves next: fails, dawdles, hangs up; and which reports follow a send."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

# what a request asks for: "messages", "media" (upload, and address of a file), "file" (its bytes)
KINDS = ("messages", "media", "file")


@dataclass(frozen=True)
class Turn:
	"""What happens to one request. `error`: an error code of the API; `status` alone: an HTTP status without one.

	`hang_up`: the connection closes without an answer, `after` (the message was taken) or before it was.
	"""

	delay: float = 0.0
	error: int | None = None
	subcode: int | None = None
	status: int = 0
	headers: dict[str, str] = field(default_factory=dict)
	hang_up: str = ""
	message: str = "It went wrong"


@dataclass(frozen=True)
class Reports:
	"""Which reports follow a send: in this order, so many of each, so many seconds later.

	`before_answer`: they are delivered before the send is answered, which happens. `failure`: error code of "failed".
	"""

	statuses: tuple[str, ...] = ()
	copies: int = 1
	delay: float = 0.0
	before_answer: bool = False
	failure: int = 131026
	echo: bool = True


@dataclass
class StoredFile:
	"""A file that can be fetched. `told_sha256` may be wrong on purpose; `addresses` counts the addresses given out."""

	content: bytes
	mime_type: str
	told_sha256: str = ""
	told_size: int | None = None
	expired: bool = False
	cut_at: int | None = None
	content_length: bool = True
	redirect: str = ""

	def __post_init__(self) -> None:
		self.told_sha256 = self.told_sha256 or hashlib.sha256(self.content).hexdigest()


class Script:
	"""Turns that wait for their requests, first in first out, and what was asked for so far. Safe between threads.

	`run` becomes a part of every id. A provider that is started anew for the same site needs another one: sites remember ids.
	"""

	def __init__(self, run: str = "") -> None:
		self._lock = threading.Lock()
		self._turns: dict[str, deque[Turn]] = defaultdict(deque)
		self._numbers = itertools.count(1)
		self._run = run
		self.always: dict[str, Turn] = {}
		self.files: dict[str, StoredFile] = {}
		self.requests: list[dict[str, Any]] = []

	def add(self, kind: str, turn: Turn, times: int = 1) -> None:
		if kind not in KINDS:
			raise ValueError(f"{kind} is none of {KINDS}")
		with self._lock:
			self._turns[kind].extend([turn] * times)

	def next(self, kind: str) -> Turn:
		with self._lock:
			waiting = self._turns[kind]
			return waiting.popleft() if waiting else self.always.get(kind, Turn())

	def add_file(self, stored: StoredFile) -> str:
		with self._lock:
			media_id = f"90{next(self._numbers):04d}"
			self.files[media_id] = stored
		return media_id

	def record(self, request: dict[str, Any]) -> None:
		with self._lock:
			self.requests.append(request)

	def new_id(self, prefix: str) -> str:
		with self._lock:
			return f"{prefix}{self._run}{next(self._numbers):06d}"

	def clear(self) -> None:
		with self._lock:
			self._turns.clear()
			self.always.clear()
			self.files.clear()
			self.requests.clear()
