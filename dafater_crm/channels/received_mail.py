"""A mail that Frappe has received and stored, as a message of the inbox. Reads the Communication it is given, nothing else."""

from __future__ import annotations

from datetime import timezone
from zoneinfo import ZoneInfo

from email_reply_parser import EmailReplyParser
from frappe.core.utils import html2text
from frappe.utils import get_datetime, get_system_timezone

from dafater_crm.domain.channels import InboundMessage, Sender

LONGEST = 50_000


def message_of(account: str, communication, address: str) -> InboundMessage:
	"""Return the event of a stored mail. `address`: of the sender, in its one spelling."""
	return InboundMessage(
		account_id=account,
		provider_id=communication.message_id or communication.name,
		sender=Sender(user_id=address, name=(communication.sender_full_name or "").strip()),
		message_on=_in_utc(communication.communication_date),
		message_type="Text",
		text=written(communication.get("text_content"), communication.content),
		content={"subject": communication.subject} if communication.subject else {},
	)


def written(plain: str | None, html: str | None) -> str:
	"""What the person wrote, as plain text without the quoted mail below; the whole text where nothing else would remain."""
	text = (plain or "").strip() or html2text(html or "").strip()
	return (EmailReplyParser.parse_reply(text).strip() or text)[:LONGEST]


def _in_utc(moment):
	local = get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))
	return local.astimezone(timezone.utc).replace(tzinfo=None)
