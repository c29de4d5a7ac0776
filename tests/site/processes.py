"""Several processes at the same moment, each with a connection of its own: who starts them, and what each of them runs.

`python -m tests.site.processes TASKS SITE USER START TASK ARGUMENTS`: at START (epoch seconds) calls the function TASK of the module TASKS
with the JSON object ARGUMENTS, as USER, and prints one JSON line, {"ok": result} or {"error": text}. A module's `prepare` is called first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib import import_module
from typing import Any

import frappe

WORKERS = ("race_worker", "inbox_worker", "nurture_worker", "web_worker")
RACES, INBOX, NURTURE, WEB = (f"tests.site.{name}" for name in WORKERS)
# seconds that so many processes get to import and connect on a small, busy machine before all begin together
START_UP = 20
TIMEOUT = 240


def start(
	tasks: str,
	task: str,
	begin: float = 0,
	user: str = "Administrator",
	environment: dict | None = None,
	**arguments,
) -> subprocess.Popen:
	"""Start one process on the site of the tests, in their sites directory; it waits until `begin`."""
	command = [sys.executable, "-m", __name__, tasks, frappe.local.site, user, str(begin), task]
	return subprocess.Popen(
		[*command, json.dumps(arguments)],
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
		env={
			**os.environ,
			"PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
			**(environment or {}),
		},
	)


def answer(process: subprocess.Popen) -> dict[str, Any]:
	"""What a process said: {"ok": result} or {"error": text}."""
	out, error = process.communicate(timeout=TIMEOUT)
	assert out.strip(), error[-2000:]
	return json.loads(out.strip().splitlines()[-1])


def result(process: subprocess.Popen) -> Any:
	"""What a process that did its task returned."""
	found = answer(process)
	assert "ok" in found, found
	return found["ok"]


def at_once(
	tasks: str,
	task: str,
	arguments: list[dict],
	users: list[str] | None = None,
	start_up: float = START_UP,
) -> list[dict[str, Any]]:
	"""Run a task in one process for each of `arguments`, all at the same moment. Returns their answers."""
	begin, users = time.time() + start_up, users or ["Administrator"] * len(arguments)
	running = [start(tasks, task, begin, user, **one) for one, user in zip(arguments, users, strict=True)]
	found = [answer(process) for process in running]
	frappe.db.rollback()  # a snapshot that sees what the others committed
	return found


def results(answers: list[dict[str, Any]]) -> list:
	"""The results of processes that all did their task."""
	assert all("ok" in found for found in answers), answers
	return [found["ok"] for found in answers]


def main(tasks: str, site: str, user: str, begin: str, task: str, arguments: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user(user)
	module = import_module(tasks)
	getattr(module, "prepare", lambda: None)()
	time.sleep(max(0, float(begin) - time.time()))
	try:
		said = {"ok": getattr(module, task)(**json.loads(arguments))}
		frappe.db.commit()
	except Exception as error:
		frappe.db.rollback()
		said = {"error": f"{type(error).__name__}: {error}"}
	print(json.dumps(said), flush=True)


if __name__ == "__main__":
	main(*sys.argv[1:])
