"""What a provider answered to a send, written on the message: sent, again later, or failed with a reason that helps."""

from __future__ import annotations

import random
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import channels, send_errors
from dafater_crm.domain.channels import SendError, SendResult, StatusUpdate
from dafater_crm.records.inbox import accounts, keys, realtime, rows, statuses

MESSAGE = "Dafater Message"
ATTACHMENT = "Dafater Message Attachment"
MOST_LATER = 3
# providers keep an upload for 30 days
UPLOAD_DAYS = 29


def lost() -> SendError:
	"""The answer that nobody got: the worker died, or the line did. Only a report with our key tells more."""
	return SendError(
		statuses.UNKNOWN,
		send_errors.MESSAGES["send_fate_unknown"],
		channels.FAIL,
	)


def write(
	row: dict, answer: SendResult | SendError, attachment: str | None = None, media_id: str | None = None
) -> str:
	"""Write one answer; commits. Returns the message's state. `media_id`: what the provider calls the file of `attachment` now."""
	for _attempt in range(3):
		try:
			if attachment and media_id:
				kept_until = now_datetime() + timedelta(days=UPLOAD_DAYS)
				rows.update(ATTACHMENT, attachment, provider_media_id=media_id, expires_on=kept_until)
			state = _write(row.name, answer)
			frappe.db.commit()  # nosemgrep: manual-commit - what was sent stays known, whatever the next one does
			break
		except Exception as error:
			frappe.db.rollback()
			if not rows.is_passing(error):
				raise
			if isinstance(answer, SendResult) and answer.provider_id:
				_absorb_echo(row, answer.provider_id)
	else:
		frappe.log_error(title=f"Dafater inbox: the answer to message {row.name} could not be written")
		return "Sending"
	if isinstance(answer, SendResult) and answer.provider_id:
		# the person's row before messages, as everywhere
		rows.update("Dafater Contact Identity", row.identity, last_outbound_on=now_datetime())
		# a status that came before this commit was parked; look for it in a fresh snapshot
		statuses.apply_parked([keys.provider_key(row.account, answer.provider_id)])
		statuses.apply_parked_up_to(row, row.modified)
		accounts.note_sent(row.account)
		frappe.db.commit()  # nosemgrep: manual-commit - statuses that were faster than the answer
	realtime.changed(row.conversation, row.name, after_commit=False)
	return state


def _write(name: str, answer: SendResult | SendError) -> str:
	message = statuses.locked_message({"name": name})
	if message is None:
		return "Failed"
	if isinstance(answer, SendResult):
		now = now_datetime()
		if answer.status == "Sending":
			_held(message, answer)
		else:
			statuses.settle(message, StatusUpdate(message.account, answer.provider_id, "Sent", now), now)
		return message.status
	if message.status != "Sending":
		return message.status  # a status of the provider was faster, and knows better
	return _refused(message, answer)


def _held(message: dict, answer: SendResult) -> None:
	"""The provider has it and looks at it first; a report will follow."""
	if not message.provider_key and answer.provider_id:
		key = keys.provider_key(message.account, answer.provider_id)
		rows.update(MESSAGE, message.name, provider_id=answer.provider_id, provider_key=key)


def _refused(message: dict, error: SendError) -> str:
	if error.uncertain:
		frappe.logger("dafater_crm").error(f"inbox: message {message.name} is of unknown fate: {error}")
		error = lost()
	code = rows.text(error.code, 140)
	values = {"error_code": code, "error": rows.text(error.message, 500)}
	attempts = message.attempts or 1
	again = error.action == channels.RETRY and attempts < send_errors.MAX_ATTEMPTS
	again = again or (error.action == channels.LATER and attempts < MOST_LATER)
	if again:
		number = int(code.split("/")[0]) if code.split("/")[0].isdecimal() else None
		wait = send_errors.retry_after(number, attempts, error.retry_after, random.random())
		values |= {"status": "Queued", "send_after": now_datetime() + timedelta(seconds=wait)}
	else:
		values |= {"status": "Failed", "failed_on": now_datetime()}
	rows.update(MESSAGE, message.name, **values)
	statuses.heed(message, code, values["error"])
	if error.action == channels.STOP:
		accounts.stop(message.account, f"{code}: {error.message}")
	return values["status"]


def _absorb_echo(row: dict, provider_id: str) -> None:
	"""The echo of this message came before the answer and without our key: it was written as one from elsewhere. It goes."""
	key = keys.provider_key(row.account, provider_id)
	echo = frappe.db.get_value(
		MESSAGE,
		{"provider_key": key, "via_app": 1, "name": ("!=", row.name)},
		["name", "conversation"],
		as_dict=True,
	)
	if not echo:
		return
	frappe.db.delete("Dafater Message Attachment", {"message": echo.name})
	frappe.db.delete(MESSAGE, {"name": echo.name})
	conversation = frappe.qb.DocType("Dafater Conversation")
	frappe.qb.update(conversation).set(conversation.messages, conversation.messages - 1).where(
		conversation.name == echo.conversation
	).run()
