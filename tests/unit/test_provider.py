"""The provider that the inbox is tested with: what it delivers and refuses has to be right itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dafater_crm.channels import parse, send
from dafater_crm.channels.signature import HEADER, is_valid
from dafater_crm.domain.channels import AccountConfig, OutboundMessage, Sender
from tests.provider.behaviour import Reports
from tests.provider.delivery import Webhook
from tests.provider.payloads import Person, encoded, whatsapp_text
from tests.provider.server import ProviderServer

SARA = Person("سارة", "+966500000001")


class Receiver:
	"""A receiver that keeps what it got and answers as told."""

	def __init__(self):
		self.got, self.answers, lock = [], [], threading.Lock()
		receiver = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self):
				body = self.rfile.read(int(self.headers["Content-Length"]))
				with lock:
					receiver.got.append((body, dict(self.headers)))
					status = receiver.answers.pop(0) if receiver.answers else 200
				self.send_response(status)
				self.send_header("Content-Length", "0")
				self.end_headers()

			def log_message(self, *_):
				"""Silent."""

		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
		self.webhook = Webhook(
			f"http://127.0.0.1:{self.server.server_address[1]}/", "sesame", {"Host": "site.test"}
		)

	@property
	def events(self):
		return [event for body, _ in self.got for event in parse(json.loads(body))]


@pytest.fixture
def receiver():
	found = Receiver()
	yield found
	found.server.shutdown()
	found.server.server_close()


def test_deliveries_are_signed_over_their_bytes(receiver):
	assert receiver.webhook.deliver(whatsapp_text("1", SARA, "مرحبا /")).status == 200
	body, headers = receiver.got[0]
	assert b"\\u0645" in body
	assert b"\\/" in body
	assert is_valid("sesame", body, headers[HEADER])
	assert headers["Host"] == "site.test"


def test_wrong_and_missing_signatures(receiver):
	receiver.webhook.deliver(whatsapp_text("1", SARA, "x"), signature="sha256=00")
	receiver.webhook.deliver(whatsapp_text("1", SARA, "x"), signature=None)
	assert receiver.got[0][1][HEADER] == "sha256=00"
	assert HEADER not in receiver.got[1][1]


def test_copies_out_of_order_and_at_once(receiver):
	bodies = [whatsapp_text("1", SARA, str(number), id=f"w{number}") for number in range(10)]
	answers = receiver.webhook.deliver_all(bodies, parallel=4, copies=3, shuffled=7)
	assert [answer.status for answer in answers] == [200] * 30
	ids = [event.provider_id for event in receiver.events]
	assert sorted(ids) == sorted([f"w{number}" for number in range(10)] * 3)
	assert ids != sorted(ids)


def test_a_refused_delivery_comes_again(receiver):
	receiver.answers = [500, 503]
	assert receiver.webhook.deliver_until_taken(whatsapp_text("1", SARA, "x"), pause=0.01).status == 200
	assert len({body for body, _ in receiver.got}) == 1
	assert len(receiver.got) == 3


def account(provider, channel="WhatsApp", id="1111"):
	return AccountConfig(channel, id, "token", provider.url, "v26.0", timeout=(2.0, 2.0))


def test_reports_follow_a_send_as_told(receiver):
	reports = Reports(("read", "sent", "delivered"), copies=2)
	with ProviderServer(receiver.webhook, reports=reports) as provider:
		result = send(
			account(provider), OutboundMessage(Sender(phone="+966500000001"), "Text", "x", our_key="k")
		)
	assert [event.status for event in receiver.events] == [
		"Seen",
		"Seen",
		"Sent",
		"Sent",
		"Delivered",
		"Delivered",
	]
	assert {(event.provider_id, event.our_key) for event in receiver.events} == {(result.provider_id, "k")}


def test_a_report_may_be_faster_than_the_answer(receiver):
	with ProviderServer(receiver.webhook, reports=Reports(("failed",), before_answer=True)) as provider:
		send(account(provider), OutboundMessage(Sender(phone="+966500000001"), "Text", "x"))
		assert [(event.status, event.error_code) for event in receiver.events] == [("Failed", "131026")]


def test_messenger_echoes_with_our_key_and_reads_up_to_a_watermark(receiver):
	with ProviderServer(receiver.webhook, reports=Reports(("delivered", "read"))) as provider:
		result = send(
			account(provider, "Messenger", "PAGE"), OutboundMessage(Sender("P"), "Text", "x", our_key="k")
		)
	echo, delivered, seen = receiver.events
	assert (echo.is_echo, echo.provider_id, echo.our_key, echo.sender.user_id) == (
		True,
		result.provider_id,
		"k",
		"P",
	)
	assert (delivered.provider_id, delivered.status) == (result.provider_id, "Delivered")
	assert (seen.provider_id, seen.status, seen.watermark is not None) == (None, "Seen", True)


def test_instagram_reads_by_id(receiver):
	with ProviderServer(
		receiver.webhook, reports=Reports(("read",), echo=False), instagram=("IG",)
	) as provider:
		result = send(account(provider, "Instagram", "IG"), OutboundMessage(Sender("P"), "Text", "x"))
	assert json.loads(receiver.got[0][0])["object"] == "instagram"
	assert receiver.events[0].provider_id == result.provider_id


def test_it_runs_as_a_program_and_is_controlled_over_http(receiver):
	root = Path(__file__).parents[2]
	command = [
		sys.executable,
		"-m",
		"tests.provider",
		"--port",
		"0",
		"--webhook",
		receiver.webhook.url,
		"--seconds",
		"60",
	]
	env = {**os.environ, "PYTHONPATH": str(root)}
	with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env=env) as program:
		try:
			url = program.stdout.readline().strip()
			assert control(url, "deliver", whatsapp_text("1", SARA, "مرحبا"))["status"] == 200
			assert receiver.events[0].text == "مرحبا"
			control(url, "turns", {"kind": "messages", "error": 131056, "status": 400})
			config = AccountConfig("WhatsApp", "1", "token", url, "v26.0")
			with pytest.raises(Exception, match="131056"):
				send(config, OutboundMessage(Sender(phone="+966500000001"), "Text", "x"))
			assert [each["status"] for each in control(url, "requests")["requests"]] == [400]
		finally:
			program.terminate()


def control(url, what, given=None):
	data = None if given is None else encoded(given)
	with urllib.request.urlopen(f"{url}/_control/{what}", data=data, timeout=10) as answer:
		return json.loads(answer.read())
