"""Messenger and Instagram bring an id alone: the provider is asked for the name, once a person."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils.background_jobs import get_job

from dafater_crm.records.inbox import names
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	IDENTITY,
	make_account,
	now_utc,
	provider,  # noqa: F401
	received,
	rows_of,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")


def written(provider, channel: str, text: str = "مرحبا") -> str:  # noqa: F811
	name = f"حساب {channel}"
	if not frappe.db.exists("Dafater Channel Account", name):
		make_account(name, channel=channel, external_id="2001", base_url=provider.url, sandbox=1)
	write = payloads.messenger_text if channel == "Messenger" else payloads.instagram_text
	received(write("2001", payloads.Person("", user_id="7001"), text, on=now_utc()), name, channel)
	(identity,) = rows_of(IDENTITY)
	return identity.name


@pytest.mark.parametrize(
	("channel", "profile", "name"),
	[
		("Messenger", {"first_name": "عمر", "last_name": "العلي"}, "عمر العلي"),
		("Instagram", {"name": "ريم", "username": "reem"}, "ريم"),
		("Instagram", {"username": "reem"}, "reem"),
	],
)
def test_a_new_person_gets_the_name_that_the_provider_tells(provider, channel, profile, name):  # noqa: F811
	person = written(provider, channel)
	job = get_job(f"dafater-inbox-name-{person}-0")
	assert job.kwargs["method"] == names.ASK and job.kwargs["kwargs"] == {"person": person}
	job.delete()
	assert [row.title for row in rows_of(CONVERSATION, "title")] == ["7001"]
	provider.profiles = {"7001": profile}
	assert names.ask(person) == name
	assert [row.display_name for row in rows_of(IDENTITY, "display_name")] == [name]
	assert [row.title for row in rows_of(CONVERSATION, "title")] == [name]
	assert names.ask(person) is None  # asked once
	written(provider, channel, "مرة أخرى")
	assert get_job(f"dafater-inbox-name-{person}-0") is None


def test_a_person_who_hides_the_name_stays_known_by_the_id(provider):  # noqa: F811
	person = written(provider, "Messenger")
	assert names.ask(person) is None
	assert [row.title for row in rows_of(CONVERSATION, "title")] == ["7001"]
	get_job(f"dafater-inbox-name-{person}-0").delete()
