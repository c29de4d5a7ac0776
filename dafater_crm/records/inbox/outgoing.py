"""A queued row made ready for the channel: to whom, what, with which file, and whether it may still go."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace

import frappe
from frappe.utils import now_datetime

from dafater_crm import channels as adapters
from dafater_crm.channels import media
from dafater_crm.domain import channels, message_window
from dafater_crm.domain.channels import AccountConfig, Media, OutboundMessage, Sender, SendError, SendResult
from dafater_crm.records.inbox import conversations, identities, keys, outgoing_files

ATTACHMENT = "Dafater Message Attachment"


@dataclass
class Ready:
	"""A message to hand over; `upload`: (content, MIME type, name, kind) of its file where the provider does not have it yet."""

	message: OutboundMessage
	upload: tuple[bytes, str, str, str] | None = None
	attachment: str | None = None


def prepared(config: AccountConfig, row: dict) -> Ready | SendError:
	"""The message of a row, or why it may not go any more: the window has closed, the file is gone."""
	try:
		return _ready(config, row)
	except SendError as error:
		return error
	except Exception as error:
		frappe.log_error(title=f"Dafater inbox: message {row.name} could not be made ready")
		return SendError("prepare", f"{type(error).__name__}: {error}", channels.FAIL)


def hand_over(config: AccountConfig, ready: Ready | SendError) -> tuple[SendResult | SendError, str | None]:
	"""Upload and send; HTTP alone, for threads. Returns the answer, and the id that the provider gave the file."""
	if isinstance(ready, SendError):
		return ready, None
	message, uploaded = ready.message, None
	try:
		if ready.upload:
			content, mime_type, name, kind = ready.upload
			uploaded = media.upload(config, io.BytesIO(content), mime_type, name, kind)
			message = _with_media_id(message, uploaded)
	except SendError as error:
		error.uncertain = False  # a file may have gone, but no message
		return error, None
	except Exception as error:
		return SendError("upload", type(error).__name__, channels.FAIL), None
	try:
		return adapters.send(config, message), uploaded
	except SendError as error:
		return error, uploaded
	except Exception as error:
		# nobody foresaw this one, so nobody knows what left
		return SendError("error", type(error).__name__, channels.FAIL, uncertain=True), uploaded


def _ready(config: AccountConfig, row: dict) -> Ready:
	fields = ["user_id", "phone", "display_name"]
	person = frappe.db.get_value(identities.IDENTITY, row.identity, fields, as_dict=True)
	last_inbound_on = frappe.db.get_value(conversations.CONVERSATION, row.conversation, "last_inbound_on")
	now, by_person = now_datetime(), bool(row.author)
	if not message_window.may_send(config.channel, row.message_type, last_inbound_on, now, by_person):
		code = "131047" if config.channel == channels.WHATSAPP else "window"
		raise SendError(code, "the time for free answers is over", channels.FAIL)
	content = json.loads(row.content) if row.content else {}
	file, upload, attachment = _file(row) if row.has_attachments else (None, None, None)
	template = content.get("template")
	if template and file:
		template = {**template, "header": file}
	message = OutboundMessage(
		to=Sender(person.user_id, person.phone, person.display_name or ""),
		kind=row.message_type,
		text=row.body or "",
		media=None if template else file,
		template=template,
		buttons=tuple(content.get("buttons") or ()),
		location=content.get("location"),
		reply_to_id=row.reply_to_id,
		our_key=keys.sending_key(row.name, row.resends),
		within_window=message_window.state(config.channel, last_inbound_on, now) == message_window.OPEN,
	)
	return Ready(message, upload, attachment)


def _file(row: dict) -> tuple[Media, tuple | None, str]:
	"""The file of a message: by the provider's id where it has been uploaded lately, else its bytes."""
	found = frappe.db.get_value(ATTACHMENT, {"message": row.name}, "*", as_dict=True)
	if not found or not found.file or not frappe.db.exists("File", found.file):
		raise SendError("media", "the file is gone", channels.FAIL)
	known = found.provider_media_id if found.expires_on and found.expires_on > now_datetime() else None
	file = Media(found.kind, known, None, found.mime_type or "", None, found.file_name or "")
	if known:
		return file, None, found.name
	content = outgoing_files.stored_bytes(frappe.get_doc("File", found.file))
	return file, (content, found.mime_type, found.file_name, found.kind), found.name


def _with_media_id(message: OutboundMessage, media_id: str) -> OutboundMessage:
	if message.media:
		return replace(message, media=replace(message.media, media_id=media_id))
	header = replace(message.template["header"], media_id=media_id)
	return replace(message, template={**message.template, "header": header})
