"""Requests over Frappe's own WSGI application: routing, sessions, CSRF, rate limits and commits are the real ones.

Each request runs in a thread of its own: Frappe keeps its state in context variables, so the test's connection, user and
flags are out of the request's reach. What a request must see has to be committed, and cleaned up by the test.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import frappe
from werkzeug.test import Client

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class Web:
	"""A browser without JavaScript. `address` is the client's IP address."""

	def __init__(self, address: str = "198.51.100.7"):
		self.site, self.address, self.cookies = frappe.local.site, address, ""

	def signed_in(self, user: str, password: str) -> Web:
		"""The same browser with the session of a user."""
		answer = self.post("/api/method/login", data={"usr": user, "pwd": password})
		assert answer.status_code == 200, answer.text
		self.cookies = "; ".join(cookie.split(";")[0] for cookie in answer.headers.getlist("Set-Cookie"))
		return self

	def get(self, path: str, **options):
		return self.request("GET", path, **options)

	def post(self, path: str, data=None, **options):
		return self.request("POST", path, data=data, **options)

	def request(self, method: str, path: str, **options):
		with ThreadPoolExecutor(1) as pool:
			return pool.submit(self._request, method, path, options).result()

	def _request(self, method: str, path: str, options: dict):
		import frappe.app

		headers = {
			"X-Frappe-Site-Name": self.site,
			"X-Forwarded-For": self.address,
			"Cookie": self.cookies,
			**options.pop("headers", {}),
		}
		response = Client(frappe.app.application, use_cookies=False).open(
			path, method=method, headers=headers, base_url=f"http://{self.site}", **options
		)
		response.get_data()
		response.close()
		return response


def inputs(html: str) -> dict[str, str]:
	"""Name and value of every input that a browser would send; boxes only when they are ticked."""
	found = {}
	for tag in _INPUT.findall(html):
		attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
		if attributes.get("type") == "checkbox" and " checked" not in tag:
			continue
		if "name" in attributes:
			found[attributes["name"]] = attributes.get("value", "")
	return found
