"""Deliver the day: python -m tests.provider.demo SITE URL, for example dafater.localhost http://127.0.0.1:8000.

Makes (or brings up to date) three channel accounts in sandbox mode, delivers every message through the webhook in the order of time,
several people at once and some deliveries twice, serves the files, and checks that the site has each message once.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import random
import secrets
import sys
import time
from collections import Counter
from datetime import datetime, timezone
from typing import Any

from tests.provider.behaviour import Reports
from tests.provider.delivery import Webhook
from tests.provider.demo import files
from tests.provider.demo.day import Accounts, Step, steps
from tests.provider.demo.site import Site, SiteError
from tests.provider.server import ProviderServer

ACCOUNT, MESSAGE, EVENT = "Dafater Channel Account", "Dafater Message", "Dafater Channel Event"
ATTACHMENT, CONVERSATION = "Dafater Message Attachment", "Dafater Conversation"
WEBHOOK = "/api/method/dafater_crm.api.webhook.receive"
NAMES = {"WhatsApp": "Demo WhatsApp", "Messenger": "Demo Messenger", "Instagram": "Demo Instagram"}
TWICE = 0.1
PARALLEL = 4


def main(arguments: list[str]) -> int:
	options = parser().parse_args(arguments)
	site, accounts, secret = Site(options.url, options.site), Accounts(), secrets.token_hex(16)
	webhook = Webhook(site.url + WEBHOOK, secret, {"Host": options.site})
	reports = Reports(("sent", "delivered", "read"), delay=0.3)
	try:
		with ProviderServer(
			webhook, instagram=(accounts.instagram,), reports=reports, port=options.port, run=secret[:8]
		) as provider:
			site.log_in(options.user, options.password)
			keep_accounts(site, provider.url, accounts, secret)
			before = site.count(MESSAGE, {"account": ["in", list(NAMES.values())]})
			day = steps(datetime.now(timezone.utc).replace(tzinfo=None), accounts, keeper(provider))
			provider.profiles = {step.person.user_id: {"name": step.person.name} for step in day}
			deliver(webhook, day)
			passed = settled(site, before + sum(step.message for step in day), options.wait)
			if passed and options.answers:
				passed = answer(site, provider, options.answers, options.wait)
	except SiteError as error:
		print(error)
		return 1
	return 0 if passed else 1


def parser() -> argparse.ArgumentParser:
	found = argparse.ArgumentParser(prog="python -m tests.provider.demo", description=__doc__.split("\n")[0])
	found.add_argument("site", help="name of the site, for the Host header")
	found.add_argument("url", help="where the server answers")
	found.add_argument("--user", default="Administrator")
	found.add_argument("--password", default="admin")
	found.add_argument("--port", type=int, default=0, help="port of the provider; 0: any")
	found.add_argument("--wait", type=float, default=120, help="seconds for the workers to catch up")
	found.add_argument(
		"--answers", type=int, default=3, help="conversations to answer through the site at the end"
	)
	return found


def keep_accounts(site: Site, provider_url: str, accounts: Accounts, secret: str) -> None:
	for channel, name in NAMES.items():
		values = {
			"account_name": name,
			"channel": channel,
			"enabled": 1,
			"sandbox": 1,
			"external_id": accounts.of(channel),
			"business_account_id": "700000000000000" if channel == "WhatsApp" else "",
			"base_url": provider_url,
			"graph_version": "v26.0",
			"access_token": "token",
			"app_secret": secret,
			"verify_token": secret,
		}
		site.keep(ACCOUNT, "account_name", values)


def keeper(provider: ProviderServer):
	"""Files of the day, kept by the provider."""

	def file_of(kind: str, words: str) -> dict[str, Any]:
		seed = len(provider.script.files) + 1
		makers = {
			"image": (lambda: files.picture(seed), "image/png"),
			"pdf": (lambda: files.document(f"Quotation {seed}"), "application/pdf"),
			"voice": (lambda: files.sound(1.0, 300 + 40 * seed), "audio/x-wav"),
		}
		make, mime_type = makers[kind]
		content = make()
		media_id = provider.add_file(content, mime_type)
		digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
		return {"id": media_id, "mime_type": mime_type, "sha256": digest, "url": provider.file_url(media_id)}

	return file_of


def deliver(webhook: Webhook, day: list[Step]) -> None:
	"""In the order of time within a person, several people at once, one in ten twice."""
	by_person: dict[str, list[Step]] = {}
	for step in day:
		by_person.setdefault(step.person.user_id, []).append(step)
	drawn, rounds = random.Random(7), max(map(len, by_person.values()))
	answers: Counter[int] = Counter()
	started = time.monotonic()
	for number in range(rounds):
		bodies = [mine[number].body for mine in by_person.values() if number < len(mine)]
		bodies += [body for body in bodies if drawn.random() < TWICE]
		answers.update(answer.status for answer in webhook.deliver_all(bodies, parallel=PARALLEL))
	seconds = time.monotonic() - started
	told = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))
	print(f"{len(by_person)} people, {sum(answers.values())} deliveries in {seconds:.1f} s: {told}")
	if set(answers) != {200}:
		raise SiteError("the webhook did not take every delivery")


def settled(site: Site, wanted: int, wait: float) -> bool:
	"""Wait until every delivery was worked off and no file is waited for; check that each message is there once."""
	until, accounts = time.monotonic() + wait, ["in", list(NAMES.values())]
	names = f"{len(NAMES)} accounts"
	while True:
		waiting = site.count(EVENT, {"account": accounts, "status": ["in", ["Received", "Failed"]]})
		pending = site.count(ATTACHMENT, {"status": "Pending"})
		if not (waiting or pending) or time.monotonic() > until:
			break
		time.sleep(1)
	found = site.count(MESSAGE, {"account": accounts})
	if waiting or pending:
		print(
			f"after {wait:.0f} s {waiting} deliveries and {pending} files still wait: do a worker and the scheduler run?"
		)
	print(
		f"{names}: {found} messages on the site, {wanted} expected, {site.count(CONVERSATION, {'account': accounts})} conversations"
	)
	return not waiting and not pending and found == wanted


def answer(site: Site, provider: ProviderServer, number: int, wait: float) -> bool:
	"""Answer some conversations through the site and wait until the reports came back."""
	path = f"/api/resource/{CONVERSATION}".replace(" ", "%20")
	open_ones = {
		"account": ["in", list(NAMES.values())],
		"last_direction": "Incoming",
		"status": ["!=", "Resolved"],
	}
	rows = site.get(
		path, filters=open_ones, fields=["name"], order_by="last_message_on desc", limit_page_length=number
	)
	names = []
	for row in rows:
		values = {
			"conversation": row["name"],
			"text": "تم استلام رسالتك، وسنعود إليك خلال ساعة.",
			"client_key": secrets.token_hex(16),
		}
		names.append(site.post("/api/method/dafater_crm.api.inbox_send.send", values)["message"])
	until, seen = time.monotonic() + wait, 0
	while names and seen < len(names) and time.monotonic() < until:
		time.sleep(1)
		seen = site.count(MESSAGE, {"name": ["in", names], "status": "Seen"})
	provider.settle()
	print(f"{len(names)} answers sent, {seen} seen")
	return seen == len(names)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
