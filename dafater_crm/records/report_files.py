"""Files of our reports, made to open rightly in Excel wherever they leave the site: the desk's export, scheduled e-mails."""

from __future__ import annotations

from email.encoders import encode_base64
from email.message import Message
from pathlib import PurePath
from zipfile import BadZipFile

import frappe
from frappe.utils.jinja_globals import is_rtl

from dafater_crm.domain.spreadsheets import right_to_left, with_mark

APP = "dafater_crm"
KINDS = (".csv", ".xlsx")


def is_ours(report: str) -> bool:
	"""Whether one of our modules brings the report."""
	module = frappe.get_cached_value("Report", report, "module") or ""
	return frappe.local.module_app.get(frappe.scrub(module)) == APP


def for_excel(name: str, content: bytes) -> bytes:
	"""`content` of the file `name`: a CSV marked as UTF-8, the sheets of an XLSX from right to left where the language is.

	What is so already stays as it is, and so does a file of another kind.
	"""
	if name.endswith(".csv"):
		return with_mark(content)
	if name.endswith(".xlsx") and is_rtl():
		return right_to_left(content)
	return content


def finish_attachments(mail) -> None:
	"""Hook `make_email_body_message`: Frappe asks for every e-mail (`EMail`), right before it becomes text.

	An Auto Email Report names its file after the report, and by that name it is known. Its download in the desk comes by no
	hook and keeps Frappe's direction.
	"""
	for part in mail.msg_root.walk():
		name = PurePath(part.get_filename() or "")
		if name.suffix in KINDS and is_ours(name.stem.replace("-", " ")):
			_finish(part, name.name)


def _finish(part: Message, name: str) -> None:
	content = part.get_payload(decode=True)
	try:
		finished = for_excel(name, content)
	except BadZipFile:
		return  # somebody's own file by that name
	if finished != content:
		del part["Content-Transfer-Encoding"]
		part.set_payload(finished)
		encode_base64(part)
