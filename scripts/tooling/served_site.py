"""A private site served as on a bench: web, realtime, a worker, and a Redis of its own, on free ports of loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tooling.bench import Bench
from tooling.private_site import stopped_politely
from tooling.processes import HOST, READY_SECONDS, Process, serving_processes, wait_until_it_answers
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
		for process in processes(bench, ready, redis, web, realtime):
			log = site.home / "logs" / f"served_{process.name}.log"
			env = merged_env({**ready.runner.env, **process.env})
			running.enter_context(started(process.command, site.sites, log, env))
			if process.port and not wait_for(HOST, process.port, READY_SECONDS):
				raise ToolingError(f"{process.name} does not come up on port {process.port}; see {log}")
		wait_until_it_answers(site.name, web, site.home / "logs" / "served_web.log")
		yield address


def settings(redis: int, web: int, realtime: int) -> dict:
	url = f"redis://{HOST}:{redis}"
	urls = dict.fromkeys(("redis_cache", "redis_queue", "redis_socketio"), url)
	return {**urls, "webserver_port": web, "socketio_port": realtime}


def processes(bench: Bench, ready: ReadySite, redis: int, web: int, realtime: int) -> list[Process]:
	"""In the order in which they start."""
	server = [which("redis-server", "valkey-server") or "redis-server", "--port", str(redis), "--bind", HOST]
	python, sites = ready.runner.python, ready.site.sites
	return [
		Process("redis", [*server, "--save", "", "--dir", str(ready.site.home)], {}, redis),
		*serving_processes(bench, python, sites, web, realtime, preloaded=("localhost.cjs",)),
	]


@contextmanager
def started(command: list[str], cwd: Path, log: Path, env: Mapping[str, str]) -> Iterator[None]:
	"""A process in a group of its own; it and its children end on the way out."""
	with log.open("wb") as target:
		# a child that is waited for, unlike those of `services.detach`, which outlive this program
		child = subprocess.Popen(
			command,
			cwd=cwd,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=target,
			stderr=target,
			start_new_session=True,
		)
	try:
		yield
	finally:
		for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
			with contextlib.suppress(ProcessLookupError):
				os.killpg(child.pid, sign)
			with contextlib.suppress(subprocess.TimeoutExpired):
				child.wait(patience)
				break


def free_ports(number: int) -> list[int]:
	"""Ports that nobody listens on now, all different."""
	with ExitStack() as held:
		sockets = [held.enter_context(socket.socket()) for _ in range(number)]
		for one in sockets:
			one.bind((HOST, 0))
		return [one.getsockname()[1] for one in sockets]
