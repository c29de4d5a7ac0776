from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dafater_crm.domain.bots import bursts, is_bot

SENT = datetime(2026, 3, 1, 9, 0, 0)
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605"


@pytest.mark.parametrize(
	("values", "expected"),
	[
		({"method": "HEAD"}, True),
		({"method": " head "}, True),
		({"method": "GET", "user_agent": SAFARI}, False),
		({"user_agent": "Googlebot/2.1"}, True),
		({"user_agent": "python-requests/2.31"}, True),
		({"user_agent": "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"}, True),
		({"happened_on": SENT + timedelta(seconds=29), "sent_on": SENT}, True),
		({"happened_on": SENT + timedelta(seconds=30), "sent_on": SENT}, False),
		({"happened_on": SENT - timedelta(seconds=1), "sent_on": SENT}, False),
		({"happened_on": SENT}, False),
		({}, False),
	],
)
def test_traces_of_machines(values, expected):
	assert is_bot(**values) is expected


def clicks(*seconds: float) -> list[tuple[str, datetime]]:
	return [(str(second), SENT + timedelta(seconds=second)) for second in seconds]


def test_more_than_five_clicks_in_ten_seconds_are_a_scanner():
	assert bursts(clicks(0, 1, 2, 3, 4)) == set()
	assert bursts(clicks(0, 1, 2, 3, 4, 10)) == {"0", "1", "2", "3", "4", "10"}
	assert bursts(clicks(0, 3, 6, 9, 12, 15)) == set()
	assert bursts(clicks(100, 0, 1, 2, 3, 4, 5)) == {"0", "1", "2", "3", "4", "5"}
	assert bursts([]) == set()
