"""Small files that really are what they say, made with the standard library alone."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib


def picture(seed: int, width: int = 320, height: int = 200) -> bytes:
	"""A PNG: two colours that run into each other, others for each seed."""
	one, two = [
		(seed * factor % 200 + 40, seed * factor * 7 % 200 + 40, seed * factor * 13 % 200 + 40)
		for factor in (3, 5)
	]
	rows = bytearray()
	for y in range(height):
		part = y / height
		colour = bytes(int(a + (b - a) * part) for a, b in zip(one, two, strict=True))
		rows += b"\0" + colour * width
	header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
	chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
	return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def document(title: str) -> bytes:
	"""A PDF of one page with a line of Latin text."""
	text = f"BT /F1 20 Tf 60 760 Td ({title.encode('ascii', 'replace').decode()}) Tj ET".encode()
	objects = [
		b"<< /Type /Catalog /Pages 2 0 R >>",
		b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
		b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	]
	out, places = bytearray(b"%PDF-1.4\n"), []
	for number, body in enumerate(objects, start=1):
		places.append(len(out))
		out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
	start = len(out)
	out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
	out += b"".join(b"%010d 00000 n \n" % place for place in places)
	return bytes(
		out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
	)


def sound(seconds: float = 1.0, hertz: int = 440) -> bytes:
	"""A WAV: one tone."""
	held, rate = io.BytesIO(), 8000
	with wave.open(held, "wb") as target:
		target.setnchannels(1)
		target.setsampwidth(2)
		target.setframerate(rate)
		steps = range(int(seconds * rate))
		samples = (int(9000 * math.sin(2 * math.pi * hertz * step / rate)) for step in steps)
		target.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
	return held.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
	return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
