"""A gateway for SMS, as Frappe's SMS Settings speak to one: a form is posted, an HTTP status comes back."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class SmsGateway:
	"""A running gateway. `received`: the forms that it took; `status`: what it answers."""

	def __init__(self) -> None:
		self.received: list[dict[str, str]] = []
		self.status = 200
		self._server = _Server(("127.0.0.1", 0), _Handler)
		self._server.gateway = self
		self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
		self._open = True

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self._server.server_address[1]}/send"

	def __enter__(self) -> SmsGateway:
		self._thread.start()
		return self

	def __exit__(self, *_error: object) -> None:
		self.close()

	def close(self) -> None:
		"""Nobody answers any more."""
		if self._open:
			self._open = False
			self._server.shutdown()
			self._server.server_close()


class _Server(ThreadingHTTPServer):
	daemon_threads = True
	gateway: SmsGateway


class _Handler(BaseHTTPRequestHandler):
	server: _Server

	def do_POST(self) -> None:
		form = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		if self.server.gateway.status == 200:
			self.server.gateway.received.append(dict(parse_qsl(form.decode())))
		self.send_response(self.server.gateway.status)
		self.send_header("Content-Length", "0")
		self.end_headers()

	def log_message(self, format: str, *args: object) -> None:
		"""Silent."""
