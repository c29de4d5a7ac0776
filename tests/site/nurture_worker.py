"""A worker process of its own that runs the drain, or dies in it. Started by test_nurture_races.py.

Arguments: site, start time (epoch seconds), task. Prints one JSON line. Frappe's `sendmail` is replaced to die at that point.
"""

from __future__ import annotations

import json
import os
import sys
import time

import frappe


def drain() -> dict:
	from dafater_crm.records.nurture import drain as job

	return job.run()


def before_sending() -> dict:
	frappe.sendmail = lambda **values: os._exit(9)
	return drain()


def after_sending() -> dict:
	"""Dies with the second message, when the first one is in the queue but not committed."""
	real, sent = frappe.sendmail, []

	def send(**values):
		if sent:
			os._exit(9)
		sent.append(values)
		return real(**values)

	frappe.sendmail = send
	return drain()


def main() -> None:
	site, start, task = sys.argv[1:4]
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.local.assets_json = {}  # a throw-away site has no built style sheets
	time.sleep(max(0, float(start) - time.time()))
	print(json.dumps(globals()[task]()), flush=True)


if __name__ == "__main__":
	main()
