"""Did a person write this mail, and what is the person called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.mail_headers import is_automatic, person_name
from dafater_crm.domain.spam import count_links, too_many_links

PERSON = "sara@example.com"


@pytest.mark.parametrize(
	"headers",
	[
		{"auto-submitted": "auto-replied"},
		{"auto-submitted": "Auto-Generated; type=x"},
		{"precedence": "Bulk"},
		{"precedence": " list "},
		{"list-id": ""},
		{"x-auto-response-suppress": "All"},
		{"return-path": "<>"},
	],
)
def test_programs_by_their_headers(headers):
	assert is_automatic(headers, PERSON)


@pytest.mark.parametrize(
	"sender",
	[
		"mailer-daemon@x.example",
		"No-Reply@x.example",
		"donotreply@x.example",
		"bounce+a=b@x.example",
		"notifications@x.example",
	],
)
def test_programs_by_their_address(sender):
	assert is_automatic({}, sender)


def test_a_delivery_report_is_a_program():
	assert is_automatic({}, PERSON, "multipart/report")


@pytest.mark.parametrize(
	("headers", "sender"),
	[
		({}, PERSON),
		({"auto-submitted": "no"}, PERSON),
		({"precedence": "first-class", "return-path": "<sara@example.com>"}, PERSON),
		({}, "postmasterson@x.example"),
		({}, "noreplyton@x.example"),
	],
)
def test_people(headers, sender):
	assert not is_automatic(headers, sender)


@pytest.mark.parametrize(
	("display", "address", "name"),
	[
		("سارة القحطاني", PERSON, "سارة القحطاني"),
		('"Sara A."', PERSON, "Sara A."),
		("", "sara.al_qahtani7@example.com", "Sara Al Qahtani"),
		(None, "123@example.com", "123"),
		("sara@example.com", PERSON, "Sara"),
		("=Sara", PERSON, "Sara"),
		("<script>", PERSON, "script"),
	],
)
def test_names(display, address, name):
	assert person_name(display, address) == name


@given(st.text(max_size=300))
def test_a_name_is_never_empty_or_too_long(display):
	assert 0 < len(person_name(display, PERSON)) <= 140


def test_links_are_counted_in_every_notation():
	assert count_links("see HTTP://a.example www.b.example [URL=c] <a href=d>") == 4
	assert count_links(None) == count_links("no.links@here.example") == 0
	values = {"website": "https://own.example", "request": "https://a.example https://b.example"}
	assert too_many_links(values) and not too_many_links(values, ignore=("website",))
