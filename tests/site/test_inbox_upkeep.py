"""Accounts are checked, old deliveries are forgotten, a message costs the same however much there is."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.records.inbox import events, retention
from tests.provider import payloads
from tests.site.inbox_cast import (
	ACCOUNT,
	CONVERSATION,
	EVENT,
	MESSAGE,
	drained,
	make_account,
	person,
	received,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("swept")


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"external_id": ""}, "Enter the ID"),
		({"external_id": "11 11"}, "not an ID"),
		({"graph_version": "26"}, "v26.0"),
		({"base_url": "graph.facebook.com"}, "whole address"),
		({"base_url": "http://graph.facebook.com"}, "https://"),
		({"base_url": "https://user@evil.example"}, "whole address"),
		({"app_secret": "abc"}, "too short"),
		({"recipient_interval": -1}, "negative"),
		({"channel": "E-mail"}, "e-mail account"),
	],
)
def test_an_account_says_what_is_wrong_with_it(values, words):
	with pytest.raises(frappe.ValidationError, match=words):
		make_account(**values)


def test_two_accounts_do_not_share_an_id():
	make_account()
	with pytest.raises(frappe.DuplicateEntryError):
		make_account("أخرى")
	make_account("ماسنجر", channel="Messenger")


def test_an_account_with_messages_keeps_its_name_and_is_not_deleted():
	account = make_account()
	received(payloads.whatsapp_text("1111", person(), "مرحبا"))
	with pytest.raises(frappe.ValidationError, match="keeps its name"):
		frappe.rename_doc(ACCOUNT, account.name, "اسم آخر")
	with pytest.raises(frappe.ValidationError, match="Disable it"):
		frappe.delete_doc(ACCOUNT, account.name)


def test_no_secret_is_shown():
	account = make_account()
	shown = frappe.get_doc(ACCOUNT, account.name).as_json()
	for secret in ("sesame", "open-word", "token-of-the-test"):
		assert secret not in shown


def test_old_deliveries_are_forgotten_and_failed_ones_later():
	make_account()
	for number, (status, days) in enumerate(
		[("Done", 31), ("Ignored", 31), ("Failed", 31), ("Failed", 91), ("Done", 29), ("Received", 200)]
	):
		events.keep(str(number).encode(), "واتساب الرياض", "WhatsApp", True)
		name = frappe.db.get_value(EVENT, {"body": str(number)})
		values = {"status": status, "creation": now_datetime() - timedelta(days=days)}
		frappe.db.set_value(
			EVENT, name, {**values, "retry_on": now_datetime() if status == "Received" else None}
		)
	frappe.db.commit()
	retention.run()
	assert sorted(row.body for row in rows_of(EVENT, "body")) == ["2", "4", "5"]


def test_a_conversation_takes_its_messages_along():
	make_account()
	received(payloads.whatsapp_text("1111", person(), "مرحبا"))
	(conversation,) = rows_of(CONVERSATION)
	frappe.delete_doc(CONVERSATION, conversation.name)
	frappe.db.commit()
	assert rows_of(MESSAGE) == []
	received(payloads.whatsapp_text("1111", person(), "من جديد"))
	assert len(rows_of(CONVERSATION)) == 1


def test_moments_are_those_of_the_site():
	"""The provider says 12:00 UTC; the site's clock in Riyadh shows 15:00."""
	before = frappe.db.get_single_value("System Settings", "time_zone")
	frappe.db.set_single_value("System Settings", "time_zone", "Asia/Riyadh")
	frappe.clear_cache()
	frappe.db.commit()
	try:
		make_account()
		received(payloads.whatsapp_text("1111", person(), "مرحبا", on=datetime(2026, 3, 1, 12, 0)))
		assert rows_of(MESSAGE, "message_on")[0].message_on == datetime(2026, 3, 1, 15, 0)
	finally:
		frappe.db.set_single_value("System Settings", "time_zone", before)
		frappe.clear_cache()
		frappe.db.commit()


def test_keeping_a_delivery_takes_one_statement_and_a_message_no_more_the_thousandth_time():
	make_account()
	with counted() as keeping:
		events.keep(
			payloads.encoded(payloads.whatsapp_text("1111", person(), "0")), "واتساب الرياض", "WhatsApp", True
		)
	assert len(keeping) == 1
	frappe.db.commit()
	drained()
	costs = []
	for number in (1, 30):
		for index in range(number):
			body = payloads.whatsapp_text("1111", person(), f"{number} {index}")
			events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", True)
		frappe.db.commit()
		with counted() as statements:
			events.drain()
		costs.append(len(statements) / number)
	few, many = costs
	assert many <= few, costs
	assert many <= 60, costs


def test_a_delivery_of_many_statuses_costs_a_few_statements_each():
	make_account()
	reports = [payloads.whatsapp_status(f"wamid.{number}", "sent") for number in range(50)]
	with counted() as statements:
		received(payloads.whatsapp("1111", statuses=reports))
	assert len(statements) <= 50 * 8 + 40
