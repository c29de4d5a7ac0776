"""What the provider answers: it refuses what Meta would refuse, so that a wrong body fails here too."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.provider.behaviour import StoredFile, Turn

if TYPE_CHECKING:
	from tests.provider.server import ProviderServer

WHATSAPP_KINDS = {
	*("text", "image", "video", "audio", "document", "sticker", "template", "interactive"),
	*("location", "reaction"),
}


@dataclass(frozen=True)
class Answer:
	status: int
	content: bytes
	mime_type: str = "application/json"
	headers: dict[str, str] = field(default_factory=dict)
	content_length: bool = True
	cut_at: int | None = None


def respond(provider: ProviderServer, method: str, parts: list[str], request: dict[str, Any]) -> Answer:
	"""Carry out a request of the API."""
	if parts[:1] == ["files"]:
		return _file(provider.script.files.get(parts[-1]))
	if request["headers"].get("Authorization") != f"Bearer {provider.token}":
		return api_error(Turn(error=190, status=401, message="Invalid OAuth access token."))
	if len(parts) < 2 or not re.fullmatch(r"v\d+\.\d+", parts[0]):
		return _refuse("no version in the path")
	if method == "POST" and len(parts) == 3 and parts[2] == "messages":
		return _message(provider, parts[1], request["json"])
	if method == "POST" and len(parts) == 3 and parts[2] in ("media", "message_attachments"):
		return _upload(provider, parts[2], request)
	if method == "GET" and len(parts) == 2 and parts[1] in provider.profiles:
		return _json({"id": parts[1], **provider.profiles[parts[1]]})
	if method == "GET" and len(parts) == 2:
		return _address(provider, parts[1])
	return api_error(Turn(error=100, status=404, subcode=33, message="Unsupported request"))


def api_error(turn: Turn) -> Answer:
	"""An error as the Graph API writes it, or a bare HTTP status."""
	if turn.error is None:
		return Answer(turn.status, b"<html>upstream error</html>", "text/html", turn.headers)
	error: dict[str, Any] = {
		"message": turn.message,
		"type": "OAuthException",
		"code": turn.error,
		"fbtrace_id": "A",
	}
	if turn.subcode:
		error["error_subcode"] = turn.subcode
	return _json({"error": error}, turn.status, turn.headers)


def _message(provider: ProviderServer, account: str, body: Any) -> Answer:
	if not isinstance(body, dict):
		return _refuse("the body is no JSON object")
	whatsapp = body.get("messaging_product") == "whatsapp"
	wrong = whatsapp_mistake(body) if whatsapp else messaging_mistake(body, account in provider.instagram)
	if wrong:
		return _refuse(wrong)
	if body.get("status") == "read":
		return _json({"success": True})
	if body.get("sender_action"):
		return _json({"recipient_id": body["recipient"]["id"]})
	id = provider.script.new_id("wamid.OUT" if whatsapp else "m_OUT")
	provider.report(account, body, id)
	if not whatsapp:
		return _json({"recipient_id": body["recipient"]["id"], "message_id": id})
	to = body.get("to") or body.get("recipient")
	answer = {
		"messages": [{"id": id, "message_status": "accepted"}],
		"contacts": [{"input": to, "wa_id": to}],
	}
	return _json({"messaging_product": "whatsapp", **answer})


def whatsapp_mistake(body: dict[str, Any]) -> str:
	"""Why WhatsApp would refuse a body; "" where it would not."""
	if body.get("status") == "read":
		return "" if body.get("message_id") else "a read mark without message_id"
	kind = body.get("type")
	if kind not in WHATSAPP_KINDS or not isinstance(body.get(kind), dict):
		return f"type {kind} without its object"
	to = body.get("to")
	if not (to and str(to).isdecimal()) and not body.get("recipient"):
		return "no recipient"
	if kind == "text" and not 0 < len(body["text"].get("body", "")) <= 4096:
		return "text.body must have 1 to 4096 characters"
	if kind in ("image", "video", "audio", "document", "sticker") and not {"id", "link"} & body[kind].keys():
		return "a file without id or link"
	if kind == "interactive" and len(body[kind]["action"]["buttons"]) > 3:
		return "at most 3 buttons"
	return ""


def messaging_mistake(body: dict[str, Any], instagram: bool) -> str:
	"""Why Messenger or Instagram would refuse a body."""
	if not body.get("recipient", {}).get("id"):
		return "no recipient"
	if body.get("sender_action"):
		return ""
	message = body.get("message")
	if not isinstance(message, dict) or ("text" in message) == ("attachment" in message):
		return "a message has either text or an attachment"
	text = message.get("text", "")
	if instagram and len(text.encode()) > 1000:
		return "text must be at most 1000 bytes"
	if len(text) > 2000:
		return "text must be at most 2000 characters"
	return ""


def _upload(provider: ProviderServer, kind: str, request: dict[str, Any]) -> Answer:
	name = b'name="file"' if kind == "media" else b'name="filedata"'
	boundary = re.search(r'boundary="?([^";]+)', request["headers"].get("Content-Type", ""))
	pieces = request["content"].split(b"--" + boundary.group(1).encode()) if boundary else []
	part = next((piece for piece in pieces if name in piece), None)
	if part is None:
		return _refuse("the upload holds no file")
	head, _, content = part.partition(b"\r\n\r\n")
	mime = re.search(rb"Content-Type: *([^\r\n]+)", head)
	stored = StoredFile(content.removesuffix(b"\r\n"), mime.group(1).decode() if mime else "")
	media_id = provider.script.add_file(stored)
	return _json({"id": media_id} if kind == "media" else {"attachment_id": media_id})


def _address(provider: ProviderServer, media_id: str) -> Answer:
	stored = provider.script.files.get(media_id)
	if stored is None:
		return api_error(Turn(error=100, status=400, subcode=33, message="Object does not exist"))
	return _json(
		{
			"messaging_product": "whatsapp",
			"id": media_id,
			"url": provider.file_url(media_id),
			"mime_type": stored.mime_type,
			"sha256": stored.told_sha256,
			"file_size": len(stored.content) if stored.told_size is None else stored.told_size,
		}
	)


def _file(stored: StoredFile | None) -> Answer:
	if stored is None or stored.expired:
		return Answer(404, b"gone", "text/plain")
	if stored.redirect:
		return Answer(302, b"", headers={"Location": stored.redirect})
	return Answer(
		200, stored.content, stored.mime_type, content_length=stored.content_length, cut_at=stored.cut_at
	)


def _refuse(message: str) -> Answer:
	return api_error(Turn(error=100, status=400, message=f"(#100) {message}"))


def _json(value: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Answer:
	return Answer(status, json.dumps(value).encode(), headers=headers or {})
