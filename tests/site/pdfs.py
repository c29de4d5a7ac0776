"""PDF files that a reader can open: later releases of Frappe read each one before they keep it."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def pdf(title: str = "", program: str = "") -> bytes:
	"""One empty page; titles make files differ, `program` is JavaScript that runs when the page is opened."""
	writer, content = PdfWriter(), io.BytesIO()
	page = writer.add_blank_page(200, 200)
	if title:
		writer.add_metadata({"/Title": title})
	if program:
		action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(program)}
		page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): DictionaryObject(action)})
	writer.write(content)
	return content.getvalue()
