"""Finished CSV and XLSX files made to open rightly in Excel: the direction of the sheets, the mark of UTF-8."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_VIEW = re.compile(rb"<sheetView(?![^>]*rightToLeft)(?=[\s/>])")


def right_to_left(workbook: bytes) -> bytes:
	"""The same XLSX with its sheets from right to left (`rightToLeft` of `sheetView`, ECMA-376 part 1, 18.3.1.87).

	Only that attribute is added: to read and write the workbook anew takes as long as to make it.
	"""
	found = io.BytesIO()
	with (
		zipfile.ZipFile(io.BytesIO(workbook)) as old,
		zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new,
	):
		for part in old.infolist():
			content = old.read(part)
			if _SHEET.fullmatch(part.filename):
				content = _VIEW.sub(b'<sheetView rightToLeft="1"', content, count=1)
			new.writestr(part, content)
	return found.getvalue()


def with_mark(text: bytes) -> bytes:
	"""The same CSV with the mark by which Excel knows UTF-8, where it holds more than ASCII."""
	return text if text.isascii() or text.startswith(codecs.BOM_UTF8) else codecs.BOM_UTF8 + text
