"""Where messaging providers deliver: /api/method/dafater_crm.api.webhook.receive, one address for every account.

Open to everyone, since providers do not log in; the signature is the permission. It is made over the bytes as they came, with the
secret of the account's app, and is checked before anything is written. What is authentic is kept in one statement and answered at
once; jobs do the rest (`records.inbox.events`).
"""

from __future__ import annotations

import json

import frappe
from werkzeug.wrappers import Request, Response

from dafater_crm import channels
from dafater_crm.channels import signature
from dafater_crm.domain.channels import INSTAGRAM, MESSENGER, WHATSAPP
from dafater_crm.records.inbox import accounts, events

MAX_BYTES = 4 * 1024 * 1024
PATH = "/dafater_crm.api.webhook.receive"
LONGEST_CHALLENGE = 500
CHANNELS = (WHATSAPP, MESSENGER, INSTAGRAM)


# A limit would throw away what the provider delivers in a burst; without a valid signature a request costs one read of Redis.
@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])  # nosemgrep: relaxed-guest-method - see above
def receive() -> Response:
	"""GET: prove to the provider that the address is ours. POST: take a delivery.

	Answers in plain text. POST: 200 kept (or known already), 400 no JSON object, 403 no valid signature, 413 above 4 MB, 415 not JSON,
	422 of no provider that we know. Permission: the signature.
	"""
	return _verify() if frappe.request.method == "GET" else _deliver()


def after_request(response: Response | None = None, request: Request | None = None) -> None:
	"""Hook: Frappe reads the JSON of every request before we are asked, and answers 500 where it is none. A delivery gets a 400."""
	if response is None or request is None or response.status_code != 500 or not request.path.endswith(PATH):
		return
	try:
		_read(request.get_data())
	except ValueError:
		response.status_code = 400
		response.set_data("Not JSON")
		response.content_type = "text/plain; charset=utf-8"


def _read(raw: bytes) -> object:
	"""The JSON of a delivery. Raises ValueError where it is none, or not in UTF-8, which alone can be kept as it came."""
	try:
		return json.loads(raw.decode("utf-8"))
	except RecursionError as error:
		raise ValueError("too deep") from error


def _verify() -> Response:
	"""The provider's question when the webhook is set up: give back its challenge if the word is one of our accounts'."""
	asked = frappe.request.args
	challenge = asked.get("hub.challenge", "")
	words = [
		accounts.verify_token(row.name)
		for channel in CHANNELS
		for row in accounts.of_channel(channel)
		if row.enabled
	]
	asks = signature.is_verification(asked.get("hub.mode"), asked.get("hub.verify_token"), words)
	if not asks or len(challenge) > LONGEST_CHALLENGE:
		return _answer(403, "Forbidden")
	return _answer(200, challenge)


def _deliver() -> Response:
	raw = frappe.request.get_data()
	if len(raw) > MAX_BYTES:
		return _answer(413, "Too large")
	if frappe.request.mimetype != "application/json":
		return _answer(415, "Send JSON")
	try:
		body = _read(raw)
	except ValueError:
		return _answer(400, "Not JSON")
	if not isinstance(body, dict):
		return _answer(400, "Not an object")
	channel = channels.channel_of(body)
	if not channel:
		return _answer(422, "Unknown object")
	account = signed_for(channel, raw, [*channels.account_ids(body), *channels.business_ids(body)])
	if not account:
		return _answer(403, "Forbidden")
	events.keep(raw, account.name, channel, bool(account.enabled))
	return _answer(200, "OK")


def signed_for(channel: str, raw: bytes, ids: list[str]) -> dict | None:
	"""The account with whose secret these bytes are signed, None without one: an account without a secret takes nothing.

	Of the accounts that the delivery names; where it names none of ours, of the channel's: it is authentic all the same, is kept as
	ignored, and the provider stops repeating it.
	"""
	header = frappe.request.headers.get(signature.HEADER)
	known = accounts.for_delivery(channel)
	named = accounts.named(known, ids)
	signed = [row for row in named or known if signature.is_valid(accounts.unsealed(row), raw, header)]
	if not signed:
		return None
	account = next((row for row in signed if row.enabled), signed[0])
	return account if named else frappe._dict(account, enabled=0)


def _answer(status: int, text: str) -> Response:
	response = Response(text, status=status, content_type="text/plain; charset=utf-8")
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Cache-Control"] = "no-store"
	return response
