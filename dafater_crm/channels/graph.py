"""HTTP with Meta's Graph API: one session a thread, timeouts always, and every failure a SendError that says what to do.

The access token goes into a header, never into an address, and only to the provider's own hosts; no message or error repeats it.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from dafater_crm.channels.reading import ident, number, obj, text
from dafater_crm.domain.channels import FAIL, INSTAGRAM, RETRY, AccountConfig, SendError
from dafater_crm.domain.send_errors import action_for

GRAPH, GRAPH_INSTAGRAM = "https://graph.facebook.com", "https://graph.instagram.com"
# where files lie that the providers name in deliveries and answers
_FILE_HOSTS = (
	*("facebook.com", "fbcdn.net", "fbsbx.com", "cdninstagram.com", "instagram.com"),
	*("whatsapp.net", "whatsapp.com"),
)
_SHOWN = 300
_local = threading.local()


def call(account: AccountConfig, method: str, path: str, **parts: Any) -> dict[str, Any]:
	"""Return the object that the API answers. `parts`: json, data, files, params of requests.

	Raises SendError. A POST whose answer got lost raises it with `uncertain`.
	"""
	url = "/".join(filter(None, (base_url(account), account.graph_version.strip("/"), path.strip("/"))))
	response = send_request(account, method, url, bearer=True, **parts)
	with response:
		if response.status_code >= 400:
			raise failure(account, response)
		answer = _json(response)
	if "error" in answer:
		raise failure(account, response, answer)
	return answer


def send_request(
	account: AccountConfig, method: str, url: str, bearer: bool, **parts: Any
) -> requests.Response:
	"""One request without redirects (the token would travel along). Raises SendError where no answer came."""
	headers = {"Authorization": f"Bearer {account.access_token}"} if bearer else {}
	try:
		return _session().request(
			method, url, headers=headers, timeout=account.timeout, allow_redirects=False, **parts
		)
	except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
		raise SendError("network", _short(account, error), RETRY) from None
	except requests.Timeout as error:
		raise SendError("timeout", _short(account, error), RETRY, uncertain=method == "POST") from None
	except requests.ConnectionError as error:
		# nobody opened the door: nothing went out. Anything later: it may have.
		cause = getattr(error.args[0] if error.args else None, "reason", None)
		uncertain = method == "POST" and not isinstance(cause, NewConnectionError)
		raise SendError("network", _short(account, error), RETRY, uncertain=uncertain) from None
	except requests.RequestException as error:
		raise SendError("request", _short(account, error), FAIL) from None


def failure(account: AccountConfig, response: requests.Response, answer: dict | None = None) -> SendError:
	"""The SendError of an answer that refuses."""
	answer = _json(response) if answer is None else answer
	error = obj(answer.get("error"))
	code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
	status = response.status_code if response.status_code >= 400 else None
	return SendError(
		code=_code(code, subcode, response.status_code),
		message=_safe(account, _told(error) or f"HTTP {response.status_code}"),
		action=action_for(code, status, subcode),
		retry_after=_retry_after(response),
	)


def base_url(account: AccountConfig) -> str:
	"""The account's own address (a test server), or the provider's."""
	return (account.base_url or (GRAPH_INSTAGRAM if account.channel == INSTAGRAM else GRAPH)).rstrip("/")


def is_file_address(account: AccountConfig, url: str) -> bool:
	"""Tell whether a file may be fetched from an address: https at one of the provider's hosts, or the account's own test server.

	A delivery must not make this machine read addresses of its own network.
	"""
	try:
		parts, own = urlsplit(url), urlsplit(account.base_url)
		if account.base_url and (parts.scheme, parts.hostname, parts.port) == (
			own.scheme,
			own.hostname,
			own.port,
		):
			return True
		host = (parts.hostname or "").rstrip(".").lower()
		safe = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
	except ValueError:
		return False
	return safe and any(host == known or host.endswith(f".{known}") for known in _FILE_HOSTS)


def _session() -> requests.Session:
	"""A session is not safe between threads, and a new one a call would shake hands anew each time."""
	if not hasattr(_local, "session"):
		_local.session = requests.Session()
	return _local.session


def _json(response: requests.Response) -> dict[str, Any]:
	try:
		return obj(response.json())
	except (ValueError, RecursionError, requests.RequestException):
		return {}


def _code(code: int | None, subcode: int | None, status: int) -> str:
	if code is None:
		return f"http {status}"
	return f"{code}/{subcode}" if subcode else str(code)


def _told(error: dict[str, Any]) -> str:
	"""What the provider says, the details first: they name the reason where the message only names the kind."""
	details = text(obj(error.get("error_data")).get("details"))
	message = text(error.get("error_user_msg")) or text(error.get("message"))
	return ": ".join(dict.fromkeys(filter(None, (message, details))))


def _retry_after(response: requests.Response) -> float | None:
	seconds = number(response.headers.get("Retry-After"))
	return seconds if seconds is not None and seconds > 0 else None


def _whole(value: Any) -> int | None:
	found = ident(value)
	return int(found) if found is not None and found.isascii() and found.isdecimal() else None


def _short(account: AccountConfig, error: Exception) -> str:
	return _safe(account, str(error) or type(error).__name__)


def _safe(account: AccountConfig, message: str) -> str:
	"""One line without the token, which some errors of the API repeat."""
	for secret in filter(None, (account.access_token, account.app_secret)):
		message = message.replace(secret, "…")
	return " ".join(message.split())[:_SHOWN]
