"""The provider's side of HTTP: takes sends and uploads, serves files, reports what became of messages."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.provider.answers import Answer, api_error, respond
from tests.provider.behaviour import Reports, Script, StoredFile, Turn
from tests.provider.delivery import Webhook
from tests.provider.reporting import reports_of


class ProviderServer:
	"""A running provider on a free port of this machine. Use it in a `with`.

	with ProviderServer(Webhook(url, secret)) as provider:
		provider.fail("messages", 131056, times=2)
		...
		provider.sent        # bodies of the messages that it took
	"""

	def __init__(
		self,
		webhook: Webhook | None = None,
		token: str = "token",
		reports: Reports | None = None,
		instagram: tuple[str, ...] = (),
		port: int = 0,
		run: str = "",
	):
		self.webhook = webhook
		self.token = token
		self.reports = reports or Reports()
		self.instagram = instagram
		self.script = Script(run)
		# user id → what the provider tells about somebody
		self.profiles: dict[str, dict[str, str]] = {}
		self._server = _Server(("127.0.0.1", port), _Handler)
		self._server.provider = self
		self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
		self._reporting: list[threading.Thread] = []

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self._server.server_address[1]}"

	@property
	def sent(self) -> list[dict[str, Any]]:
		"""Bodies of the messages that were taken, in their order; read marks too."""
		return [
			each["json"]
			for each in self.script.requests
			if each["kind"] == "messages" and each["status"] == 200
		]

	def __enter__(self) -> ProviderServer:
		self._thread.start()
		return self

	def __exit__(self, *_error: object) -> None:
		self.settle()
		self._server.shutdown()
		self._server.server_close()

	def fail(self, kind: str, error: int | None = None, times: int = 1, **turn: Any) -> None:
		"""The next requests of this kind fail: with an error code of the API, or `status=503` alone."""
		turn.setdefault("status", 400 if error is not None else 500)
		self.script.add(kind, Turn(error=error, **turn), times)

	def dawdle(self, kind: str, seconds: float, times: int = 1) -> None:
		"""The next requests of this kind are answered late."""
		self.script.add(kind, Turn(delay=seconds), times)

	def hang_up(self, kind: str, when: str, times: int = 1) -> None:
		"""The next connections end without an answer, "before" the request was looked at or "after" it was carried out."""
		self.script.add(kind, Turn(hang_up=when), times)

	def add_file(self, content: bytes, mime_type: str, **more: Any) -> str:
		"""Keep a file and return its id. `more`: see StoredFile."""
		return self.script.add_file(StoredFile(content, mime_type, **more))

	def file_url(self, media_id: str) -> str:
		"""The address at which a file lies, as Messenger and Instagram name it in a delivery."""
		return f"{self.url}/files/{media_id}"

	def report(self, account: str, body: dict[str, Any], id: str) -> None:
		"""Deliver the reports that follow a message, in a thread of their own unless they come before the answer."""
		if self.webhook is None:
			return
		if self.reports.before_answer:
			self._deliver_reports(account, body, id)
			return
		thread = threading.Thread(target=self._deliver_reports, args=(account, body, id), daemon=True)
		self._reporting.append(thread)
		thread.start()

	def settle(self, timeout: float = 30.0) -> None:
		"""Wait until every report was delivered."""
		until = time.monotonic() + timeout
		for thread in list(self._reporting):
			thread.join(max(0.0, until - time.monotonic()))

	def _deliver_reports(self, account: str, body: dict[str, Any], id: str) -> None:
		for delivery in reports_of(self.reports, account, body, id, account in self.instagram):
			time.sleep(self.reports.delay)
			self.webhook.deliver_until_taken(delivery)


class _Server(ThreadingHTTPServer):
	daemon_threads = True
	provider: ProviderServer


class _Handler(BaseHTTPRequestHandler):
	"""Paths: /<version>/<account>/messages, /media, /message_attachments; /<version>/<id of a file or person>; /files/<file id>."""

	protocol_version = "HTTP/1.1"
	server: _Server

	def do_POST(self) -> None:
		self._serve("POST")

	def do_GET(self) -> None:
		self._serve("GET")

	def _serve(self, method: str) -> None:
		provider, parts = self.server.provider, [part for part in urlsplit(self.path).path.split("/") if part]
		content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		if parts[:1] == ["_control"]:
			from tests.provider.control import control

			return self._answer(control(provider, method, parts[1:], content))
		kind = "messages" if parts[-1:] == ["messages"] else "file" if parts[:1] == ["files"] else "media"
		turn = provider.script.next(kind)
		time.sleep(turn.delay)
		request = {
			"kind": kind,
			"method": method,
			"path": self.path,
			"headers": dict(self.headers),
			"content": content,
		}
		request["json"] = _json(content)
		if turn.hang_up == "before":
			self.close_connection = True
			return None
		if turn.error is not None or turn.status:
			answer = api_error(turn)
		else:
			answer = respond(provider, method, parts, request)
		provider.script.record({**request, "status": answer.status})
		if turn.hang_up:
			self.close_connection = True
			return None
		return self._answer(answer)

	def _answer(self, answer: Answer) -> None:
		self.send_response(answer.status)
		headers = {"Content-Type": answer.mime_type, **answer.headers}
		if answer.content_length:
			headers["Content-Length"] = str(len(answer.content))
		else:
			headers["Connection"] = "close"
		for name, value in headers.items():
			self.send_header(name, value)
		self.end_headers()
		sent = answer.content if answer.cut_at is None else answer.content[: answer.cut_at]
		self.wfile.write(sent)
		if not answer.content_length or len(sent) < len(answer.content):
			self.close_connection = True

	def log_message(self, format: str, *args: object) -> None:
		"""Silent: the tests look at `script.requests`."""


def _json(content: bytes) -> Any:
	try:
		return json.loads(content)
	except ValueError:
		return None
