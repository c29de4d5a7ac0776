"""Files that go out: which kind of message each is, and its row beside the message."""

from __future__ import annotations

import inspect
import mimetypes

import frappe
from frappe import _
from frappe.utils import cint
from pypdf.errors import PyPdfError

from dafater_crm.domain import message_limits
from dafater_crm.domain.channels import EMAIL
from dafater_crm.records.inbox import rows

ATTACHMENT = "Dafater Message Attachment"
SETTINGS = "Dafater Inbox Settings"
IMAGES, VIDEOS = ("image/jpeg", "image/png"), ("video/mp4", "video/3gpp")
AUDIOS = ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg")
MEGABYTE = 1024 * 1024


def mime_type_of(file_name: str | None) -> str:
	"""The MIME type that a file's name says."""
	return mimetypes.guess_type(file_name or "")[0] or "application/octet-stream"


def stored_bytes(file) -> bytes:
	"""What is stored in a File, byte for byte. Raises OSError when it is gone.

	Frappe's `get_content` makes text of what looks like it; from release 16 on it takes small pictures for Central European text.
	"""
	if "encodings" in inspect.signature(file.get_content).parameters:
		content = file.get_content(encodings=())
	else:
		content = file.get_content()
	return content.encode() if isinstance(content, str) else content


def kind_of(mime_type: str) -> str:
	"""The kind of message as which a file is sent; whatever a phone cannot show inline goes as a document."""
	if mime_type in IMAGES:
		return "Image"
	if mime_type in VIDEOS:
		return "Video"
	return "Audio" if mime_type in AUDIOS else "Document"


def parts(channel: str, files: tuple[str, ...], text: str) -> list[dict]:
	"""One message a file; the text goes with the first, as a message of its own where that cannot carry one. A mail carries them all."""
	found = [_part(name) for name in files]
	if channel == EMAIL:
		first, *more = found
		return [{**first, "body": text, "preview": text or first["preview"], "more": more}]
	if text and (found[0]["kind"] == "Audio" or not message_limits.has_captions(channel)):
		return [{"kind": "Text", "body": text, "preview": text}, *found]
	if text:
		found[0] |= {"body": text, "preview": text}
	return found


def attach(part: dict, message: str, conversation: str) -> None:
	"""Write the attachments' rows of a message. The files themselves are the ones that were uploaded."""
	for one in (part, *part.get("more", ())):
		_attach(one, message, conversation)


def _attach(part: dict, message: str, conversation: str) -> None:
	file = part["file"]
	rows.insert(
		ATTACHMENT,
		message=message,
		conversation=conversation,
		kind=part["kind"] if part["kind"] != "Template" else kind_of(part["mime_type"]),
		file_name=file.file_name,
		mime_type=part["mime_type"],
		file_size=file.file_size,
		status="Ready",
		file=file.name,
		attempts=0,
	)


def checked(name: str):
	"""The File that is to go out, and its MIME type. Throws when the user may not read it, or it is too big or refused."""
	file = frappe.get_doc("File", name)
	file.check_permission("read")
	settings = frappe.get_cached_doc(SETTINGS)
	most = cint(settings.max_file_mb) or 25
	if (file.file_size or 0) > most * MEGABYTE:
		frappe.throw(_("The file {0} is larger than {1} MB.").format(frappe.bold(file.file_name), most))
	mime_type = mime_type_of(file.file_name)
	if mime_type in refused_types():
		frappe.throw(_("Files of the type {0} are not sent.").format(frappe.bold(mime_type)))
	return file, mime_type


def refused_types() -> set[str]:
	"""MIME types that are neither taken nor sent, from the settings."""
	return set((frappe.get_cached_doc(SETTINGS).refuse_types or "").lower().split())


def _part(name: str) -> dict:
	file, mime_type = checked(name)
	return {
		"kind": kind_of(mime_type),
		"body": "",
		"preview": file.file_name,
		"file": file,
		"mime_type": mime_type,
	}


def insert(file) -> None:
	"""Insert a File. Throws ValidationError for what Frappe does not keep.

	Later releases of Frappe read a PDF for programs in it and let the reader's own error out when they cannot.
	"""
	try:
		file.insert(ignore_permissions=True)  # the caller says why
	except PyPdfError:
		frappe.throw(_("The PDF file is damaged. Open it, save it again as PDF and attach the copy."))


def take_upload(conversation: str) -> dict:
	"""Keep the request's file privately on a conversation. Throws for what may not be sent, before it is kept."""
	upload = frappe.request.files.get("file") if frappe.request else None
	if not upload or not upload.filename:
		frappe.throw(_("Choose a file first."))
	content = upload.stream.read()
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": upload.filename,
			"attached_to_doctype": "Dafater Conversation",
			"attached_to_name": conversation,
			"is_private": 1,
			"content": content,
		}
	)
	insert(file)  # write on the conversation was checked; a role may lack the right to make files
	checked_file, mime_type = checked(file.name)
	return {
		"file": checked_file.name,
		"file_name": checked_file.file_name,
		"file_size": checked_file.file_size,
		"mime_type": mime_type,
	}
