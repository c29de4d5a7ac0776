"""Run the provider as a program, for the desk and for browser tests:

	python -m tests.provider --port 9900 --webhook http://site:8000/api/method/dafater_crm.api.webhook.receive --secret sesame

Then enter http://127.0.0.1:9900 as the base address of a channel account in sandbox mode, and "token" as its access token.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import threading

from tests.provider.behaviour import Reports
from tests.provider.delivery import Webhook
from tests.provider.server import ProviderServer


def main(arguments: list[str]) -> int:
	options = parser().parse_args(arguments)
	headers = {"Host": options.host} if options.host else {}
	webhook = Webhook(options.webhook, options.secret, headers) if options.webhook else None
	statuses = tuple(filter(None, options.reports.split(",")))
	reports = Reports(statuses, copies=options.copies, delay=options.delay)
	instagram = tuple(filter(None, options.instagram.split(",")))
	run = secrets.token_hex(4)
	with ProviderServer(webhook, options.token, reports, instagram, options.port, run) as provider:
		print(provider.url, flush=True)
		try:
			threading.Event().wait(options.seconds)
		except KeyboardInterrupt:
			return 0
	return 0


def parser() -> argparse.ArgumentParser:
	found = argparse.ArgumentParser(
		prog="python -m tests.provider", description="A messaging provider to test with."
	)
	found.add_argument("--port", type=int, default=9900)
	found.add_argument("--webhook", default="", help="where statuses and echoes are delivered")
	found.add_argument("--host", default="", help="Host header of deliveries: the site of a bench")
	found.add_argument("--secret", default="sesame", help="signs deliveries: the account's app secret")
	found.add_argument("--token", default="token", help="what the account's access token must be")
	found.add_argument("--reports", default="sent,delivered,read", help="which follow a send, in this order")
	found.add_argument("--copies", type=int, default=1, help="so many of each")
	found.add_argument("--delay", type=float, default=0.5, help="seconds before each")
	found.add_argument("--instagram", default="", help="ids of accounts that are Instagram's")
	found.add_argument("--seconds", type=float, default=None, help="stop by itself after so long")
	return found


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
