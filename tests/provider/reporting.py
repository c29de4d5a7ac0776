"""The deliveries that follow a message which a business sent: statuses, receipts, and its echo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.provider.behaviour import Reports
from tests.provider.payloads import Person, event, failure, messaging, milliseconds, whatsapp, whatsapp_status

# seconds after the send at which each is said to have happened
HAPPENS_AFTER = {"sent": 0, "failed": 1, "delivered": 2, "read": 60}


def reports_of(
	reports: Reports, account: str, body: dict[str, Any], id: str, instagram: bool
) -> Iterator[dict[str, Any]]:
	"""Every delivery, in the order and as often as `reports` says."""
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	if body.get("messaging_product") == "whatsapp":
		for status in reports.statuses:
			on = now + timedelta(seconds=HAPPENS_AFTER[status])
			yield from [_status(reports, account, body, id, status, on)] * reports.copies
		return
	object, person = "instagram" if instagram else "page", Person("", user_id=body["recipient"]["id"])
	if reports.echo:
		message = {**body["message"], "mid": id, "is_echo": True, "app_id": 123}
		yield from [
			messaging(object, account, [event(account, person, now, True, message=message)], now)
		] * reports.copies
	for status in reports.statuses:
		on = now + timedelta(seconds=HAPPENS_AFTER[status])
		part = _receipt(status, id, on, instagram)
		if part:
			yield from [messaging(object, account, [event(account, person, on, **part)], on)] * reports.copies


def _status(reports: Reports, account: str, body: dict, id: str, status: str, on: datetime) -> dict[str, Any]:
	more: dict[str, Any] = {}
	if body.get("biz_opaque_callback_data"):
		more["biz_opaque_callback_data"] = body["biz_opaque_callback_data"]
	if status == "failed":
		more["errors"] = [failure(reports.failure)]
	return whatsapp(
		account, statuses=[whatsapp_status(id, status, body.get("to") or body["recipient"], on, **more)]
	)


def _receipt(status: str, id: str, on: datetime, instagram: bool) -> dict[str, Any] | None:
	if status == "delivered" and not instagram:
		return {"delivery": {"mids": [id], "watermark": milliseconds(on)}}
	if status == "read":
		return {"read": {"mid": id} if instagram else {"watermark": milliseconds(on)}}
	return None
