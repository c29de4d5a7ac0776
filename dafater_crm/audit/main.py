"""The command `dafater-audit`. Exit codes: 0 done, 2 wrong usage or a file that cannot be read or written."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import phonenumbers
from tqdm import tqdm

from dafater_crm import __version__
from dafater_crm.domain.errors import RuleError
from dafater_crm.intake.table import Table
from dafater_crm.intake.tables import open_table

from .analysis import Analysis, analyse
from .catalogue import LANGUAGES, counted, listed, sentence, text
from .cleaned import write_cleaned
from .report import Report

OK, FAILED = 0, 2
_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_OPTIONS = {"ar": ("ar",), "en": ("en",), "both": LANGUAGES}


class Refused(Exception):
	"""One line for the user, already in the user's language."""


def main(arguments: Sequence[str] | None = None) -> int:
	"""Run the audit; return the exit code. Never a traceback for what a user or a file can do wrong."""
	_utf8_output()
	given = list(sys.argv[1:] if arguments is None else arguments)
	language = _language_of_messages(given)
	try:
		options = _parser(language).parse_args(given)
		_audit(options, language)
	except Refused as error:
		return _failed(language, str(error))
	except RuleError as error:
		return _failed(language, sentence(language, error.code, *error.args_for_message))
	except KeyboardInterrupt:
		return _failed(language, text(language, "error_interrupted"))
	except MemoryError:
		return _failed(language, text(language, "error_memory"))
	return OK


def _audit(options: argparse.Namespace, language: str) -> None:
	source = Path(options.file)
	region = options.region.upper()
	if region not in phonenumbers.SUPPORTED_REGIONS:
		raise Refused(text(language, "error_region", options.region))
	table = _opened(source, options.sheet, language)
	folder = Path(options.output) if options.output else _folder_beside(source)
	with _writing_to(folder, language):
		folder.mkdir(parents=True, exist_ok=True)
	length = _length(table)
	with _bar(language, "reading", length) as read, _bar(language, "comparing", length) as compared:
		analysis = analyse(table, region, read, compared)
	with _writing_to(folder, language):
		_write(folder, source, table, analysis, _OPTIONS[options.language], language)
	surplus = sum(bool(row.problems) for row in analysis.rows)
	counts = (("rows", len(analysis.rows)), ("groups", len(analysis.groups)), ("problem_rows", surplus))
	print(text(language, "done", *(counted(language, f"count_{key}", n) for key, n in counts), folder))
	if table.other_sheets:
		print(text(language, "other_sheets", listed(language, table.other_sheets)))


def _folder_beside(source: Path) -> Path:
	"""Return leads-audit; leads.xlsx-audit where leads.csv lies beside it, so that neither takes the place of the other's results."""
	twins = (source.with_suffix(ending) for ending in _ENDINGS if ending != source.suffix.lower())
	name = source.name if any(twin.exists() for twin in twins) else source.stem
	return source.with_name(f"{name}-audit")


def _write(
	folder: Path, source: Path, table: Table, analysis: Analysis, languages: Sequence[str], language: str
) -> None:
	cleaned = folder / f"{source.stem}.cleaned.csv"
	if cleaned.exists() and cleaned.samefile(source):
		raise OSError("the cleaned file would overwrite its source")
	with _bar(language, "writing", len(analysis.rows)) as written:
		write_cleaned(cleaned, table, analysis, written)
	for each in languages:
		report = Report(each, source, cleaned, table, analysis)
		(folder / f"{source.stem}.report.{each}.html").write_text(report.html(), encoding="utf-8")


def _opened(source: Path, sheet: str | None, language: str) -> Table:
	try:
		if not source.exists():
			raise Refused(text(language, "error_missing", source))
		return open_table(source, sheet)
	except OSError as error:
		raise Refused(text(language, "error_unreadable", source)) from error


@contextmanager
def _writing_to(folder: Path, language: str) -> Iterator[None]:
	try:
		yield
	except OSError as error:
		raise Refused(text(language, "error_output", folder)) from error


def _length(table: Table) -> int | None:
	"""How many rows the bars count to. Reading the file once more is a small part of the work, and is done for somebody who looks on."""
	return sum(1 for _row in table.rows()) if sys.stderr.isatty() else None


@contextmanager
def _bar(language: str, key: str, length: int | None) -> Iterator[Callable[[int], None]]:
	"""A progress bar on a terminal, nothing elsewhere; yields a function that is told the count so far."""
	looks = {"unit": "", "unit_scale": True, "delay": 1}
	# disable=None: only where stderr is a terminal. leave=False: the last line is the result.
	with tqdm(desc=text(language, key), total=length, disable=None, leave=False, **looks) as bar:
		yield lambda count: bar.update(count - bar.n)


class _Parser(argparse.ArgumentParser):
	language = "en"

	def error(self, message: str) -> NoReturn:
		raise Refused(text(self.language, "error_usage", message))


def _parser(language: str) -> argparse.ArgumentParser:
	parser = _Parser(
		prog="dafater-audit",
		description="Look for duplicates and mistakes in a file of leads. Nothing leaves this computer.",
	)
	parser.language = language
	parser.add_argument("file", metavar="FILE", help="a CSV or XLSX file with one row of headings")
	parser.add_argument("--output", metavar="DIR", help="folder for the results (FILE-audit beside the file)")
	parser.add_argument(
		"--language", choices=tuple(_OPTIONS), default="both", help="language of the report (both)"
	)
	parser.add_argument("--sheet", metavar="NAME", help="sheet of a workbook (the first that is not empty)")
	parser.add_argument(
		"--region", default="SA", metavar="CODE", help="country of phone numbers without a country code (SA)"
	)
	parser.add_argument("--version", action="version", version=f"dafater-audit {__version__}")
	return parser


def _language_of_messages(arguments: Sequence[str]) -> str:
	"""The language asked for, before anything is parsed; where both are, that of the environment."""
	for place, argument in enumerate(arguments):
		name, _, value = argument.partition("=")
		if name == "--language":
			value = value or "".join(arguments[place + 1 : place + 2])
			if value in LANGUAGES:
				return value
	setting = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
	return "ar" if setting.lower().startswith("ar") else "en"


def _failed(language: str, message: str) -> int:
	line = " ".join(message.split())
	print(text(language, "error", line), file=sys.stderr)
	return FAILED


def _utf8_output() -> None:
	"""Arabic must not fail on a console with another encoding."""
	for stream in (sys.stdout, sys.stderr):
		if hasattr(stream, "reconfigure"):
			stream.reconfigure(errors="replace")


if __name__ == "__main__":
	sys.exit(main())
