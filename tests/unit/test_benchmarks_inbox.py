"""The arithmetic of the inbox's benchmark, and its load against a server whose pace is known."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.inbox.load import closed_loop, open_loop, ping, rank, webhook_requests
from benchmarks.inbox.targets import checks
from dafater_crm.channels import parse
from dafater_crm.channels.reading import decode
from dafater_crm.channels.signature import is_valid


@pytest.mark.parametrize(
	("values", "part", "expected"),
	[
		([], 0.5, 0.0),
		([3.0], 0.99, 3.0),
		([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
		(list(range(1, 101)), 0.99, 99),
		(list(range(1, 201)), 0.99, 198),
		(list(range(1, 100)), 0.99, 99),
	],
)
def test_rank(values, part, expected):
	assert rank(values, part) == expected


@pytest.fixture
def server():
	"""Answers after 20 ms; the first POST takes half a second and all others wait for it."""
	lock, state = threading.Lock(), {"stalled": False}

	class Handler(BaseHTTPRequestHandler):
		protocol_version = "HTTP/1.1"

		def do_GET(self):
			time.sleep(0.02)
			self.answer()

		def do_POST(self):
			self.rfile.read(int(self.headers["Content-Length"]))
			with lock:
				if not state["stalled"]:
					state["stalled"] = True
					time.sleep(0.5)
			self.answer()

		def answer(self):
			self.send_response(200)
			self.send_header("Content-Length", "0")
			self.end_headers()

		def log_message(self, *_):
			"""Silent."""

	running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
	threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
	yield running.server_address[1]
	running.shutdown()
	running.server_close()


STEP = {"account": "1", "secret": "sesame", "people": 3, "key": "k"}


def test_a_closed_loop_counts_what_was_answered(server):
	found = closed_loop(server, "site", ping, clients=2, seconds=0.5)
	assert found["statuses"].keys() == {200}
	assert found["p50"] >= 0.02
	# two clients that wait 20 ms each cannot get more than 100 answers a second
	assert 0 < found["rate"] <= 105


def test_an_open_loop_counts_the_wait_behind_a_stall(server):
	found = open_loop(server, "site", webhook_requests(STEP), rate=100, seconds=1)
	assert found["statuses"] == {200: 100}
	assert found["p99"] > 0.4
	assert found["p50"] < found["p99"]


def test_every_delivery_is_another_one_and_signed():
	make = webhook_requests(STEP)
	events = []
	for _ in range(6):
		_method, _path, body, headers = make()
		assert is_valid("sesame", body, headers["X-Hub-Signature-256"])
		events += parse(decode(body))
	assert len({event.provider_id for event in events}) == 6
	assert len({event.sender.user_id for event in events}) == 3


def result(**changed):
	accept = {"ratio": 0.8, "half": {"p50": 0.02, "p99": 0.2}, "accepted": 10, "rows": 10, "refused": 0}
	accept["drain"] = {"rate": 150.0}
	return {
		"accept": {**accept, **changed},
		"lists": [{"view": "mine", "who": "agent", "statements": 4, "seconds": 0.05}],
	}


def missed(found):
	return [check["target"] for check in checks(found) if not check["passed"]]


def test_targets():
	assert missed(result()) == []
	assert len(checks(result())) == 7
	assert missed(result(ratio=0.69)) == ["at least 0.7 of the rate of ping"]
	assert len(missed(result(drain={"rate": 99.0}))) == 1
	assert missed(result(rows=9)) == missed(result(refused=1)) == missed(result(accepted=0, rows=0))
	assert missed(result(rows=9)) == ["every delivery that was taken is kept"]
	slow = result()
	slow["lists"] += [{"view": "all", "who": "manager", "statements": 10, "seconds": 0.2}]
	assert missed(slow) == ["fewer than 10 statements a view", "less than 200 ms a view"]
	assert checks(slow)[-1]["found"] == "200 ms (all, manager)"
	assert checks({"accept": None, "lists": []}) == []
