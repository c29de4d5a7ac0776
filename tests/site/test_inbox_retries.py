"""The provider's whole table of errors: what is tried again and when, what stops the account, what is never tried again."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

import socket

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.domain import send_errors
from tests.site.inbox_cast import (
	ACCOUNT,
	MESSAGE,
	conversing,
	provider,  # noqa: F401
	queue,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
NAME = "واتساب الرياض"
PASSING = (1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133016)
STOPPING = (0, 3, 10, 190, 200, 299, 368, 131031, 131042, 131045, 130497, 131048, 131064)
NEVER = (
	*(100, 130472, 131005, 131008, 131009, 131021, 131026, 131030, 131037, 131047, 131050, 131051, 131052),
	*(131053, 131062, 131063, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068),
	*(132069, 137000, 999999),
)


@pytest.fixture
def conversation(swept, provider) -> str:
	return conversing(provider)


@pytest.mark.parametrize(
	("error", "status"), [*((code, None) for code in PASSING), (None, 429), (None, 500), (None, 503)]
)
def test_what_passes_is_tried_again_later_and_sent_once(provider, conversation, error, status):
	provider.fail("messages", error, **({"status": status} if status else {}))
	message = queue(conversation)
	assert send() == {"Queued": 1}
	row = stored(message)
	code = str(error) if error else f"http {status}"
	assert (row.status, row.error_code, row.attempts) == ("Queued", code, 1)
	least = send_errors.retry_after(error, 1)
	assert least - 1 <= (row.send_after - row.modified).total_seconds() <= least * 1.2 + 1
	assert send() == {}
	assert send(hurry=True) == {"Sent": 1}
	row = stored(message)
	assert (row.status, row.error_code, row.error, row.attempts) == ("Sent", None, None, 2)
	assert len(provider.sent) == 1


def test_a_provider_that_nobody_reaches_is_tried_again(provider, conversation):
	with socket.socket() as nobody:
		nobody.bind(("127.0.0.1", 0))
		frappe.get_doc(ACCOUNT, NAME).update(
			{"base_url": f"http://127.0.0.1:{nobody.getsockname()[1]}"}
		).save()
		message = queue(conversation)
		assert send() == {"Queued": 1}
	assert stored(message).error_code == "network"
	frappe.get_doc(ACCOUNT, NAME).update({"base_url": provider.url}).save()
	assert send(hurry=True) == {"Sent": 1}
	assert len(provider.sent) == 1


@pytest.mark.parametrize(("code", "waits"), [(131056, (4, 16, 64, 256)), (131000, (5, 10, 20, 40))])
def test_the_waits_grow(provider, conversation, code, waits):
	provider.fail("messages", code, times=len(waits))
	message = queue(conversation)
	for least in waits:
		assert send(hurry=True) == {"Queued": 1}
		row = stored(message)
		assert least - 1 <= (row.send_after - row.modified).total_seconds() <= least * 1.2 + 1, least
	assert send(hurry=True) == {"Sent": 1}


def test_what_does_not_pass_fails_at_once_and_is_not_tried_again(provider, conversation):
	for code in NEVER:
		provider.fail("messages", code)
		message = queue(conversation, str(code))
		assert send() == {"Failed": 1}, code
		row = stored(message)
		assert (row.status, row.error_code) == ("Failed", str(code)) and row.failed_on
		assert send(hurry=True) == {}, code
	assert provider.sent == []
	assert frappe.db.get_value(ACCOUNT, NAME, "health") != "Stopped"


def test_what_stops_an_account(provider, conversation):
	for code in STOPPING:
		provider.fail("messages", code)
		message = queue(conversation, str(code))
		assert send() == {"Failed": 1}, code
		assert stored(message).error_code == str(code)
		assert frappe.db.get_value(ACCOUNT, NAME, "health") == "Stopped", code
		# somebody put it right
		frappe.get_doc(ACCOUNT, NAME).update({"access_token": "token-of-the-test"}).save()
	assert provider.sent == []
	assert {row.status for row in rows_of(MESSAGE, "status", direction="Outgoing")} == {"Failed"}


def test_what_the_provider_wants_later_waits_a_day(provider, conversation):
	provider.fail("messages", 131049)
	row = stored(queue(conversation))
	send()
	assert (stored(row.name).send_after - now_datetime()).total_seconds() >= 86_000
