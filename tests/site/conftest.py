"""Site tests: the app on a real site of a real bench, with ERPNext, MariaDB and Redis.

`make test-site` makes the site and starts pytest here with three variables: DAFATER_TEST_SITE (the site's name),
DAFATER_TEST_SITES (its sites directory) and DAFATER_TEST_VERSIONS. Without them nothing in this folder is collected.

Every test begins as Administrator with clean caches and ends with a rollback. A test whose code commits must clean up
after itself. Use `as_user` to act as somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

SITE = os.environ.get("DAFATER_TEST_SITE")
SITES = os.environ.get("DAFATER_TEST_SITES")

# These modules import Frappe: where there is none they cannot even be read.
collect_ignore_glob = [] if SITE and SITES else ["test_*.py"]


def pytest_report_header() -> str:
	if not (SITE and SITES):
		return "site tests: not collected (they need a site: run `make test-site`)"
	return f"site: {SITE} on {os.environ.get('DAFATER_TEST_VERSIONS', 'unknown versions')}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	for item in items:
		if Path(__file__).parent in item.path.parents:
			item.add_marker(pytest.mark.site)


@pytest.fixture(scope="session", autouse=True)
def frappe_site() -> Iterator[None]:
	"""Connect to the site once for the whole run."""
	if not (SITE and SITES):
		pytest.skip("no site: run `make test-site`")
	import frappe

	# Frappe reads apps.txt and the common configuration relative to where it runs.
	os.chdir(SITES)
	frappe.init(site=SITE, sites_path=".")
	frappe.connect()
	# As `bench run-tests` does: e-mail is kept back and ERPNext runs its deferred steps at once.
	frappe.flags.in_test = True
	frappe.in_test = True  # where Frappe 16 looks
	yield
	frappe.db.rollback()
	frappe.destroy()


@pytest.fixture(autouse=True)
def clean_state(frappe_site: None) -> Iterator[None]:
	"""Nothing of one test reaches the next: not its rows, user, messages, flags or cached documents."""
	import frappe

	reset(frappe)
	yield
	frappe.db.rollback()
	reset(frappe)


def reset(frappe) -> None:
	frappe.set_user("Administrator")
	frappe.local.message_log = []
	frappe.local.form_dict = frappe._dict()
	frappe.local.response = frappe._dict({"docs": []})
	frappe.local.lang = "en"
	frappe.local.dafater_granted = None
	frappe.flags.update({"in_test": True, "mute_messages": False, "ignore_permissions": False})
	# Documents that a rolled back test read or wrote are still in the cache. Meta is left: it costs seconds.
	frappe.local.cache = {}
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.db.value_cache.clear()
	frappe.cache.delete_keys("document_cache::")
	for name in ("role_permissions", "user_perms", "new_doc_templates"):
		getattr(frappe.local, name, None) and getattr(frappe.local, name).clear()


@pytest.fixture
def as_user() -> Callable[[str], AbstractContextManager[None]]:
	"""`with as_user("name@example.com"):` acts as that user and returns to the one before."""
	import frappe

	@contextmanager
	def switch(user: str) -> Iterator[None]:
		before = frappe.session.user
		frappe.set_user(user)
		try:
			yield
		finally:
			frappe.set_user(before)

	return switch
