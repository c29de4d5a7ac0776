"""SMS through the gateway of Frappe's SMS Settings."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.channels import send
from dafater_crm.domain.channels import AccountConfig, OutboundMessage, Sender, SendError, SendResult
from tests.provider.gateway import SmsGateway

ACCOUNT = AccountConfig("SMS", "")
MESSAGE = OutboundMessage(Sender(phone="+966551234567"), "Text", "موعدك غدًا")


@pytest.fixture
def gateway():
	with SmsGateway() as running:
		settings = frappe.get_doc("SMS Settings")
		settings.update(
			{
				"sms_gateway_url": running.url,
				"message_parameter": "text",
				"receiver_parameter": "to",
				"use_post": 1,
				"parameters": [],
			}
		)
		settings.append("parameters", {"parameter": "sender", "value": "DAFATER"})
		settings.save()
		yield running


def refused(message=MESSAGE) -> SendError:
	with pytest.raises(SendError) as error:
		send(ACCOUNT, message)
	return error.value


def test_a_text_reaches_the_gateway_and_the_log(gateway):
	assert send(ACCOUNT, MESSAGE) == SendResult(None)
	assert gateway.received == [{"to": "+966551234567", "text": "موعدك غدًا", "sender": "DAFATER"}]
	assert frappe.db.count("SMS Log", {"sent_to": "+966551234567", "message": "موعدك غدًا"}) == 1


@pytest.mark.parametrize(
	("status", "code", "action"),
	[
		(503, "http 503", "retry"),
		(429, "http 429", "retry"),
		(401, "http 401", "stop"),
		(400, "http 400", "fail"),
	],
)
def test_what_the_gateway_refuses(gateway, status, code, action):
	gateway.status = status
	error = refused()
	assert (error.code, error.action) == (code, action)
	assert frappe.db.count("SMS Log", {"sent_to": "+966551234567"}) == 0


def test_an_answer_that_is_no_success_is_none(gateway):
	send(ACCOUNT, MESSAGE)
	gateway.status = 304
	assert (refused().code, refused().action) == ("gateway", "fail")


def test_without_gateway_or_with_a_dead_one(gateway):
	gateway.close()
	error = refused()
	assert (error.code, error.action) == ("network", "retry")
	frappe.db.set_single_value("SMS Settings", "sms_gateway_url", "")
	error = refused()
	assert (error.code, error.action) == ("sms_settings", "stop")


@pytest.mark.parametrize(
	("message", "code"),
	[
		(OutboundMessage(Sender(), "Text", "x"), "incomplete"),
		(OutboundMessage(MESSAGE.to, "Image", "x"), "kind"),
		(OutboundMessage(MESSAGE.to, "Text", "x" * 1531), "message_too_long"),
	],
)
def test_what_is_no_sms(gateway, message, code):
	assert refused(message).code == code
	assert gateway.received == []
