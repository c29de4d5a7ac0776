"""What became of a message that was sent, told by reports that come in any order, more than once, or not at all.

Each report fills in moments; the status follows from the moments alone. Moments only move to earlier ones, so the outcome is the
same for every order of the reports and for every repetition. The fields bear the names of Dafater Message.

	Queued, Sending  →  Sent  →  Delivered  →  Seen
	                      └──→  Failed      final after "Sent"; only proof that the message did arrive outweighs it

Who has seen a message has got it: "Seen" fills `delivered_on` and `sent_on` too where no report of their own came.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

# what a report fills in; "Failed" proves no arrival
_PROVES = {
	"Sent": ("sent_on",),
	"Delivered": ("sent_on", "delivered_on"),
	"Seen": ("sent_on", "delivered_on", "read_on"),
}
# the first that has a moment is the status
_STRONGEST_FIRST = (
	("Seen", "read_on"),
	("Delivered", "delivered_on"),
	("Failed", "failed_on"),
	("Sent", "sent_on"),
)


@dataclass(frozen=True)
class Progress:
	"""How far a message is. `error_code` and `error` belong to the first failure, and count while the status is Failed."""

	status: str = "Queued"
	sent_on: datetime | None = None
	delivered_on: datetime | None = None
	read_on: datetime | None = None
	failed_on: datetime | None = None
	error_code: str | None = None
	error: str | None = None


def merge(
	progress: Progress,
	status: str,
	happened_on: datetime,
	error_code: str | None = None,
	error: str | None = None,
) -> Progress:
	"""Return the progress after one report, whatever came before it. All moments in one time zone.

	Raises ValueError for a status that is no report (Queued, say).
	"""
	if status == "Failed":
		return _settled(_failed(progress, happened_on, error_code, error))
	if status not in _PROVES:
		raise ValueError(f"{status} is no report of a provider")
	moments = {field: _earlier(getattr(progress, field), happened_on) for field in _PROVES[status]}
	return _settled(replace(progress, **moments))


def sending_again(progress: Progress) -> Progress:
	"""Return the progress of a failed message that a person sends once more: the failure is forgotten.

	Raises ValueError while the message has not failed.
	"""
	if progress.status != "Failed":
		raise ValueError("only a failed message is sent again")
	return Progress()


def changes(before: Progress, after: Progress) -> dict[str, Any]:
	"""Return the fields that a merge changed, by name; {} where the report said nothing new."""
	old, new = asdict(before), asdict(after)
	return {field: value for field, value in new.items() if old[field] != value}


def _failed(progress: Progress, happened_on: datetime, code: str | None, error: str | None) -> Progress:
	known = (progress.failed_on or datetime.max, progress.error_code or "", progress.error or "")
	told = (happened_on, code or "", error or "")
	if told >= known:
		return progress
	return replace(progress, failed_on=happened_on, error_code=code or None, error=error or None)


def _settled(progress: Progress) -> Progress:
	status = next((name for name, field in _STRONGEST_FIRST if getattr(progress, field)), progress.status)
	return replace(progress, status=status)


def _earlier(known: datetime | None, told: datetime) -> datetime:
	return told if known is None else min(known, told)
