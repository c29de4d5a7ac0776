"""Is this file a workbook that can be opened without harm?"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from dafater_crm.domain.errors import RuleError

from .limits import Limits

# Excel 97-2003, and every encrypted workbook, are OLE2 containers (MS-CFB 2.2).
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_BYTES = 4 * 1024 * 1024
_HEAD = 4096
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def refuse_other_formats(path: Path) -> None:
	"""Raise "file_encrypted", "file_old_excel" or "file_not_workbook" for what is not a zip with a workbook."""
	with path.open("rb") as stream:
		head = stream.read(_DIRECTORY_BYTES)
	if head.startswith(OLE2):
		raise RuleError("file_encrypted" if _ENCRYPTED_STREAM in head else "file_old_excel")
	if not zipfile.is_zipfile(path):
		raise RuleError("file_not_workbook")


def refuse_bombs(archive: zipfile.ZipFile, limits: Limits) -> None:
	"""Raise "file_unpacks_too_large" before anything is unpacked, "file_not_workbook" for XML with a DTD.

	The sizes are those of the archive's directory; zipfile never unpacks more of a member than it declares.
	"""
	members = archive.infolist()
	if any(member.flag_bits & 1 for member in members):
		raise RuleError("file_encrypted")
	if "xl/workbook.xml" not in archive.namelist():
		raise RuleError("file_not_workbook")
	whole = sum(member.file_size for member in members)
	texts = sum(member.file_size for member in members if member.filename.endswith("sharedStrings.xml"))
	packed = max(1, sum(member.compress_size for member in members))
	bomb = whole > limits.packing_counts_from and whole > packed * limits.packing
	if bomb or whole > limits.unpacked or texts > limits.texts:
		raise RuleError("file_unpacks_too_large")
	for member in members:
		if member.filename.endswith((".xml", ".rels")):
			with archive.open(member) as stream:
				if _DECLARATION.search(stream.read(_HEAD)):
					raise RuleError("file_not_workbook")
