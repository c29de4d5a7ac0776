"""Whether a mail was opened or a link clicked by a person or by a machine.

Mail scanners and privacy proxies fetch pictures and follow links by themselves. Their traces: a HEAD request, a fetch
within seconds of sending, many links at once, a robot's user agent. A machine's event gives no points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

AFTER_SENDING = timedelta(seconds=30)
BURST, BURST_WINDOW = 5, timedelta(seconds=10)
# words that crawlers, scanners and HTTP libraries put into their user agent
_ROBOT = re.compile(
	r"bot\b|bot/|crawl|spider|slurp|preview|scan|proxy|curl/|wget/|python-|go-http|java/|okhttp|headless|monitor"
	r"|barracuda|mimecast|proofpoint|safelinks|facebookexternalhit",
	re.IGNORECASE,
)


def is_bot(
	method: str | None = None,
	user_agent: str | None = None,
	happened_on: datetime | None = None,
	sent_on: datetime | None = None,
) -> bool:
	"""Tell by a single event. What is unknown is None and proves nothing, nor does a moment before the sending."""
	if (method or "").strip().upper() == "HEAD" or _ROBOT.search(user_agent or ""):
		return True
	if not (happened_on and sent_on):
		return False
	return timedelta(0) <= happened_on - sent_on < AFTER_SENDING


def bursts(events: Iterable[tuple[str, datetime]]) -> set[str]:
	"""Keys of events that belong to more than BURST within BURST_WINDOW. `events`: (key, moment) of one lead."""
	ordered = sorted(events, key=lambda event: event[1])
	found: set[str] = set()
	first = 0
	for last, (_key, moment) in enumerate(ordered):
		while moment - ordered[first][1] > BURST_WINDOW:
			first += 1
		if last - first + 1 > BURST:
			found.update(key for key, _moment in ordered[first : last + 1])
	return found
