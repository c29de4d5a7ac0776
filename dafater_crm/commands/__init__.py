"""`bench` commands of the app. Bench reads the list `commands` at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import frappe
from frappe.commands import get_site, pass_context
from frappe.utils import cint

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended


@click.command("dafater-import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--sheet", help="Sheet of a workbook; the first one by default.")
@click.option("--source", help="Lead source of all rows.")
@click.option("--campaign", help="Campaign of all rows.")
@click.option("--owner", "lead_owner", help="User who owns the leads.")
@click.option(
	"--when-known",
	type=click.Choice(["Fill Empty Fields", "Skip the Row", "Create Anyway"]),
	default="Fill Empty Fields",
	show_default=True,
)
@click.option(
	"--leave-out-wrong", is_flag=True, help="Leave wrong values out instead of refusing their rows."
)
@click.option("--user", default="Administrator", show_default=True, help="User who imports.")
@click.option("--check", is_flag=True, help="Only say what would be imported.")
@pass_context
def dafater_import(context, file, sheet, when_known, leave_out_wrong, user, check, **values):
	"""Import leads from FILE (.csv or .xlsx) into a site, with a progress bar.

	Columns are recognised by their headings. Press Ctrl-C to stop; what was imported stays, and the import can be continued or
	undone in the desk.
	"""
	frappe.init(site=get_site(context))
	frappe.connect()
	frappe.set_user(user)  # nosemgrep: set-user - the administrator at the command line says who imports
	try:
		options = {key: value for key, value in values.items() if value}
		options["when_wrong"] = "Leave the Value Out" if leave_out_wrong else "Refuse the Row"
		doc = make_import(file, sheet=sheet, when_known=when_known, **options)
		run_import(doc, dry=check)
		doc.reload()
		click.echo(
			f"{doc.name}: {doc.status}. {doc.created} new, {doc.merged} filled up, {doc.skipped} skipped, "
			f"{doc.refused} refused, {doc.doubtful} possible duplicates, {doc.seconds:.1f} s"
		)
		if doc.refused_file:
			click.echo(f"refused rows: {doc.refused_file}")
	except frappe.ValidationError as error:
		frappe.db.rollback()
		click.echo(frappe.utils.strip_html(str(error)), err=True)
		sys.exit(2)
	finally:
		frappe.destroy()


def make_import(path: str, **values):
	"""Store a file of this machine on the site and make the import of it; commits."""
	file = frappe.get_doc(
		{"doctype": "File", "file_name": Path(path).name, "content": Path(path).read_bytes(), "is_private": 1}
	)
	with limit_of_files():
		file.insert()
	doc = frappe.get_doc({"doctype": "Dafater Lead Import", "file": file.file_url, **values}).insert()
	frappe.db.commit()  # nosemgrep: manual-commit - the file and its import stay, whatever becomes of the rows
	return doc


@contextmanager
def limit_of_files() -> Iterator[None]:
	"""A file that lies on the server may be as large as an import reads: the site's limit is for uploads from a browser."""
	from dafater_crm.intake.limits import Limits

	before = frappe.conf.get("max_file_size")
	# nosemgrep: monkey-patch - the site's own setting, in this process alone
	frappe.conf.max_file_size = max(cint(before), Limits().file_size)
	try:
		yield
	finally:
		frappe.conf.max_file_size = before  # nosemgrep: monkey-patch - as above


def run_import(doc, dry: bool) -> None:
	"""Check or import in this process, with a bar as long as the file. What ends it early is noted on the import."""
	from dafater_crm.records import import_run

	length = import_run.count_rows(doc)
	doc.begin(import_run.CHECKING if dry else import_run.IMPORTING, in_background=False)
	frappe.db.commit()  # nosemgrep: manual-commit - a command line's transaction
	try:
		with click.progressbar(length=length, label="checking" if dry else "importing") as bar:
			import_run.run(doc.name, dry, progress=bar.update)
	except KeyboardInterrupt:
		interrupted(doc.name)
	except import_run.Stopped:
		raise
	except Exception as error:
		import_run.fail(doc.name, error)
		raise


def interrupted(name: str) -> NoReturn:
	"""Ctrl-C: the import is stopped, or the hourly job would take it for one whose worker died and go on with it."""
	# the key may have been pressed in the middle of a statement, after which the connection is of no use
	frappe.db.close()
	frappe.connect()
	doc = frappe.get_doc("Dafater Lead Import", name, for_update=True)
	doc.stop()
	frappe.db.commit()  # nosemgrep: manual-commit - a command line's transaction
	click.echo(f"\n{name}: {doc.status}. {doc.rows_done} of {doc.total_rows} rows are done.", err=True)
	sys.exit(INTERRUPTED)


commands = [dafater_import]
