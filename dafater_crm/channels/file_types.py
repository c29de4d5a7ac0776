"""What a file from outside really is, and what it may be called. Pure: bytes and names in, words out.

Neither the name nor the type that came along is believed: a page named invoice.pdf would run in the browser of whoever opens it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection

import filetype

# so many bytes are enough to know a file by
HEAD = 8192
LONGEST_NAME = 120
TEXT, UNKNOWN = "text/plain", "application/octet-stream"
ACTIVE = frozenset(
	{
		*("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript"),
		*("application/x-msdownload", "application/x-executable", "application/x-shellscript"),
		*("application/java-archive", "application/vnd.android.package-archive"),
	}
)
# Extensions that a desk, a browser or Windows runs, whatever is inside.
_RUNNABLE = frozenset(
	[
		"apk",
		"app",
		"bat",
		"chm",
		"cmd",
		"com",
		"cpl",
		"dll",
		"exe",
		"gadget",
		"hta",
		"htm",
		"html",
		"inf",
		"iso",
		"jar",
		"js",
		"jse",
		"lnk",
		"mht",
		"mhtml",
		"mjs",
		"msc",
		"msi",
		"msp",
		"mst",
		"pif",
		"ps1",
		"py",
		"reg",
		"scr",
		"sh",
		"shtml",
		"svg",
		"svgz",
		"swf",
		"url",
		"vb",
		"vbe",
		"vbs",
		"wsf",
		"wsh",
		"xht",
		"xhtml",
		"xml",
		"xsl",
		"xslt",
	]
)
_MARKUP = re.compile(
	r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+(html|svg)|(html|svg|head|body|script|iframe|object|embed))\b",
	re.IGNORECASE | re.DOTALL,
)
_ACTIVE_BYTES = (
	(b"MZ", "application/x-msdownload"),
	(b"\x7fELF", "application/x-executable"),
	(b"#!", "application/x-shellscript"),
	(b"\xca\xfe\xba\xbe", "application/java-archive"),
)
# Containers: inside, the extension tells the kinds apart.
_ZIP, _OLE = "application/zip", "application/x-ole-storage"
_IN_CONTAINER = {
	"docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
	"xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
	"pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
	"odt": ("application/vnd.oasis.opendocument.text", _ZIP),
	"ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
	"doc": ("application/msword", _OLE),
	"xls": ("application/vnd.ms-excel", _OLE),
	"ppt": ("application/vnd.ms-powerpoint", _OLE),
	"csv": ("text/csv", TEXT),
}
_EXTENSIONS = {
	"image/jpeg": "jpg",
	"image/png": "png",
	"image/webp": "webp",
	"image/gif": "gif",
	"video/mp4": "mp4",
	"video/3gpp": "3gp",
	"video/quicktime": "mov",
	"audio/ogg": "ogg",
	"audio/mpeg": "mp3",
	"audio/mp4": "m4a",
	"audio/aac": "aac",
	"audio/amr": "amr",
	"audio/x-wav": "wav",
	"application/pdf": "pdf",
	TEXT: "txt",
	_ZIP: "zip",
}
_SAME = {"jpeg": "jpg", "jpe": "jpg", "oga": "ogg", "opus": "ogg", "m4v": "mp4", "3gpp": "3gp"}


def sniff(head: bytes, name: str = "") -> str:
	"""Return the MIME type of a file from its first `HEAD` bytes; "text/plain" or "application/octet-stream" where nothing tells.

	The name only tells kinds of one container apart (a DOCX is a ZIP), and never makes a harmless type of a harmful one.
	"""
	markup = _markup(head)
	if markup:
		return markup
	for start, mime in _ACTIVE_BYTES:
		if head.startswith(start):
			return mime
	if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		found = _OLE
	else:
		guess = filetype.guess_mime(head) if head else None
		found = guess or (TEXT if _is_text(head) else UNKNOWN)
	inside, container = _IN_CONTAINER.get(extension(name), ("", ""))
	return inside if container == found else found


def kind_of(mime: str) -> str:
	"""Return "Image", "Video", "Audio" or "Document" for a sniffed type."""
	return {"image": "Image", "video": "Video", "audio": "Audio"}.get(mime.partition("/")[0], "Document")


def is_refused(mime: str, name: str, refused: Collection[str] = ()) -> bool:
	"""Tell whether a file must not be kept: it runs somewhere, or its type is among `refused`, which is compared without case."""
	listed = {each.strip().lower() for each in refused}
	return mime in ACTIVE or mime.lower() in listed or extension(name) in _RUNNABLE


def clean_name(raw: str, mime: str, kind: str = "Document") -> str:
	"""Return a name that is safe on disk and on the screen, at most 120 characters, with the extension that the content has.

	Folders, controls, signs that turn the reading direction ("fdp.exe" shown as "exe.pdf") and dots in front are left out. Without
	a usable name it is called after its kind.
	"""
	name = unicodedata.normalize("NFC", raw or "").replace("\\", "/").rpartition("/")[2]
	name = "".join(
		char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
	)
	name = re.sub(r'[<>:"|?*%&;$`{}\x7f]', "_", name)
	name = " ".join(name.split()).strip(" .")
	stem, ending = _split(name)
	wanted = _EXTENSIONS.get(mime)
	if wanted and _SAME.get(ending, ending) != wanted:
		# an ending of another type is no ending of this file, but may be part of its name ("offer v1.2")
		stem, ending = (stem if ending in _known_endings() else name), wanted
	stem = stem[: LONGEST_NAME - len(ending) - 1].strip(" .") or kind.lower()
	return f"{stem}.{ending}" if ending else stem


def extension(name: str) -> str:
	"""The extension in lower case, without its dot; "" where there is none."""
	return _split(name.strip())[1]


def _split(name: str) -> tuple[str, str]:
	stem, dot, ending = name.rpartition(".")
	if not dot or not stem or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
		return name, ""
	return stem, ending.lower()


def _known_endings() -> set[str]:
	return {*_EXTENSIONS.values(), *_SAME, *_IN_CONTAINER, *_RUNNABLE}


def _markup(head: bytes) -> str | None:
	"""The type of text that a browser runs, in whatever encoding it would recognise."""
	for encoding in _encodings(head):
		match = _MARKUP.match(head.decode(encoding, "ignore").lstrip("\ufeff\0"))
		if match:
			return "image/svg+xml" if "svg" in match.group().lower() else "text/html"
	return None


def _encodings(head: bytes) -> tuple[str, ...]:
	if head.startswith((b"\xff\xfe", b"\xfe\xff")):
		return ("utf-16",)
	if b"\0" in head[:4]:
		return ("utf-16-le", "utf-16-be")
	return ("utf-8",)


def _is_text(head: bytes) -> bool:
	if not head or b"\0" in head:
		return False
	try:
		# the last character may be cut in two: only what is complete counts
		codecs.getincrementaldecoder("utf-8")().decode(head)
	except UnicodeDecodeError:
		return False
	return True
