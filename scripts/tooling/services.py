"""Starting MariaDB and Redis where they do not run, bound to loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlparse

from tooling.bench import Bench
from tooling.shell import ToolingError, as_root, output, say, which

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# MariaDB may have to recover its log after a hard stop; slow disks need minutes.
MARIADB_WAIT = 180
REDIS_WAIT = 30


def listens(host: str, port: int, timeout: float = 1.0) -> bool:
	try:
		with socket.create_connection((host, port), timeout=timeout):
			return True
	except OSError:
		return False


def wait_for(host: str, port: int, seconds: int) -> bool:
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		if listens(host, port):
			return True
		time.sleep(0.5)
	return False


def ensure_services(bench: Bench) -> None:
	ensure_mariadb(bench.db_host, bench.db_port)
	for role in ("cache", "queue"):
		ensure_redis(bench, role)


def ensure_mariadb(host: str, port: int) -> None:
	if listens(host, port):
		return
	if host not in LOOPBACK:
		raise ToolingError(
			f"MariaDB does not answer at {host}:{port}: start it there, or set DB_HOST and DB_PORT."
		)
	say("starting MariaDB")
	for start in _mariadb_starters():
		start()
		if wait_for(host, port, MARIADB_WAIT):
			return
	raise ToolingError(
		f"MariaDB does not answer at {host}:{port} and could not be started. "
		"Install mariadb-server 10.6 or newer (as root: apt-get install mariadb-server), or start it by hand."
	)


def _mariadb_starters() -> list:
	"""Ways to start the server that exist on this machine, the system's own service manager first."""
	starters = []
	if Path("/run/systemd/system").exists() and (command := as_root(["systemctl", "start", "mariadb"])):
		starters.append(lambda: output(command))
	script = next((name for name in ("mariadb", "mysql") if Path("/etc/init.d", name).exists()), None)
	if script and which("service") and (service := as_root(["service", script, "start"])):
		# Debian's script waits 30 s and reports failure although the server is still coming up: we wait longer.
		starters.append(lambda: output(service))
	daemon = which("mariadbd-safe", "mysqld_safe")
	if daemon and (direct := as_root([daemon, "--bind-address=127.0.0.1"])):
		starters.append(lambda: detach(direct))
	return starters


def detach(
	command: list[str], cwd: Path | None = None, log: Path | None = None, env: dict[str, str] | None = None
) -> int:
	"""Start a process that outlives this one, in a group of its own; gives its process id."""
	with open(log or os.devnull, "ab") as target:
		return subprocess.Popen(
			command,
			cwd=cwd,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=target,
			stderr=target,
			start_new_session=True,
		).pid


def ensure_redis(bench: Bench, role: str) -> None:
	url = urlparse(bench.redis_url(role))
	host, port = url.hostname or "127.0.0.1", url.port or 6379
	if listens(host, port):
		return
	if host not in LOOPBACK:
		raise ToolingError(
			f"Redis ({role}) does not answer at {host}:{port}, which sites/common_site_config.json names."
		)
	server = which("redis-server", "valkey-server")
	if not server:
		raise ToolingError("redis-server is missing: install it (as root: apt-get install redis-server).")
	say(f"starting Redis ({role})")
	config = _redis_config(bench, role)
	command = [server, *([str(config)] if config else []), "--port", str(port)]
	# Arguments win over the file: whatever it says, this Redis listens on loopback only and saves nothing.
	command += ["--bind", "127.0.0.1", "--daemonize", "yes", "--save", ""]
	output(command, cwd=bench.path)
	if not wait_for(host, port, REDIS_WAIT):
		raise ToolingError(f"Redis ({role}) did not come up at {host}:{port}; see {config or 'its log'}.")


def _redis_config(bench: Bench, role: str) -> Path | None:
	config = bench.path / "config" / f"redis_{role}.conf"
	if not config.exists() and shutil.which("bench"):
		output(["bench", "setup", "redis"], cwd=bench.path)
	if not config.exists():
		return None
	# Redis refuses to start when the directory of its pid file is absent, as after a copy of the bench.
	(bench.path / "config" / "pids").mkdir(parents=True, exist_ok=True)
	return config
