"""How many deliveries a second the webhook takes beside Frappe's own ping, how long they wait at half that rate, and how fast one worker
works them off."""

from __future__ import annotations

import time
from typing import Any

import frappe

from benchmarks.inbox.server import loaded, served
from benchmarks.on_site.runs import counted
from benchmarks.results import median

ACCOUNT, EVENT, MESSAGE = "Dafater Channel Account", "Dafater Channel Event", "Dafater Message"
NAME, NUMBER, SECRET = "Bench WhatsApp", "800000000000001", "bench-secret"
CLIENTS, PEOPLE = 8, 500
ROUNDS, SECONDS, WARM = 3, 6.0, 3.0
OPEN_SECONDS = 20.0
DRAIN_SECONDS = 20


def measure(site: str) -> dict[str, Any]:
	"""{"ping", "webhook": answers a second; "ratio"; "half": latencies at half the rate; "accepted", "rows"; "drain"}."""
	keep_account()
	before = frappe.db.count(EVENT, {"account": NAME})
	key = frappe.generate_hash(length=8)
	with served(site) as port:
		warm = loaded(port, site, [step("ping", key, WARM), step("webhook", f"{key}w", WARM)])
		turns = [
			step(what, f"{key}{number}", SECONDS) for number in range(ROUNDS) for what in ("ping", "webhook")
		]
		found = loaded(port, site, turns)
		rates = {
			what: median([one["rate"] for one in found[offset::2]])
			for offset, what in enumerate(("ping", "webhook"))
		}
		half = {**step("webhook", f"{key}h", OPEN_SECONDS), "rate": rates["webhook"] / 2}
		found_half = loaded(port, site, [half])[0]
	frappe.db.rollback()
	taken = [warm[1], *found[1::2], found_half]
	accepted = sum(one["statuses"].get("200", 0) for one in taken)
	refused = sum(sum(one["statuses"].values()) for one in taken) - accepted
	rows = frappe.db.count(EVENT, {"account": NAME}) - before
	return {
		**rates,
		"ratio": rates["webhook"] / rates["ping"],
		"half": {"asked": half["rate"], **found_half},
		"accepted": accepted,
		"refused": refused,
		"rows": rows,
		"drain": drain(),
	}


def step(what: str, key: str, seconds: float) -> dict[str, Any]:
	"""One step of a plan for `load.py`."""
	more = {"clients": CLIENTS, "account": NUMBER, "secret": SECRET, "people": PEOPLE}
	return {"what": what, "key": key, "seconds": seconds, **more}


def drain() -> dict[str, Any]:
	"""One worker for a while: messages written a second, seconds of its processor and statements for each."""
	from dafater_crm.records.inbox import events

	before = frappe.db.count(MESSAGE, {"account": NAME})
	with counted() as statements:
		started, busy = time.monotonic(), time.process_time()
		events.drain(DRAIN_SECONDS)
		seconds, busy = time.monotonic() - started, time.process_time() - busy
	number = statements[0]
	written = frappe.db.count(MESSAGE, {"account": NAME}) - before
	return {
		"messages": written,
		"seconds": seconds,
		"rate": written / seconds,
		"processor": busy / max(written, 1),
		"statements": number / max(written, 1),
	}


def keep_account() -> None:
	if frappe.db.exists(ACCOUNT, NAME):
		return
	frappe.get_doc(
		{
			"doctype": ACCOUNT,
			"account_name": NAME,
			"channel": "WhatsApp",
			"enabled": 1,
			"sandbox": 1,
			"external_id": NUMBER,
			"base_url": "http://127.0.0.1:9",
			"access_token": "token",
			"app_secret": SECRET,
			"verify_token": SECRET,
			"lead_rule": "Never",
		}
	).insert()
	frappe.db.commit()
