"""PDF files that a reader can open: later releases of Frappe read each one before they keep it."""

from __future__ import annotations

import io

from pypdf import PdfWriter


def pdf(title: str = "", program: str = "") -> bytes:
	"""One empty page; titles make files differ, `program` is JavaScript that runs when the file is opened."""
	writer, content = PdfWriter(), io.BytesIO()
	writer.add_blank_page(200, 200)
	if title:
		writer.add_metadata({"/Title": title})
	if program:
		writer.add_js(program)
	writer.write(content)
	return content.getvalue()
