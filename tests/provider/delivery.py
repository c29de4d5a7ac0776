"""Webhooks: signed over their bytes and posted, alone or many at once, repeated and out of order."""

from __future__ import annotations

import hashlib
import hmac
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.provider.payloads import encoded

TIMEOUT = 30


@dataclass(frozen=True)
class Delivered:
	"""The receiver's answer: HTTP status (0: none came), its body, and after how many seconds."""

	status: int
	body: bytes
	seconds: float


@dataclass
class Webhook:
	"""A receiver. `headers` go along with every delivery: a Host header picks the site of a bench."""

	url: str
	secret: str
	headers: dict[str, str] = field(default_factory=dict)

	def verify(self, token: str, challenge: str = "1158201444", mode: str = "subscribe") -> Delivered:
		"""The provider's check of a new address."""
		query = f"hub.mode={mode}&hub.verify_token={token}&hub.challenge={challenge}"
		return self._request(f"{self.url}?{query}", None, {})

	def deliver(self, body: dict[str, Any] | bytes, signature: str | None = "") -> Delivered:
		"""Post one delivery. `signature`: "" the right one, None without, else that header."""
		data = body if isinstance(body, bytes) else encoded(body)
		headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
		if signature is not None:
			headers["X-Hub-Signature-256"] = signature or signed(self.secret, data)
		return self._request(self.url, data, headers)

	def deliver_until_taken(self, body: dict[str, Any], attempts: int = 5, pause: float = 0.2) -> Delivered:
		"""Deliver again until the answer is 200, as the provider does for days."""
		answer = self.deliver(body)
		for _ in range(attempts - 1):
			if answer.status == 200:
				break
			time.sleep(pause)
			answer = self.deliver(body)
		return answer

	def deliver_all(
		self,
		bodies: Iterable[dict[str, Any]],
		parallel: int = 1,
		copies: int = 1,
		shuffled: int | None = None,
	) -> list[Delivered]:
		"""Deliver many: each `copies` times, in an order drawn from the seed `shuffled`, `parallel` at once."""
		queue: Sequence[dict[str, Any]] = [body for body in bodies for _ in range(copies)]
		if shuffled is not None:
			queue = random.Random(shuffled).sample(queue, len(queue))
		with ThreadPoolExecutor(max_workers=parallel) as pool:
			return list(pool.map(self.deliver, queue))

	def _request(self, url: str, data: bytes | None, headers: dict[str, str]) -> Delivered:
		started = time.monotonic()
		request = urllib.request.Request(url, data=data, headers={**headers, **self.headers})
		try:
			with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
				status, body = answer.status, answer.read()
		except urllib.error.HTTPError as error:
			status, body = error.code, error.read()
		except OSError as error:
			status, body = 0, str(error).encode()
		return Delivered(status, body, time.monotonic() - started)


def signed(secret: str, data: bytes) -> str:
	"""The header of a delivery. On purpose not the app's own function: a mistake there must not sign its own deliveries."""
	return "sha256=" + hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
