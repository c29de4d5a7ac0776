"""Web addresses that people enter or programs send: origins, https pages, and addresses kept for information."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .characters import one_line
from .errors import RuleError

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])")
# Browsers treat a page of this machine as secure; developers try an embedded form there.
_LOCAL = ("localhost", "127.0.0.1")


def origin(raw: str | None) -> str:
	"""Return "https://host[:port]" in lower case, as a browser names an origin.

	Raises RuleError "origin_invalid" for a path, query, user, wildcard, another scheme (http is accepted for localhost
	and 127.0.0.1 only) or a host that is not a full name.
	"""
	typed = one_line(raw)
	parts = _split(typed)
	if parts is None or parts.path not in ("", "/") or parts.query or parts.fragment or not _is_safe(parts):
		raise RuleError("origin_invalid", value=typed)
	return _origin(parts)


def https_page(raw: str | None) -> str:
	"""Return the address of a page as typed. Raises RuleError "page_invalid" unless it is https with a full host name."""
	typed = one_line(raw)
	parts = _split(typed)
	if parts is None or parts.scheme != "https" or not _is_safe(parts) or re.search(r"[\s\"'<>\\;,]", typed):
		raise RuleError("page_invalid", value=typed)
	return typed


def origin_of(page: str) -> str:
	"""Return the origin of an address that `https_page` accepted."""
	return _origin(urlsplit(page))


def is_website(text: str) -> bool:
	"""True for an http(s) address whose host has a dot and nothing has a space; Arabic host names are fine."""
	parts = _split(text)
	if parts is None or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"'\\]", text):
		return False
	return "." in (parts.hostname or "").strip(".")


def for_information(raw: object, max_length: int) -> str:
	"""Return an http(s) address for keeping, cut to `max_length`; "" for anything else. Never raises: a visitor cannot
	help what her browser sends along."""
	text = one_line(raw).replace("<", "").replace(">", "")
	parts = _split(text)
	return text[:max_length] if parts and parts.scheme in ("http", "https") and parts.netloc else ""


def _split(text: str):
	try:
		parts = urlsplit(text)
		_port = parts.port  # raises for a port that is no number
	except ValueError:
		return None
	return parts


def _is_safe(parts) -> bool:
	if parts.username is not None or parts.password is not None or "\\" in parts.netloc:
		return False
	host = parts.hostname or ""
	if parts.scheme == "http":
		return host in _LOCAL
	return parts.scheme == "https" and (host in _LOCAL or bool(_HOST.fullmatch(host)))


def _origin(parts) -> str:
	port = f":{parts.port}" if parts.port else ""
	return f"{parts.scheme}://{parts.hostname}{port}"
