"""The life of an import: what fails, dies or is stopped can be continued or taken back, and nothing in between is lost."""

# ruff: noqa: F811  (a fixture of another module has to be imported under its name)
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from frappe.utils.background_jobs import get_job, is_job_enqueued

from dafater_crm import commands
from dafater_crm.api import lead_import
from dafater_crm.records import import_run, import_undo
from tests.site.factories import make_lead, phone, unique
from tests.site.people import MANAGING, cast  # noqa: F401
from tests.site.test_lead_import import (  # noqa: F401  (a fixture)
	HEAD,
	IMPORT,
	LEAD,
	ROW,
	as_csv,
	imports,
	lead_of,
	outcomes,
	person,
	reasons,
	run,
)


@pytest.fixture
def failing(monkeypatch):
	"""failing(name, nth, when): Frappe's function of that name fails once, at its nth call, as when Redis or the database goes away."""

	def install(name: str, nth: int, when=lambda *_args: True) -> None:
		whole, calls = getattr(frappe, name), []

		def breaking(*args, **kwargs):
			if when(*args):
				calls.append(args)
				if len(calls) == nth:
					raise ConnectionError("gone")
			return whole(*args, **kwargs)

		monkeypatch.setattr(frappe, name, breaking)

	return install


def press(method, doc) -> None:
	"""A button, and then the worker of what it started."""
	frappe.set_user(MANAGING)
	method(doc.name)
	frappe.db.commit()
	(import_undo if frappe.db.get_value(IMPORT, doc.name, "status") == "Undoing" else import_run).work(
		doc.name
	)
	frappe.set_user(MANAGING)


def stands(doc, *fields: str):
	return frappe.db.get_value(IMPORT, doc.name, fields or "status")


def silent(doc) -> None:
	"""As if the worker had been dead for an hour."""
	frappe.db.set_value(IMPORT, doc.name, "heartbeat_on", add_to_date(None, hours=-1))
	frappe.db.commit()


def forget_job(job: str) -> None:
	"""No worker runs beside the tests, and a name may have been that of an import which an earlier test deleted."""
	found = get_job(job)
	if found:
		found.delete()


def test_a_check_that_failed_half_way_begins_again_and_the_import_takes_every_row(
	imports, monkeypatch, failing
):
	monkeypatch.setattr(import_run, "BATCH", 2)
	doc = imports([person(number) for number in range(400, 407)])
	failing("publish_realtime", 3)
	press(lead_import.check, doc)
	assert stands(doc, "status", "phase", "rows_done") == ("Failed", "Checking", 4)
	press(lead_import.resume, doc)
	assert stands(doc, "status", "rows_done", "created") == ("Checked", 7, 7)
	assert frappe.db.count(ROW, {"lead_import": doc.name}) == 0
	press(lead_import.start, doc)
	assert stands(doc, "status", "rows_done", "created") == ("Completed", 7, 7)
	assert sorted(outcomes(doc)) == list(range(2, 9))


def test_an_import_that_failed_before_its_first_row_goes_on_and_may_be_changed(imports, failing):
	doc = imports([person(410), person(411)])
	failing("publish_realtime", 1)
	press(lead_import.start, doc)
	assert stands(doc, "status", "rows_done") == ("Failed", 0)
	with pytest.raises(frappe.ValidationError, match="Only an import that has ended"):
		lead_import.undo(doc.name)
	doc.reload()
	doc.when_known = "Create Anyway"
	doc.save()
	press(lead_import.resume, doc)
	assert stands(doc, "status", "created") == ("Completed", 2)


def test_an_import_that_failed_half_way_goes_on_there_and_stays_as_it_is(imports, monkeypatch, failing):
	monkeypatch.setattr(import_run, "BATCH", 2)
	doc = imports([person(number) for number in range(420, 425)])
	failing("publish_realtime", 2)
	press(lead_import.start, doc)
	assert stands(doc, "status", "phase", "rows_done") == ("Failed", "Importing", 2)
	doc.reload()
	doc.when_known = "Create Anyway"
	with pytest.raises(frappe.ValidationError, match="has begun"):
		doc.save()
	for again in (lead_import.check, lead_import.start):
		with pytest.raises(frappe.ValidationError, match="has begun"):
			again(doc.name)
	press(lead_import.resume, doc)
	assert stands(doc, "status", "created") == ("Completed", 5)
	assert sorted(outcomes(doc)) == list(range(2, 7))


def test_what_has_ended_is_neither_checked_nor_started_again(imports):
	doc = run(imports([person(430)]))
	for status in ("Completed", "Stopped", "Undone", "Failed"):
		frappe.db.set_value(IMPORT, doc.name, "status", status)
		for again in (lead_import.check, lead_import.start):
			with pytest.raises(frappe.ValidationError, match="has begun"):
				again(doc.name)
	assert stands(doc, "rows_done", "created") == (1, 1)


def test_a_stopped_check_is_no_failure(imports, monkeypatch):
	monkeypatch.setattr(import_run, "BATCH", 2)
	doc = imports([person(number) for number in range(435, 441)])
	whole, calls = frappe.publish_realtime, []

	def stop_then(*args, **kwargs):
		calls.append(args)
		if len(calls) == 2:
			lead_import.stop(doc.name)
			frappe.db.commit()
		return whole(*args, **kwargs)

	monkeypatch.setattr(frappe, "publish_realtime", stop_then)
	press(lead_import.check, doc)
	assert stands(doc, "status", "error") == ("Draft", None)


def test_an_undo_that_broke_off_goes_on(imports, monkeypatch, failing):
	doc = run(imports([person(number) for number in range(450, 456)]))
	names = [lead_of(doc, row).name for row in range(2, 8)]
	frappe.get_doc(LEAD, names[0]).add_comment("Comment", "اتصلت به")
	frappe.db.commit()
	monkeypatch.setattr(import_undo, "BATCH", 2)
	failing("clear_document_cache", 2, lambda doctype, *_name: doctype == LEAD)
	press(lead_import.undo, doc)
	assert stands(doc, "status", "phase") == ("Failed", "Undoing")
	assert [bool(frappe.db.exists(LEAD, name)) for name in names] == [True, False, True, True, True, True]
	with pytest.raises(frappe.ValidationError, match="has begun"):
		lead_import.start(doc.name)
	press(lead_import.resume, doc)
	assert stands(doc, "status", "kept") == ("Undone", 1)
	assert [bool(frappe.db.exists(LEAD, name)) for name in names] == [True, *[False] * 5]


def test_a_lead_that_cannot_be_saved_does_not_hold_up_the_undo(imports):
	known = [
		make_lead(lead_name=f"{unique('سعاد')} العتيبي", mobile_no=phone(), email_id=None, city="جدة")
		for _number in range(2)
	]
	frappe.db.commit()
	rows = [
		person(460 + place, name=lead.lead_name, mobile=lead.mobile_no) for place, lead in enumerate(known)
	]
	doc = run(imports(rows))
	try:
		assert stands(doc, "merged") == 2
		frappe.db.set_value(LEAD, known[0].name, "territory", "لا وجود لها")
		frappe.clear_document_cache(LEAD, known[0].name)
		frappe.db.commit()
		press(lead_import.undo, doc)
		assert stands(doc, "status", "kept") == ("Undone", 1)
		emails = [frappe.db.get_value(LEAD, lead.name, "email_id") for lead in known]
		assert emails[0] and not emails[1]
		said = reasons(doc, 2)
		assert "Not taken back: " in said and "لا وجود لها" in said
	finally:
		frappe.set_user("Administrator")
		for lead in known:
			frappe.delete_doc(LEAD, lead.name, force=1)
		frappe.db.commit()


def test_what_came_with_an_undone_lead_goes_with_it(imports):
	doc = run(imports([person(470)]))
	lead = lead_of(doc, 2)
	version = {"doctype": "Version", "ref_doctype": LEAD, "docname": lead.name, "data": "{}"}
	frappe.get_doc(version).insert(ignore_permissions=True)
	log = {
		"doctype": "Dafater Assignment Log",
		"lead": lead.name,
		"cause": "New Lead",
		"logged_on": now_datetime(),
	}
	frappe.get_doc(log).insert(ignore_permissions=True)
	assert frappe.db.count("Dafater Status History", {"reference_name": lead.name}) == 1
	press(lead_import.undo, doc)
	assert not frappe.db.exists(LEAD, lead.name)
	for doctype, filters in {
		"Version": {"ref_doctype": LEAD, "docname": lead.name},
		"Dafater Assignment Log": {"lead": lead.name},
		"Dafater Status History": {"reference_name": lead.name},
		"Dafater Match Key": {"lead": lead.name},
	}.items():
		assert not frappe.db.count(doctype, filters), doctype
	assert frappe.db.get_value(ROW, {"lead_import": doc.name}, "lead") == lead.name


@pytest.mark.parametrize(
	("status", "job"),
	[
		("Importing", "dafater-import-{}"),
		("Checking", "dafater-import-{}"),
		("Undoing", "dafater-import-undo-{}"),
	],
)
def test_the_hourly_job_continues_what_fell_silent_and_nothing_else(imports, status, job):
	doc = imports([person(480)])
	job = job.format(doc.name)
	forget_job(job)
	frappe.db.set_value(IMPORT, doc.name, {"status": status, "heartbeat_on": add_to_date(None, minutes=-1)})
	frappe.db.commit()
	import_run.resume_silent()
	frappe.db.commit()
	assert not is_job_enqueued(job), "its worker was heard of a minute ago"
	silent(doc)
	import_run.resume_silent()
	frappe.db.commit()
	try:
		assert is_job_enqueued(job)
	finally:
		forget_job(job)
	frappe.db.set_value(IMPORT, doc.name, "status", "Stopped")
	frappe.db.commit()
	import_run.resume_silent()
	frappe.db.commit()
	assert not is_job_enqueued(job), "what a person stopped does not go on by itself"


def test_a_check_whose_worker_died_is_done_again_as_a_whole(imports):
	"""Its rows are stored nowhere, so that those after them would have nothing to be compared with."""
	rows = [person(490), person(491), person(490)]
	doc = imports(rows)
	frappe.set_user(MANAGING)
	lead_import.check(doc.name)
	frappe.db.set_value(IMPORT, doc.name, {"next_row": 4, "rows_done": 2, "created": 2})
	frappe.db.commit()
	import_run.work(doc.name)
	assert stands(doc, "status", "rows_done", "created", "merged") == ("Checked", 3, 2, 1)


def test_how_long_the_file_is_is_known_before_the_first_row_is_done(imports):
	doc = imports([person(number) for number in range(500, 505)])
	frappe.set_user(MANAGING)
	lead_import.start(doc.name)
	seen = []
	import_run.run(
		doc.name, dry=False, progress=lambda _rows: seen.append(stands(doc, "total_rows", "status"))
	)
	assert seen == [(5, "Importing")]
	doc = imports([person(505)])
	press(lead_import.check, doc)
	assert stands(doc, "total_rows") == 1
	file = {"doctype": "File", "file_name": "longer.csv", "is_private": 1}
	content = as_csv([HEAD, person(506), person(507)])
	doc.reload()
	doc.file = frappe.get_doc({**file, "content": content}).insert().file_url
	doc.save()
	assert stands(doc, "status", "total_rows") == ("Draft", 0)


class Command:
	"""`bench dafater-import` as a process of its own."""

	def __init__(self, path, *options: str):
		command = ["-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site, "dafater-import"]
		self.process = subprocess.Popen(
			[sys.executable, *command, str(path), "--user", MANAGING, *options],
			cwd=os.getcwd(),
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
			start_new_session=True,
			# whoever runs the tests in the background of a shell has it ignored, and children inherit that
			preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
		)

	def interrupt(self) -> None:
		"""What a terminal does at Ctrl-C: the signal goes to the whole group."""
		os.killpg(self.process.pid, signal.SIGINT)

	def ended(self) -> tuple[int, str, str]:
		out, err = self.process.communicate(timeout=120)
		return self.process.returncode, out, err


@pytest.fixture
def path(cast, tmp_path):
	"""A file of 3,000 people; its imports and leads are taken away again."""
	path = tmp_path / f"{unique('people')}.csv"
	path.write_bytes(as_csv([HEAD, *(person(number) for number in range(1_500, 4_500))]))
	frappe.db.commit()
	yield path
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for name in frappe.get_all(IMPORT, {"title": path.name}, pluck="name"):
		frappe.db.set_value(IMPORT, name, {"status": "Undoing", "started_by": "Administrator"})
		import_undo.work(name)
		frappe.delete_doc(IMPORT, name, force=1)
	frappe.db.commit()


def test_ctrl_c_stops_the_command_and_the_desk_can_continue(path):
	command = Command(path, "--when-known", "Create Anyway")
	deadline = time.monotonic() + 60
	while time.monotonic() < deadline:
		frappe.db.rollback()
		doc = frappe.db.get_value(IMPORT, {"title": path.name}, ["name", "rows_done"], as_dict=True)
		if doc and doc.rows_done:
			break
		time.sleep(0.05)
	command.interrupt()
	code, _out, err = command.ended()
	frappe.db.rollback()
	stopped = frappe.get_doc(IMPORT, doc.name)
	assert (code, stopped.status) == (commands.INTERRUPTED, "Stopped"), err
	assert f"{doc.name}: Stopped. {stopped.rows_done} of 3000 rows are done." in err
	assert "Traceback" not in err
	assert 0 < stopped.rows_done < 3_000
	silent(doc)
	forget_job(f"dafater-import-{doc.name}")
	import_run.resume_silent()
	frappe.db.commit()
	assert not is_job_enqueued(f"dafater-import-{doc.name}")
	press(lead_import.resume, doc)
	assert stands(doc, "status", "created", "rows_done") == ("Completed", 3_000, 3_000)


def test_the_command_checks_says_what_it_found_and_stores_nothing(path):
	before = frappe.db.count(LEAD)
	code, out, err = Command(path, "--check", "--when-known", "Create Anyway").ended()
	frappe.db.rollback()
	assert code == 0, err
	assert "Checked. 3000 new, 0 filled up, 0 skipped, 0 refused, " in out
	assert frappe.db.count(LEAD) == before


def test_the_command_says_in_one_line_what_is_wrong_with_a_file(tmp_path):
	bad = tmp_path / "bad.csv"
	bad.write_bytes(b"0551234567,a@b.sa\n0551234568,c@d.sa\n")
	code, _out, err = Command(bad).ended()
	assert code == 2 and "Traceback" not in err and len(err.strip().splitlines()) == 1


def test_a_file_on_the_server_may_be_larger_than_an_upload(path, monkeypatch):
	monkeypatch.setitem(frappe.local.conf, "max_file_size", 10_000)
	with pytest.raises(frappe.ValidationError):
		frappe.get_doc({"doctype": "File", "file_name": "a.csv", "content": path.read_bytes()}).insert()
	frappe.set_user(MANAGING)
	doc = commands.make_import(str(path))
	assert (len(doc.columns), frappe.conf.max_file_size) == (len(HEAD), 10_000)
