"""In which encoding a text file was written: Excel in Saudi Arabia saves UTF-8, UTF-16 and Windows-1256."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from dafater_crm.domain.errors import RuleError

_CHUNK = 1024 * 1024
_BOMS = (
	(codecs.BOM_UTF8, "utf-8-sig"),
	(codecs.BOM_UTF16_LE, "utf-16"),
	(codecs.BOM_UTF16_BE, "utf-16"),
)
# A byte cut out of a text does not make it Windows-1256: for each broken one so many others must decode. Arabic in Windows-1256
# hardly ever makes a letter of UTF-8, whose second byte is there a sign or a letter of other languages, such as ، behind a word.
_WHOLE_FOR_BROKEN = 4
_ARABIC_SHARE = 0.6
_FALLBACKS = ("cp1256", "cp1252")
_SAMPLE = 256 * 1024


def find_encoding(stream: BinaryIO) -> str:
	"""Return the name of the encoding; the stream is read from its beginning and left there.

	A byte order mark decides; then UTF-16 without one (every other byte zero); then UTF-8 if it decodes, but for a few bytes; then
	Windows-1256 if most of what is not ASCII comes out as Arabic letters, else Windows-1252. Raises "file_not_text" for
	anything that holds zero bytes otherwise.
	"""
	stream.seek(0)
	head = stream.read(_SAMPLE)
	stream.seek(0)
	for mark, name in _BOMS:
		if head.startswith(mark):
			return name
	if b"\x00" in head:
		return _utf16_without_mark(head)
	broken, beyond_ascii = _utf8_errors(stream)
	stream.seek(0)
	if broken * _WHOLE_FOR_BROKEN <= beyond_ascii - broken:
		return "utf-8"
	return _FALLBACKS[0] if _looks_arabic(head) else _FALLBACKS[1]


def _utf16_without_mark(head: bytes) -> str:
	even, odd = head[0::2].count(0), head[1::2].count(0)
	half = len(head) // 2
	if odd > half * 0.2 and even < half * 0.02:
		return "utf-16-le"
	if even > half * 0.2 and odd < half * 0.02:
		return "utf-16-be"
	raise RuleError("file_not_text")


def _utf8_errors(stream: BinaryIO) -> tuple[int, int]:
	"""Count what UTF-8 cannot decode, and all characters beyond ASCII."""
	decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
	broken = beyond = 0
	while chunk := stream.read(_CHUNK):
		text = decoder.decode(chunk)
		if text.isascii():
			continue
		broken += text.count("\ufffd")
		beyond += sum(not char.isascii() for char in text)
	broken += decoder.decode(b"", final=True).count("\ufffd")
	return broken, beyond


def _looks_arabic(head: bytes) -> bool:
	"""Tell whether the bytes beyond ASCII make Arabic words in Windows-1256."""
	text = head.decode("cp1256", errors="replace")
	beyond = [char for char in text if not char.isascii()]
	arabic = sum("\u0621" <= char <= "\u06ff" for char in beyond)
	return bool(beyond) and arabic >= _ARABIC_SHARE * len(beyond)
