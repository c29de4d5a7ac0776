"""A private site served as on a bench: web, realtime, a worker, and a Redis of its own, on free ports of loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tooling.bench import Bench
from tooling.paths import FRAPPE_SIDE
from tooling.private_site import stopped_politely
from tooling.processes import HOST, READY_SECONDS
from tooling.services import wait_for
from tooling.shell import ToolingError, merged_env, which
from tooling.test_site import ReadySite


@contextmanager
def served(bench: Bench, ready: ReadySite) -> Iterator[str]:
	"""Gives the address at which browsers reach the site. Its processes end on the way out.

	Redis of its own: two caches of Frappe's are shared by all sites of a Redis (the names of built assets are one), the bench's workers
	and realtime server hear nothing of this site, and nothing is left behind.
	"""
	site = ready.site
	redis, web, realtime = free_ports(3)
	config = site.sites / "common_site_config.json"
	before = config.read_text()
	address = f"http://{site.name}:{web}"
	with stopped_politely(), ExitStack() as running:
		config.write_text(json.dumps({**json.loads(before), **settings(redis, web, realtime)}, indent=1))
		running.callback(config.write_text, before)
		for name, command, env, port in processes(bench, ready, redis, web, realtime):
			running.enter_context(process(name, command, site.sites, merged_env({**ready.runner.env, **env})))
			if port and not wait_for(HOST, port, READY_SECONDS):
				raise ToolingError(
					f"{name} does not come up on port {port}; see {site.home}/logs/served_{name}.log"
				)
		wait_until_it_answers(site.name, web)
		yield address


def settings(redis: int, web: int, realtime: int) -> dict:
	url = f"redis://{HOST}:{redis}"
	urls = dict.fromkeys(("redis_cache", "redis_queue", "redis_socketio"), url)
	return {**urls, "webserver_port": web, "socketio_port": realtime}


def processes(bench: Bench, ready: ReadySite, redis: int, web: int, realtime: int) -> list[tuple]:
	"""Name, command, environment and port of each, in the order in which they start."""
	python = str(ready.runner.python)
	server = [which("redis-server", "valkey-server") or "redis-server", "--port", str(redis), "--bind", HOST]
	gunicorn = [python, "-m", "gunicorn", "--bind", f"{HOST}:{web}", "--workers", "2", "--threads", "4"]
	gunicorn += ["--timeout", "120", "--chdir", str(ready.site.sites), "--pythonpath", str(FRAPPE_SIDE)]
	node = [which("node") or "node"]
	for preloaded in ("localhost.cjs", "loopback.cjs"):
		node += ["--require", str(FRAPPE_SIDE / preloaded)]
	worker = [python, "-m", "frappe.utils.bench_helper", "frappe", "worker", "--queue", "short,default,long"]
	return [
		("redis", [*server, "--save", "", "--dir", str(ready.site.home)], {}, redis),
		# DEV_SERVER: without nginx the browser must reach the realtime server on its own port
		("web", [*gunicorn, "wsgi:application"], {"DEV_SERVER": "1"}, web),
		("realtime", [*node, str(bench.apps / "frappe" / "socketio.js")], {}, realtime),
		("worker", worker, {}, None),
	]


@contextmanager
def process(name: str, command: list[str], cwd: Path, env: Mapping[str, str]) -> Iterator[None]:
	"""A process in a group of its own, with a log beside the site; it and its children end on the way out."""
	with (cwd.parent / "logs" / f"served_{name}.log").open("wb") as log:
		started = subprocess.Popen(
			command,
			cwd=cwd,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=log,
			start_new_session=True,
		)
	try:
		yield
	finally:
		for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
			with contextlib.suppress(ProcessLookupError):
				os.killpg(started.pid, sign)
			with contextlib.suppress(subprocess.TimeoutExpired):
				started.wait(patience)
				break


def free_ports(number: int) -> list[int]:
	"""Ports that nobody listens on now, all different."""
	with ExitStack() as held:
		sockets = [held.enter_context(socket.socket()) for _ in range(number)]
		for one in sockets:
			one.bind((HOST, 0))
		return [one.getsockname()[1] for one in sockets]


def wait_until_it_answers(site: str, port: int) -> None:
	request = Request(f"http://{HOST}:{port}/api/method/ping", headers={"Host": site})
	deadline, reason = time.monotonic() + READY_SECONDS, ""
	while time.monotonic() < deadline:
		try:
			with urlopen(request, timeout=30):
				return
		except (URLError, OSError) as error:
			reason = str(error)
		time.sleep(0.5)
	raise ToolingError(f"{site} does not answer on port {port}: {reason}.")
