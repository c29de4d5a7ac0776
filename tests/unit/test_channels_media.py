"""Files: fetched in pieces and checked, uploaded; and what a file is by its bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.channels.file_types import (
	HEAD,
	LONGEST_NAME,
	clean_name,
	extension,
	is_refused,
	kind_of,
	sniff,
)
from dafater_crm.channels.media import MEGABYTE, MediaError, download, upload
from dafater_crm.domain.channels import AccountConfig, Media, SendError
from tests.provider.server import ProviderServer

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 100
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"x" * 100
OGG = b"OggS\x00\x02" + b"\0" * 60
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 40


def zipped(*names: str) -> bytes:
	held = io.BytesIO()
	with zipfile.ZipFile(held, "w") as archive:
		for name in names:
			archive.writestr(name, "x")
	return held.getvalue()


@pytest.fixture
def provider():
	with ProviderServer() as running:
		yield running


def account(provider, channel="WhatsApp", **more):
	values = {
		"access_token": "token",
		"graph_version": "v26.0",
		"base_url": provider.url,
		"timeout": (1.0, 1.0),
	}
	return AccountConfig(channel, "1111", **{**values, **more})


def fetched(provider, media, limit=MEGABYTE, refused=(), channel="WhatsApp"):
	found = download(account(provider, channel), media, limit, refused)
	with found.content:
		return found, found.content.read()


def refusal(provider, media, limit=MEGABYTE, refused=(), channel="WhatsApp") -> MediaError:
	with pytest.raises(MediaError) as error:
		download(account(provider, channel), media, limit, refused)
	return error.value


def test_a_picture_by_id(provider):
	media_id = provider.add_file(JPEG, "image/jpeg")
	digest = hashlib.sha256(JPEG).hexdigest()
	found, content = fetched(provider, Media("Image", media_id, sha256=digest, mime_type="image/jpeg"))
	assert content == JPEG
	assert (found.size, found.mime_type, found.kind, found.sha256) == (
		len(JPEG),
		"image/jpeg",
		"Image",
		digest,
	)
	assert found.file_name == "image.jpg"
	assert [request["path"] for request in provider.script.requests] == [
		f"/v26.0/{media_id}?phone_number_id=1111",
		f"/files/{media_id}",
	]


def test_a_picture_by_address_and_without_the_token(provider):
	media_id = provider.add_file(PNG, "image/png")
	media = Media("Image", url=provider.file_url(media_id), file_name="صورة.png")
	found, content = fetched(provider, media, channel="Messenger")
	assert (content, found.file_name) == (PNG, "صورة.png")
	assert "Authorization" not in provider.script.requests[0]["headers"]


def test_a_large_file_goes_through_the_disk_in_pieces(provider):
	content = PDF + b"y" * (3 * MEGABYTE)
	found, read = fetched(
		provider, Media("Document", provider.add_file(content, "application/pdf")), 4 * MEGABYTE
	)
	assert read == content
	assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("more", [{}, {"told_size": 10}, {"told_size": 10, "content_length": False}])
def test_too_large_is_refused_whatever_was_told(provider, more):
	media = Media("Document", provider.add_file(PDF + b"y" * 200_000, "application/pdf", **more))
	error = refusal(provider, media, limit=100_000)
	assert (error.code, error.status, error.retry) == ("too_large", "Refused", False)


def test_a_wrong_hash_is_fetched_again(provider):
	error = refusal(provider, Media("Image", provider.add_file(JPEG, "image/jpeg", told_sha256="0" * 64)))
	assert (error.code, error.status, error.retry) == ("hash", "Failed", True)
	error = refusal(provider, Media("Image", provider.add_file(JPEG, "image/jpeg"), sha256="1" * 64))
	assert error.code == "hash"


def test_a_file_that_breaks_off_is_fetched_again(provider):
	error = refusal(provider, Media("Image", provider.add_file(JPEG, "image/jpeg", cut_at=50)))
	assert (error.code, error.status, error.retry) == ("interrupted", "Failed", True)


def test_expired_ids_and_addresses(provider):
	for media in (
		Media("Image", "424242"),
		Media("Image", provider.add_file(JPEG, "image/jpeg", expired=True)),
	):
		error = refusal(provider, media)
		assert (error.code, error.status, error.retry) == ("expired", "Expired", False)
	gone = Media("Image", url=provider.file_url("424242"))
	assert refusal(provider, gone, channel="Instagram").status == "Expired"


@pytest.mark.parametrize("kind", ["media", "file"])
def test_an_outage_is_tried_again(provider, kind):
	media = Media("Image", provider.add_file(JPEG, "image/jpeg"))
	provider.fail(kind, status=503, headers={"Retry-After": "9"})
	error = refusal(provider, media)
	assert (error.status, error.retry, error.retry_after) == ("Failed", True, 9)
	assert fetched(provider, media)[1] == JPEG


def test_a_dead_token_is_tried_again_once_there_is_a_new_one(provider):
	media = Media("Image", provider.add_file(JPEG, "image/jpeg"))
	with pytest.raises(MediaError) as error:
		download(account(provider, access_token="old"), media, MEGABYTE)
	assert (error.value.code, error.value.status, error.value.retry) == ("190", "Failed", True)


@pytest.mark.parametrize(
	"url",
	["http://127.0.0.1:3306/", "file:///etc/passwd", "https://evil.example/x", "http://169.254.169.254/"],
)
def test_foreign_addresses_are_not_fetched(provider, url):
	assert refusal(provider, Media("Image", url=url), channel="Messenger").code == "foreign_address"
	assert provider.script.requests == []


def test_a_redirect_is_not_followed(provider):
	media = Media("Image", provider.add_file(b"", "image/jpeg", redirect="http://127.0.0.1:3306/"))
	assert refusal(provider, media).code == "redirect"


def test_nothing_to_fetch(provider):
	assert refusal(provider, Media("Image")).code == "no_address"
	assert refusal(provider, Media("Image", provider.add_file(b"", "image/jpeg"))).code == "empty"


@pytest.mark.parametrize(
	("content", "name", "kind"),
	[
		(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a.png", "Image"),
		(b"<!DOCTYPE html><script>1</script>", "invoice.pdf", "Document"),
		(b"MZ\x90\x00" + b"\0" * 100, "invoice.pdf", "Document"),
		(PDF, "invoice.pdf.exe", "Document"),
		(PDF, "invoice.html", "Document"),
		(b"\x00\x01\x02\x03" * 20, "a.png", "Image"),
	],
)
def test_what_runs_or_is_no_picture_is_refused(provider, content, name, kind):
	error = refusal(
		provider, Media(kind, provider.add_file(content, "image/png"), mime_type="image/png", file_name=name)
	)
	assert (error.code, error.status, error.retry) == ("type", "Refused", False)


def test_the_sites_own_list_of_refused_types(provider):
	media = Media("Document", provider.add_file(PDF, "application/pdf"))
	assert refusal(provider, media, refused=(" Application/PDF ",)).status == "Refused"
	assert fetched(provider, media, refused=("text/html",))[1] == PDF


@pytest.mark.parametrize(
	("kind", "content", "shown_as"),
	[
		("Image", PDF, "Document"),
		("Image", MP4, "Video"),
		("Document", JPEG, "Document"),
		("Sticker", PNG, "Sticker"),
	],
)
def test_the_bytes_say_what_a_file_is_shown_as(provider, kind, content, shown_as):
	assert fetched(provider, Media(kind, provider.add_file(content, "x/y")))[0].kind == shown_as


def test_uploads(provider):
	media_id = upload(account(provider), io.BytesIO(PDF), "application/pdf", "عرض.pdf", "Document")
	assert provider.script.files[media_id].content == PDF
	assert provider.script.files[media_id].mime_type == "application/pdf"
	attachment = upload(account(provider, "Messenger"), io.BytesIO(PNG), "image/png", "a.png", "Image")
	assert provider.script.files[attachment].content == PNG


@pytest.mark.parametrize(
	("channel", "size", "kind", "code"),
	[("Instagram", 10, "Image", "upload"), ("WhatsApp", 5 * MEGABYTE + 1, "Image", "media_too_large")],
)
def test_uploads_that_cannot_be(provider, channel, size, kind, code):
	with pytest.raises(SendError) as error:
		upload(account(provider, channel), io.BytesIO(b"x" * size), "image/png", "a.png", kind)
	assert (error.value.code, error.value.action) == (code, "fail")
	assert provider.script.requests == []


@pytest.mark.parametrize(
	("head", "name", "mime"),
	[
		(JPEG, "", "image/jpeg"),
		(PNG, "x.jpg", "image/png"),
		(PDF, "", "application/pdf"),
		(OGG, "", "audio/ogg"),
		(MP4, "", "video/mp4"),
		(zipped("a.txt"), "a.zip", "application/zip"),
		(
			zipped("other.bin"),
			"a.docx",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		),
		(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "a.doc", "application/msword"),
		("الاسم,المبلغ\n".encode(), "a.csv", "text/csv"),
		("مرحبا".encode(), "", "text/plain"),
		(("م" * HEAD).encode()[: HEAD - 1], "", "text/plain"),
		(b"", "", "application/octet-stream"),
		(b"\x01\x02\x00\x03", "a.csv", "application/octet-stream"),
		(b"  <html>", "a.txt", "text/html"),
		(b"\xef\xbb\xbf<!-- x --><HTML>", "", "text/html"),
		(b"<?xml version='1.0'?>\n<!-- c -->\n<svg>", "a.png", "image/svg+xml"),
		(b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-'>", "", "image/svg+xml"),
		("<svg>".encode("utf-16"), "", "image/svg+xml"),
		("<script>".encode("utf-16-le"), "", "text/html"),
		(b"<htmlish>", "", "text/plain"),
		(b"#!/bin/sh\n", "a.txt", "application/x-shellscript"),
		(b"\x7fELF\x02", "", "application/x-executable"),
	],
)
def test_sniffing(head, name, mime):
	assert sniff(head, name) == mime


@pytest.mark.parametrize(
	("raw", "mime", "cleaned"),
	[
		("عرض سعر.pdf", "application/pdf", "عرض سعر.pdf"),
		("../../etc/passwd", "text/plain", "passwd.txt"),
		("..\\..\\boot.ini", "text/plain", "boot.ini.txt"),
		("invoice\u202efdp.exe", "image/png", "invoicefdp.png"),
		("photo.JPEG", "image/jpeg", "photo.jpeg"),
		("photo.pdf", "image/jpeg", "photo.jpg"),
		("offer v1.2", "application/pdf", "offer v1.2.pdf"),
		('a<b>"c|d?.png', "image/png", "a_b__c_d_.png"),
		("...", "image/png", "image.png"),
		("", "application/pdf", "document.pdf"),
		(".htaccess", "text/plain", "htaccess.txt"),
		("a\nb\tc\0.pdf", "application/pdf", "abc.pdf"),
		("report.xlsx", "application/octet-stream", "report.xlsx"),
	],
)
def test_names(raw, mime, cleaned):
	kind = "Image" if mime.startswith("image/") else "Document"
	assert clean_name(raw, mime, kind) == cleaned


@given(st.text(), st.sampled_from(["application/pdf", "image/png", "application/octet-stream", "text/plain"]))
def test_every_name_is_safe(raw, mime):
	name = clean_name(raw, mime)
	assert 0 < len(name) <= LONGEST_NAME
	assert not set('/\\<>:"|?*\0\n\r\u202e') & set(name)
	assert not name.startswith(".")
	name.encode()


@given(st.binary(max_size=200), st.text(max_size=20))
def test_sniffing_answers_for_all_bytes(head, name):
	mime = sniff(head, name)
	assert "/" in mime
	assert kind_of(mime) in ("Image", "Video", "Audio", "Document")
	assert is_refused(mime, name, [mime.upper()])


def test_extensions():
	assert (extension("a.PDF"), extension(".pdf"), extension("a."), extension("a.b c")) == ("pdf", "", "", "")
