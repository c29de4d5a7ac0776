"""The site's processes: web, realtime, worker, schedule. Started in the background, each with a pid file and a log."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tooling.bench import Bench
from tooling.paths import FRAPPE_SIDE
from tooling.private_site import alive
from tooling.services import detach, ensure_services, listens
from tooling.shell import ToolingError, merged_env, say, which

HOST = "127.0.0.1"
READY_SECONDS = 90
HELPER = ("-m", "frappe.utils.bench_helper", "frappe")


@dataclass(frozen=True)
class Process:
	name: str
	command: list[str]
	env: Mapping[str, str]
	port: int | None = None


def web_port(bench: Bench) -> int:
	return int(bench.config.get("webserver_port") or 8000)


def processes(bench: Bench) -> list[Process]:
	realtime = int(bench.config.get("socketio_port") or 9000)
	schedule = [str(bench.python), *HELPER, "schedule"]
	serving = serving_processes(bench, bench.python, bench.sites, web_port(bench), realtime)
	return [*serving, Process("schedule", schedule, {})]


def serving_processes(
	bench: Bench, python: Path | str, sites: Path, web: int, realtime: int, preloaded: Sequence[str] = ()
) -> list[Process]:
	"""Web, realtime (where Node is found) and a worker for the sites in `sites`, with Frappe from `bench`.

	`preloaded`: further scripts of `frappe_side` that Node loads before the realtime server.
	"""
	gunicorn = [str(python), "-m", "gunicorn", "--bind", f"{HOST}:{web}", "--workers", "2", "--threads", "4"]
	gunicorn += ["--timeout", "120", "--chdir", str(sites), "--pythonpath", str(FRAPPE_SIDE)]
	# DEV_SERVER: without nginx the browser must reach the realtime server on its own port.
	found = [Process("web", [*gunicorn, "wsgi:application"], {"DEV_SERVER": "1"}, web)]
	if node := which("node"):
		command = [node]
		for script in (*preloaded, "loopback.cjs"):
			command += ["--require", str(FRAPPE_SIDE / script)]
		found.append(
			Process("socketio", [*command, str(bench.apps / "frappe" / "socketio.js")], {}, realtime)
		)
	found.append(Process("worker", [str(python), *HELPER, "worker", "--queue", "short,default,long"], {}))
	return found


def pid_file(bench: Bench, process: Process) -> Path:
	return bench.path / "config" / "pids" / f"dafater_{process.name}.pid"


def running_pid(bench: Bench, process: Process) -> int | None:
	"""Process id of a running process of ours. A pid used by some other program meanwhile does not count."""
	file = pid_file(bench, process)
	if not file.exists():
		return None
	pid = int(file.read_text() or 0)
	command = Path(f"/proc/{pid}/cmdline")
	ours = not command.exists() or process.command[-1].encode() in command.read_bytes()
	return pid if pid and alive(pid) and ours else None


def start(bench: Bench, site: str) -> None:
	"""Start what does not run, and wait until the site answers."""
	ensure_services(bench)
	for process in processes(bench):
		if running_pid(bench, process):
			continue
		if process.port and listens(HOST, process.port):
			say(
				f"port {process.port} is taken, {process.name} is not started: another `bench start` serves this bench?"
			)
			continue
		log = bench.path / "logs" / f"dafater_{process.name}.log"
		pid_file(bench, process).parent.mkdir(parents=True, exist_ok=True)
		log.parent.mkdir(parents=True, exist_ok=True)
		pid = detach(process.command, cwd=bench.sites, log=log, env=merged_env(process.env))
		pid_file(bench, process).write_text(str(pid))
	wait_until_it_answers(site, web_port(bench), bench.path / "logs" / "dafater_web.log")


def wait_until_it_answers(site: str, port: int, log: Path) -> None:
	"""Raises ToolingError that names `log` when the site does not answer in time."""
	url = f"http://{HOST}:{port}/api/method/ping"
	deadline = time.monotonic() + READY_SECONDS
	reason = ""
	while time.monotonic() < deadline:
		try:
			# the first answer loads all of Frappe
			with urlopen(Request(url, headers={"Host": site}), timeout=30) as answer:
				if answer.status == 200:
					return
		except (URLError, OSError) as error:
			reason = str(error)
		time.sleep(0.5)
	raise ToolingError(f"{site} does not answer at {url}: {reason}. See {log}.")


def stop(bench: Bench) -> list[str]:
	"""Stop what runs; gives the names of what was stopped."""
	stopped = []
	for process in processes(bench):
		if pid := running_pid(bench, process):
			end(pid)
			stopped.append(process.name)
		pid_file(bench, process).unlink(missing_ok=True)
	return stopped


def end(pid: int, patience: float = 15) -> None:
	"""Ask the process and its children to end; insist after a while."""
	with contextlib.suppress(ProcessLookupError):
		os.killpg(pid, signal.SIGTERM)
		deadline = time.monotonic() + patience
		while alive(pid) and time.monotonic() < deadline:
			time.sleep(0.2)
		if alive(pid):
			os.killpg(pid, signal.SIGKILL)
