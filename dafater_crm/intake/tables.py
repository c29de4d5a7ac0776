"""Opening a file of leads, whatever it is: CSV or an Excel workbook."""

from __future__ import annotations

from pathlib import Path

from dafater_crm.domain.errors import RuleError

from .csv_file import read_csv
from .limits import MEGABYTE, Limits
from .table import Table
from .xlsx_checks import OLE2, ZIP
from .xlsx_file import read_xlsx


def open_table(path: str | Path, sheet: str | None = None, limits: Limits | None = None) -> Table:
	"""Return the Table of a file; what it is, is read from its first bytes, not from its name.

	Raises RuleError with a code that begins with "file_" and says what to do; OSError where the file cannot be read.
	Nothing is kept in memory but the first rows: ``Table.rows()`` reads on.
	"""
	limits = limits or Limits()
	path = Path(path)
	size = path.stat().st_size
	if size == 0:
		raise RuleError("file_empty")
	if size > limits.file_size:
		raise RuleError(
			"file_too_large", size=round(size / MEGABYTE, 1), limit=round(limits.file_size / MEGABYTE, 1)
		)
	with path.open("rb") as stream:
		head = stream.read(len(OLE2))
	if head.startswith((ZIP, OLE2)) or path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
		return read_xlsx(path, limits, sheet)
	return read_csv(path, limits)
