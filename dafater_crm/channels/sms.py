"""SMS through the gateway of Frappe's own SMS Settings, so that a site has one place for it. Needs Frappe."""

from __future__ import annotations

import frappe
import requests
from frappe.core.doctype.sms_settings.sms_settings import send_sms

from dafater_crm.channels.outgoing import checked, required
from dafater_crm.domain.channels import (
	FAIL,
	RETRY,
	SMS,
	STOP,
	AccountConfig,
	OutboundMessage,
	SendError,
	SendResult,
)
from dafater_crm.domain.send_errors import action_for

LOG = "SMS Log"


def send(account: AccountConfig, message: OutboundMessage) -> SendResult:
	"""Send one text. Raises SendError.

	A gateway answers with an HTTP status alone: there is no id, and no report of delivery. Frappe writes a row of SMS Log for what the
	gateway took, and only that tells a success from an answer like 302, which it passes over.
	"""
	phone = required(message.to.phone, "the message has no phone number")
	if message.kind != "Text":
		raise SendError("kind", f"{message.kind} cannot be sent by SMS", FAIL)
	written = checked(SMS, message).text
	if not frappe.db.get_single_value("SMS Settings", "sms_gateway_url"):
		raise SendError("sms_settings", "no gateway is set up in SMS Settings", STOP)
	started = frappe.utils.now()
	try:
		send_sms([phone], written, success_msg=False)
	except requests.HTTPError as error:
		status = error.response.status_code
		raise SendError(
			f"http {status}", "the gateway refused the message", action_for(None, status)
		) from None
	except requests.ConnectionError:
		raise SendError("network", "the gateway does not answer", RETRY) from None
	except requests.RequestException as error:
		raise SendError("request", type(error).__name__, FAIL) from None
	if not frappe.db.exists(LOG, {"modified": (">=", started), "sent_to": phone}):
		raise SendError("gateway", "the gateway did not confirm the message", FAIL)
	return SendResult(None)
