"""A provider that runs as a program is told what to do over HTTP: /_control/…"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.provider.answers import Answer
from tests.provider.behaviour import Turn

if TYPE_CHECKING:
	from tests.provider.server import ProviderServer


def control(provider: ProviderServer, method: str, parts: list[str], content: bytes) -> Answer:
	"""GET requests: what was sent so far. POST turns {"kind", "times", …Turn}, deliver {a delivery}, file {"text", "mime_type"}, clear."""
	what, given = "/".join(parts), json.loads(content or b"{}")
	if (method, what) == ("GET", "requests"):
		shown = [
			{key: each[key] for key in ("kind", "method", "path", "json", "status")}
			for each in provider.script.requests
		]
		return _json({"requests": shown})
	if (method, what) == ("POST", "turns"):
		provider.script.add(given.pop("kind"), _turn(given), given.pop("times", 1))
		return _json({})
	if (method, what) == ("POST", "deliver") and provider.webhook:
		answer = provider.webhook.deliver(given)
		return _json({"status": answer.status, "body": answer.body.decode("utf-8", "replace")})
	if (method, what) == ("POST", "file"):
		return _json({"id": provider.add_file(given["text"].encode(), given["mime_type"])})
	if (method, what) == ("POST", "clear"):
		provider.script.clear()
		return _json({})
	return Answer(404, b"unknown", "text/plain")


def _turn(given: dict[str, Any]) -> Turn:
	return Turn(**{key: value for key, value in given.items() if key != "times"})


def _json(value: dict[str, Any]) -> Answer:
	return Answer(200, json.dumps(value).encode())
