"""Frappe's web server on a port of its own, in front of the site that is measured."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# as `make start` serves a site
WORKERS, THREADS = 2, 4
READY_SECONDS = 60


@contextmanager
def served(site: str) -> Iterator[int]:
	"""Gunicorn in the current sites directory; gives its port, ends it on the way out."""
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		port = free.getsockname()[1]
	command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
	command += ["--threads", str(THREADS), "--timeout", "120", "frappe.app:application"]
	with open(os.devnull, "wb") as log:
		process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
	try:
		_wait(port, site)
		yield port
	finally:
		os.killpg(process.pid, signal.SIGTERM)
		process.wait(30)


def loaded(port: int, site: str, plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Carry out a plan of `load.py` in a process of its own, so that clients and measurement share no interpreter."""
	command = [sys.executable, "-m", "benchmarks.inbox.load", str(port), site]
	done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=True)
	return json.loads(done.stdout)


def _wait(port: int, site: str) -> None:
	until = time.monotonic() + READY_SECONDS
	request = urllib.request.Request(f"http://127.0.0.1:{port}/api/method/ping", headers={"Host": site})
	while True:
		try:
			with urllib.request.urlopen(request, timeout=10):
				return
		except OSError:
			if time.monotonic() > until:
				raise
			time.sleep(0.3)
