"""Files of received messages: fetched by jobs, checked, kept privately on their conversation.

A row is claimed for some minutes before the first byte is asked for, so that a worker that dies is followed by another one later; a
file is fetched twice then, and kept once. What cannot be had says why: refused, expired, or failed after all attempts.
"""

from __future__ import annotations

import time
from datetime import timedelta

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.channels import media
from dafater_crm.channels.media import MediaError
from dafater_crm.domain.channels import AccountConfig, Media
from dafater_crm.records.inbox import accounts, outgoing_files, rows, steps, wake
from dafater_crm.records.inbox.acting import as_system

ATTACHMENT = "Dafater Message Attachment"
FETCH = "dafater_crm.records.inbox.media_jobs.fetch"
NOT_KEPT = "The file is damaged or unsafe and is not kept."
MOST_SECONDS = 240
CANDIDATES = 20
# longer than the largest file takes
LEASE = timedelta(minutes=10)
# seconds until the next attempt; a provider blocks who asks too often
BACKOFF = (30, 120, 600, 1800, 3600, 6 * 3600, 12 * 3600, 24 * 3600)


def wake_after_commit() -> None:
	"""Something is to be fetched."""
	wake.after_commit(FETCH, "media", workers=2)


def every_minute() -> None:
	"""Scheduler: wake the job where a file is due."""
	if _due():
		wake.now(FETCH, "media", workers=2)


def fetch(most_seconds: int = MOST_SECONDS) -> dict[str, int]:
	"""The job: fetch what is due. Returns how many files ended in which state. Safe to run many at once."""
	until = time.monotonic() + most_seconds
	done: dict[str, int] = {}
	with as_system():
		frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: the job sees what was committed until now
		while time.monotonic() < until and (names := _due()):
			for name in names:
				if state := _fetch(name):
					done[state] = done.get(state, 0) + 1
	return done


def _due() -> list[str]:
	table = frappe.qb.DocType(ATTACHMENT)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Pending") & (table.retry_on <= now_datetime()))
		.orderby(table.retry_on)
		.limit(CANDIDATES)
		.run(pluck=True)
	)


def _claim(name: str) -> dict | None:
	"""Take one file for some minutes, and commit. None when another worker has it."""
	table = frappe.qb.DocType(ATTACHMENT)
	found = (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.star)
		.where((table.name == name) & (table.status == "Pending") & (table.retry_on <= now_datetime()))
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)
	if found:
		attempts = cint(found[0].attempts) + 1
		rows.update(ATTACHMENT, name, attempts=attempts, retry_on=now_datetime() + LEASE)
		found[0].attempts = attempts
	frappe.db.commit()  # nosemgrep: manual-commit - the claim is known before the first byte is asked for
	return found[0] if found else None


def _fetch(name: str) -> str | None:
	row = _claim(name)
	if not row:
		return None
	try:
		config = accounts.config(frappe.db.get_value("Dafater Message", row.message, "account"))
		state = _keep(row, config)
	except MediaError as error:
		frappe.db.rollback()
		state = _refused(row, error)
	except frappe.ValidationError:
		# Frappe does not keep it (a PDF with a program in it, one that cannot be read), however often it is fetched.
		frappe.db.rollback()
		frappe.clear_last_message()
		state = _refused(row, MediaError("unsafe", NOT_KEPT, media.REFUSED))
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(title=f"Dafater inbox: file {name}")
		state = _refused(row, MediaError("error", type(error).__name__, media.FAILED, retry=True))
	frappe.db.commit()  # nosemgrep: manual-commit - each file on its own
	steps.tell([(row.conversation, row.message)])
	return state


def _keep(row: dict, config: AccountConfig) -> str:
	"""Fetch one file and write it down. Raises `MediaError`."""
	wanted = Media(
		kind=row.kind,
		media_id=row.provider_media_id,
		url=row.provider_url,
		mime_type=row.mime_type or "",
		sha256=row.sha256,
		file_name=row.file_name or "",
	)
	limit = (cint(frappe.get_cached_doc(outgoing_files.SETTINGS).max_file_mb) or 25) * media.MEGABYTE
	got = media.download(config, wanted, limit, outgoing_files.refused_types())
	with got.content:
		content = got.content.read()
	if frappe.db.get_value(ATTACHMENT, row.name, "status", for_update=True) != "Pending":
		return "Expired"  # the person took the message back meanwhile
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": got.file_name,
			"attached_to_doctype": "Dafater Conversation",
			"attached_to_name": row.conversation,
			"is_private": 1,
			"content": content,
		}
	)
	outgoing_files.insert(file)  # what a person outside sent; who may read the conversation may read it
	rows.update(
		ATTACHMENT,
		row.name,
		status="Ready",
		file=file.name,
		kind=got.kind,
		file_name=got.file_name,
		file_size=got.size,
		mime_type=got.mime_type,
		sha256=got.sha256,
		error=None,
		retry_on=None,
	)
	return "Ready"


def _refused(row: dict, error: MediaError) -> str:
	now = now_datetime()
	values = {"status": error.status, "error": rows.text(error.message, 500), "retry_on": None}
	if error.retry and row.attempts <= len(BACKOFF):
		wait = max(BACKOFF[row.attempts - 1], error.retry_after or 0)
		values |= {"status": "Pending", "retry_on": now + timedelta(seconds=wait)}
	if values["status"] in ("Pending", media.FAILED) and row.expires_on and row.expires_on < now:
		values |= {"status": media.EXPIRED, "retry_on": None}
	table = frappe.qb.DocType(ATTACHMENT)
	query = frappe.qb.update(table).where((table.name == row.name) & (table.status == "Pending"))
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()
	return values["status"]
