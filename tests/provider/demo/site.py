"""The site that gets the day, over its own REST API as a user of its own."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

TIMEOUT = 60


class SiteError(Exception):
	"""The site refused; the message says what."""


class Site:
	"""A logged-in session. `url` is where the server answers, `name` the site that its Host header asks for."""

	def __init__(self, url: str, name: str):
		self.url, self.headers = url.rstrip("/"), {"Host": name, "Accept": "application/json"}
		self._cookies: dict[str, str] = {}

	def log_in(self, user: str, password: str) -> None:
		self.post("/api/method/login", {"usr": user, "pwd": password})

	def get(self, path: str, **parameters: Any) -> Any:
		query = urllib.parse.urlencode({key: _text(value) for key, value in parameters.items()})
		return self._call("GET", f"{path}?{query}" if query else path)

	def post(self, path: str, values: dict[str, Any]) -> Any:
		return self._call("POST", path, values)

	def put(self, path: str, values: dict[str, Any]) -> Any:
		return self._call("PUT", path, values)

	def count(self, doctype: str, filters: dict[str, Any]) -> int:
		return self.get("/api/method/frappe.client.get_count", doctype=doctype, filters=filters)

	def keep(self, doctype: str, key: str, values: dict[str, Any]) -> None:
		"""Make a record, or bring it up to these values."""
		path = f"/api/resource/{urllib.parse.quote(doctype)}"
		if self.count(doctype, {"name": values[key]}):
			self.put(f"{path}/{urllib.parse.quote(values[key])}", values)
		else:
			self.post(path, values)

	def _call(self, method: str, path: str, values: dict[str, Any] | None = None) -> Any:
		data = None if values is None else json.dumps(values).encode()
		headers = {
			**self.headers,
			"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
		}
		if data:
			headers["Content-Type"] = "application/json"
		request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
		try:
			with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
				found = json.loads(answer.read())
				self._remember(answer.headers.get_all("Set-Cookie") or [])
		except urllib.error.HTTPError as error:
			raise SiteError(
				f"{method} {path.partition('?')[0]}: {error.code} {_reason(error.read())}"
			) from None
		except OSError as error:
			raise SiteError(f"{self.url} does not answer: {error}") from None
		return found.get("message", found.get("data"))

	def _remember(self, headers: list[str]) -> None:
		"""By hand: the address is 127.0.0.1 while the Host header names the site, which no cookie jar understands."""
		for header in headers:
			name, _, value = header.partition(";")[0].partition("=")
			if value:
				self._cookies[name.strip()] = value


def _text(value: Any) -> str:
	return value if isinstance(value, str) else json.dumps(value)


def _reason(body: bytes) -> str:
	try:
		found = json.loads(body)
	except ValueError:
		return body[:200].decode("utf-8", "replace")
	messages = json.loads(found.get("_server_messages") or "[]")
	return (
		" ".join(json.loads(message)["message"] for message in messages) or found.get("exception", "")[:200]
	)
