"""MariaDB as its administrator: make and drop databases and users, dump and restore.

Three ways in, first that works: DB_ROOT_USER and DB_ROOT_PASSWORD, the unix socket as root, passwordless sudo.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tooling.shell import ToolingError, is_root, merged_env, output, which

NO_ACCESS = """MariaDB runs at {host}:{port}, but its administrator cannot be reached. One of these helps:
  - run as root, or as a user with passwordless sudo (the unix socket is used);
  - set DB_ROOT_USER and DB_ROOT_PASSWORD to an account that may create databases and users.
Last answer of the server: {answer}"""


@dataclass
class Credentials:
	user: str
	password: str
	host: str
	port: int


@dataclass
class Admin:
	"""An administrator's connection, as the command line client with the arguments that reached the server."""

	client: list[str]
	host: str
	port: int
	env: dict[str, str] = field(default_factory=dict)
	remote: bool = False

	@property
	def user_hosts(self) -> tuple[str, ...]:
		"""Hosts which a new user may come from. Behind a port of a container the client's address is not known."""
		return ("%",) if self.remote else ("localhost", "127.0.0.1")

	def sql(self, statements: str) -> str:
		code, out, err = output(
			[*self.client, "--batch", "--skip-column-names"], env=self.env, stdin=statements
		)
		if code:
			raise ToolingError(f"MariaDB refused a statement: {err.strip()}")
		return out.strip()

	def version(self) -> str:
		return self.sql("select version()").split("-")[0]

	def database_exists(self, name: str) -> bool:
		return bool(self.sql(f"show databases like '{name}'"))

	def create(self, name: str, password: str) -> None:
		"""A database and a user of the same name, as Frappe keeps them."""
		lines = [f"create database `{name}` character set utf8mb4 collate utf8mb4_unicode_ci;"]
		for host in self.user_hosts:
			lines.append(f"create or replace user '{name}'@'{host}' identified by '{password}';")
			lines.append(f"grant all privileges on `{name}`.* to '{name}'@'{host}';")
		self.sql("\n".join(lines))

	def drop(self, name: str) -> None:
		lines = [f"drop database if exists `{name}`;"]
		# "%" too: Frappe's own new-site may have made that one.
		lines += [f"drop user if exists '{name}'@'{host}';" for host in ("localhost", "127.0.0.1", "%")]
		self.sql("\n".join(lines))

	@contextmanager
	def temporary_superuser(self) -> Iterator[Credentials]:
		"""For Frappe's `new-site`, which wants an administrator's password: a random one, gone afterwards."""
		user, password = f"dafater_setup_{secrets.token_hex(4)}", secrets.token_hex(16)
		lines = []
		for host in self.user_hosts:
			lines.append(f"create user '{user}'@'{host}' identified by '{password}';")
			lines.append(f"grant all privileges on *.* to '{user}'@'{host}' with grant option;")
		self.sql("\n".join(lines))
		try:
			yield Credentials(user, password, self.host, self.port)
		finally:
			self.sql("\n".join(f"drop user if exists '{user}'@'{host}';" for host in self.user_hosts))


def connect_admin(host: str, port: int) -> Admin:
	"""Reach MariaDB as administrator, or stop and say how to provide access."""
	client = which("mariadb", "mysql")
	if not client:
		raise ToolingError("The MariaDB client is missing: install mariadb-client (Debian, Ubuntu).")
	answer = ""
	for admin in _ways_in(client, host, port):
		code, _out, answer = output([*admin.client, "--execute=select 1"], env=admin.env, timeout=30)
		if code == 0:
			return admin
	raise ToolingError(NO_ACCESS.format(host=host, port=port, answer=answer.strip()))


def _ways_in(client: str, host: str, port: int) -> Iterator[Admin]:
	if user := os.environ.get("DB_ROOT_USER"):
		tcp = [client, f"--host={host}", f"--port={port}", "--protocol=tcp", f"--user={user}"]
		yield Admin(tcp, host, port, {"MYSQL_PWD": os.environ.get("DB_ROOT_PASSWORD", "")}, remote=True)
		return
	if is_root():
		yield Admin([client, "--user=root"], host, port)
	elif which("sudo"):
		yield Admin(["sudo", "-n", client, "--user=root"], host, port)


def client_arguments(login: Credentials) -> tuple[list[str], dict[str, str]]:
	"""Arguments and environment for an ordinary login; the password never shows in the process list."""
	arguments = [f"--host={login.host}", f"--port={login.port}", "--protocol=tcp", f"--user={login.user}"]
	return arguments, {"MYSQL_PWD": login.password}


def dump(login: Credentials, target: Path) -> None:
	"""Write the database of this login, compressed; the file appears only when it is complete."""
	program = which("mariadb-dump", "mysqldump")
	if not program:
		raise ToolingError("mariadb-dump is missing: install mariadb-client (Debian, Ubuntu).")
	arguments, env = client_arguments(login)
	partial = target.with_suffix(f".{os.getpid()}.part")
	# "--quick --single-transaction": a consistent picture without locking; no tablespaces: needs no PROCESS right.
	command = [program, *arguments, "--quick", "--single-transaction", "--no-tablespaces", login.user]
	with partial.open("wb") as file:
		producer = subprocess.Popen(command, stdout=subprocess.PIPE, env=merged_env(env))
		subprocess.run(["gzip", "-3"], stdin=producer.stdout, stdout=file, check=True)
		code = producer.wait()
	if code:
		partial.unlink()
		raise ToolingError(f"mariadb-dump ended with code {code}.")
	partial.rename(target)


def restore(login: Credentials, source: Path) -> None:
	"""Load a dump into the empty database of this login."""
	arguments, env = client_arguments(login)
	client = which("mariadb", "mysql") or "mariadb"
	unpack = subprocess.Popen(["gzip", "-dc", str(source)], stdout=subprocess.PIPE)
	# Newer dumps begin with a "sandbox mode" comment which older clients take for an error.
	clean = subprocess.Popen(
		["sed", r"/enable the sandbox mode/d"], stdin=unpack.stdout, stdout=subprocess.PIPE
	)
	code = subprocess.run(
		[client, *arguments, login.user], stdin=clean.stdout, env=merged_env(env), check=False
	).returncode
	if code or clean.wait() or unpack.wait():
		raise ToolingError(f"The snapshot {source} could not be restored; delete it and run again.")
