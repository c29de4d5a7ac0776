"""Web addresses: origins that may frame a page, pages that visitors are sent to, addresses kept for information."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import urls
from dafater_crm.domain.errors import RuleError


@pytest.mark.parametrize(
	("typed", "origin"),
	[
		("https://www.Example.com", "https://www.example.com"),
		(" https://www.example.com/ ", "https://www.example.com"),
		("https://shop.example.com:8443", "https://shop.example.com:8443"),
		("https://xn--mgbh0fb.xn--mgberp4a5d4ar", "https://xn--mgbh0fb.xn--mgberp4a5d4ar"),
		("http://localhost:3000", "http://localhost:3000"),
	],
)
def test_origins(typed, origin):
	assert urls.origin(typed) == origin


@pytest.mark.parametrize(
	"typed",
	[
		"",
		"*",
		"example.com",
		"http://example.com",
		"https://*.example.com",
		"https://example.com/page",
		"https://example.com?x",
		"https://example.com#x",
		"https://user@example.com",
		"https://example.com; script-src *",
		"https://example.com:x",
		"https://example",
		"https://[::1",
		"javascript://example.com",
		"//example.com",
		"https://evil.example\\@good.example",
	],
)
def test_what_is_no_origin(typed):
	with pytest.raises(RuleError) as error:
		urls.origin(typed)
	assert error.value.code == "origin_invalid"


def test_pages():
	page = "https://www.example.com/شكرا?from=form#top"
	assert urls.https_page(f" {page} ") == page
	assert urls.origin_of(page) == "https://www.example.com"


@pytest.mark.parametrize(
	"typed",
	[
		"",
		"/thanks",
		"//evil.example/x",
		"http://www.example.com/x",
		"javascript:alert(1)",
		"https:/evil.example",
		"https:evil.example",
		"https://good.example@evil.example/",
		"https://evil.example\\.good.example/",
		"https://www.example.com/a b",
		'https://www.example.com/"x',
		"https://www.example.com/;x",
	],
)
def test_what_is_no_page(typed):
	with pytest.raises(RuleError) as error:
		urls.https_page(typed)
	assert error.value.code == "page_invalid"


@pytest.mark.parametrize(
	("raw", "kept"),
	[
		("https://search.example/?q=x", "https://search.example/?q=x"),
		("javascript:alert(1)", ""),
		(None, ""),
		(7, ""),
		("https://x.example/<script>", "https://x.example/script"),
		("https://x.example/" + "y" * 50, "https://x.example/yy"),
		("https://[::1", ""),
	],
)
def test_addresses_kept_for_information(raw, kept):
	assert urls.for_information(raw, 20 if "yyy" in str(raw) else 140) == kept


@pytest.mark.parametrize("text", ["https://www.example.com/x", "http://example.com", "https://موقع.السعودية"])
def test_websites(text):
	assert urls.is_website(text)


@pytest.mark.parametrize(
	"text", ["", "x", "https://not a website", "https://x", "javascript:a.b", "https://.x", "https://[::1"]
)
def test_what_is_no_website(text):
	assert not urls.is_website(text)


@given(st.text(max_size=300))
def test_information_never_fails_and_never_exceeds(text):
	assert len(urls.for_information(f"https://{text}", 100)) <= 100
