"""Load on a server, from a process of its own: `python -m benchmarks.inbox.load PORT HOST < plan.json`, answers JSON. No Frappe.

A closed loop (a few clients, each asks again as soon as it is answered) finds what a server can do; an open loop (requests come at their
times, whether or not the ones before were answered) finds how long they wait at a given rate. There a latency counts from the
moment at which the request was due, so that a server which stalls is not spared the ones that queued up meanwhile.
"""

from __future__ import annotations

import http.client
import itertools
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.provider.delivery import signed
from tests.provider.payloads import Person, encoded, new_id, whatsapp_text

PING = "/api/method/ping"
WEBHOOK = "/api/method/dafater_crm.api.webhook.receive"
OPEN_CLIENTS = 32
TIMEOUT = 30
Request = tuple[str, str, bytes | None, dict[str, str]]


def main(port: str, host: str) -> int:
	"""Plan: [{"what": "ping" | "webhook", "clients"?, "seconds", "rate"?, "account", "secret", "people", "key"}]."""
	found = []
	for step in json.load(sys.stdin):
		make = webhook_requests(step) if step["what"] == "webhook" else ping
		if step.get("rate"):
			found.append(open_loop(int(port), host, make, step["rate"], step["seconds"]))
		else:
			found.append(closed_loop(int(port), host, make, step["clients"], step["seconds"]))
	json.dump(found, sys.stdout)
	return 0


def ping() -> Request:
	return "GET", PING, None, {}


def webhook_requests(step: dict[str, Any]) -> Callable[[], Request]:
	"""Deliveries that are all different: one text each, from `people` persons in turn."""
	numbers = itertools.count()

	def make() -> Request:
		number = next(numbers) % step["people"]
		person = Person(f"سارة {number}", f"+9665{number:08d}", f"SA.{number}")
		id = f"{step['key']}-{new_id()}"
		body = encoded(whatsapp_text(step["account"], person, "السلام عليكم، كم سعر الكرسي؟", id=id))
		headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed(step["secret"], body)}
		return "POST", WEBHOOK, body, headers

	return make


def closed_loop(
	port: int, host: str, make: Callable[[], Request], clients: int, seconds: float
) -> dict[str, Any]:
	"""{"rate": answers a second, "statuses", "p50", "p99" in seconds}."""
	until = time.monotonic() + seconds

	def work(note: Callable[[int, float], None]) -> None:
		client = _Client(port, host)
		while (started := time.monotonic()) < until:
			note(client.ask(make()), time.monotonic() - started)

	return _run(work, clients)


def open_loop(
	port: int, host: str, make: Callable[[], Request], rate: float, seconds: float
) -> dict[str, Any]:
	"""The same at a fixed rate; "rate" is what was answered a second."""
	numbers, start, total = itertools.count(), time.monotonic() + 0.2, int(rate * seconds)

	def work(note: Callable[[int, float], None]) -> None:
		client = _Client(port, host)
		while (number := next(numbers)) < total:
			due = start + number / rate
			time.sleep(max(0.0, due - time.monotonic()))
			note(client.ask(make()), time.monotonic() - due)

	return _run(work, OPEN_CLIENTS)


def _run(work: Callable[[Callable[[int, float], None]], None], clients: int) -> dict[str, Any]:
	took: list[float] = []
	statuses: Counter[int] = Counter()
	lock = threading.Lock()

	def note(status: int, seconds: float) -> None:
		with lock:
			statuses[status] += 1
			took.append(seconds)

	threads = [threading.Thread(target=work, args=(note,)) for _ in range(clients)]
	started = time.monotonic()
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	passed = time.monotonic() - started
	return {
		"rate": statuses[200] / passed,
		"statuses": dict(statuses),
		"p50": rank(took, 0.50),
		"p99": rank(took, 0.99),
	}


def rank(values: list[float], part: float) -> float:
	"""Nearest rank: the smallest value that at least this part of all does not exceed. 0.0 for none."""
	ordered = sorted(values)
	return ordered[max(0, -int(-part * len(ordered) // 1) - 1)] if ordered else 0.0


class _Client:
	"""One connection, kept open like a provider's."""

	def __init__(self, port: int, host: str):
		self.host = host
		self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

	def ask(self, request: Request) -> int:
		method, path, body, headers = request
		for last in (False, True):
			try:
				self.connection.request(method, path, body, {**headers, "Host": self.host})
				answer = self.connection.getresponse()
				answer.read()
				return answer.status
			except (http.client.HTTPException, OSError):
				# the server closes a connection after a while; a fresh one decides
				self.connection.close()
				if last:
					return 0
		return 0


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
