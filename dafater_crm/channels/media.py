"""Files of messages: fetched from the provider in pieces and checked, or uploaded to it. For jobs, never inside a request."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO

import requests

from dafater_crm.channels import file_types
from dafater_crm.channels.graph import call, failure, is_file_address, send_request
from dafater_crm.channels.reading import ident, text, whole
from dafater_crm.channels.whatsapp_content import sha256_hex
from dafater_crm.domain.channels import (
	FAIL,
	MESSENGER,
	RETRY,
	STOP,
	WHATSAPP,
	AccountConfig,
	Media,
	SendError,
)

MEGABYTE = 1024 * 1024
PIECE = 64 * 1024
_IN_MEMORY = 2 * MEGABYTE
# what WhatsApp takes, in bytes
UPLOAD_LIMITS = {"Image": 5, "Video": 16, "Audio": 16, "Document": 100, "Sticker": 0.5}
_GONE = (403, 404, 410)
# the texts of MediaError are shown with the message, each translated as a whole: none has a figure in it
INTERRUPTED = "The download was interrupted."
REFUSED, EXPIRED, FAILED = "Refused", "Expired", "Failed"


class MediaError(Exception):
	"""A file could not be had. `status` is one of Dafater Message Attachment: "Refused" (too large, not allowed, not what it says),
	"Expired" (the provider no longer has it) or "Failed"; only a failure with `retry` may be tried again, after `retry_after` seconds
	where the provider named them. `message` is an English sentence with an Arabic line, or what the provider said."""

	def __init__(
		self, code: str, message: str, status: str, retry: bool = False, retry_after: float | None = None
	):
		super().__init__(f"{code}: {message}")
		self.code = code
		self.message = message
		self.status = status
		self.retry = retry
		self.retry_after = retry_after


@dataclass
class Downloaded:
	"""A checked file. `content` is open at its beginning; in memory up to 2 MB, on disk without a name above. Close it."""

	content: IO[bytes]
	size: int
	mime_type: str
	kind: str
	sha256: str
	file_name: str


def download(account: AccountConfig, media: Media, limit: int, refused: Collection[str] = ()) -> Downloaded:
	"""Fetch a file of a message, at most `limit` bytes, and check it. `refused`: MIME types that are not kept.

	WhatsApp's files are asked for by id, which is good for 7 days and gives an address good for 5 minutes; the others' addresses come
	with the message. The type is that of the bytes, the hash that of the message where it had one. Raises MediaError.
	"""
	try:
		address, told_hash, told_size = _address(account, media)
		if told_size is not None and told_size > limit:
			raise _too_large()
		response = _open(account, address)
	except SendError as error:
		raise _from_send_error(error) from None
	with response:
		content, size, digest, head = _read(response, limit)
	try:
		return _checked(media, content, size, digest, head, told_hash, refused)
	except MediaError:
		content.close()
		raise


def upload(account: AccountConfig, content: IO[bytes], mime_type: str, file_name: str, kind: str) -> str:
	"""Give a file to the provider and return its id there (WhatsApp keeps it for 30 days). Raises SendError.

	Instagram takes no uploads: there a file needs a public address.
	"""
	if account.channel == WHATSAPP:
		_check_upload(content, kind)
		answer = call(
			account,
			"POST",
			f"{account.external_id}/media",
			data={"messaging_product": "whatsapp", "type": mime_type},
			files={"file": (file_name, content, mime_type)},
		)
		found = ident(answer.get("id"))
	elif account.channel == MESSENGER:
		kinds = {"Image": "image", "Sticker": "image", "Video": "video", "Audio": "audio"}
		attachment = {"attachment": {"type": kinds.get(kind, "file"), "payload": {"is_reusable": True}}}
		answer = call(
			account,
			"POST",
			f"{account.external_id}/message_attachments",
			data={"message": json.dumps(attachment)},
			files={"filedata": (file_name, content, mime_type)},
		)
		found = ident(answer.get("attachment_id"))
	else:
		raise SendError("upload", f"{account.channel} takes files by public address only", FAIL)
	if not found:
		raise SendError("answer", "the answer names no file", RETRY)
	return found


def _check_upload(content: IO[bytes], kind: str) -> None:
	size = content.seek(0, 2)
	content.seek(0)
	most = int(UPLOAD_LIMITS.get(kind, 0) * MEGABYTE)
	if size > most:
		raise SendError("media_too_large", f"the file has {size} bytes and WhatsApp takes {most}", FAIL)


def _address(account: AccountConfig, media: Media) -> tuple[str, str | None, int | None]:
	"""The address, and hash and size as the provider tells them."""
	if account.channel == WHATSAPP and media.media_id:
		answer = call(account, "GET", media.media_id, params={"phone_number_id": account.external_id})
		told = media.sha256 or sha256_hex(answer.get("sha256"))
		return text(answer.get("url")), told, whole(answer.get("file_size"))
	return media.url or "", media.sha256, None


def _open(account: AccountConfig, address: str) -> requests.Response:
	if not address:
		raise MediaError("no_address", "The message names no file.", FAILED)
	if not is_file_address(account, address):
		raise MediaError("foreign_address", "The file does not lie with the provider.", REFUSED)
	response = send_request(account, "GET", address, bearer=account.channel == WHATSAPP, stream=True)
	if response.status_code == 200:
		return response
	with response:
		if response.status_code in _GONE:
			raise MediaError("expired", f"HTTP {response.status_code}", EXPIRED)
		if 300 <= response.status_code < 400:
			raise MediaError("redirect", "The file does not lie with the provider.", REFUSED)
		raise failure(account, response)


def _read(response: requests.Response, limit: int) -> tuple[IO[bytes], int, str, bytes]:
	"""The content, its size, hash and first bytes. Stops as soon as it is too large, whatever the header said."""
	told = whole(response.headers.get("Content-Length"))
	if told is not None and told > limit:
		raise _too_large()
	content = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
	digest, size, head = hashlib.sha256(), 0, b""
	try:
		for piece in response.iter_content(PIECE):
			size += len(piece)
			if size > limit:
				raise _too_large()
			digest.update(piece)
			head = (head + piece)[: file_types.HEAD] if len(head) < file_types.HEAD else head
			content.write(piece)
	except requests.RequestException:
		content.close()
		raise MediaError("interrupted", INTERRUPTED, FAILED, retry=True) from None
	except MediaError:
		content.close()
		raise
	content.seek(0)
	if told is not None and size < told and not response.headers.get("Content-Encoding"):
		content.close()
		raise MediaError("interrupted", INTERRUPTED, FAILED, retry=True)
	return content, size, digest.hexdigest(), head


def _checked(
	media: Media,
	content: IO[bytes],
	size: int,
	digest: str,
	head: bytes,
	told: str | None,
	refused: Collection[str],
) -> Downloaded:
	if told and digest != told:
		raise MediaError("hash", "The file is not the one that was sent.", FAILED, retry=True)
	if not size:
		raise MediaError("empty", "The file is empty.", FAILED)
	mime = file_types.sniff(head, media.file_name)
	if file_types.is_refused(mime, media.file_name, refused):
		raise MediaError("type", "Files of this type are not kept.", REFUSED)
	kind = file_types.kind_of(mime)
	if media.kind == "Sticker" and kind == "Image":
		kind = "Sticker"
	if media.kind != "Document" and kind == "Document" and mime == file_types.UNKNOWN:
		raise MediaError("type", "The file is not what it was sent as.", REFUSED)
	# what was sent as a document is shown as one, even a picture
	kind = "Document" if media.kind == "Document" else kind
	return Downloaded(content, size, mime, kind, digest, file_types.clean_name(media.file_name, mime, kind))


def _too_large() -> MediaError:
	return MediaError("too_large", "The file is larger than the inbox settings allow.", REFUSED)


def _from_send_error(error: SendError) -> MediaError:
	"""Error 100 (subcode 33) and 131052: the provider does not have the file any more."""
	if error.code.partition("/")[0] in ("100", "131052") or error.code in ("http 404", "http 410"):
		return MediaError("expired", error.message, EXPIRED)
	return MediaError(
		error.code, error.message, FAILED, retry=error.action in (RETRY, STOP), retry_after=error.retry_after
	)
