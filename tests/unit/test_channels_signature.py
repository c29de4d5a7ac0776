from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.channels.signature import is_valid, is_verification, sign

HELLO = "sha256=f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17"
HELLO2 = "sha256=60905fdf409d0b4f721e99f6f25b31567a68a6b45e933d814e17a246be4c5a53"


def test_vectors():
	assert sign("sesame", b"hello world") == HELLO
	assert len(HELLO) == 71
	assert is_valid("sesame", b"hello world", HELLO)
	assert is_valid("sesame", b"hello world2", HELLO2)
	assert is_valid("sesame", b"hello world", HELLO.upper().replace("SHA256", "sha256"))


@pytest.mark.parametrize(
	"header",
	[
		*(None, "", "sha256=", HELLO2, HELLO[:-1], HELLO + "0", f" {HELLO}", f"{HELLO}\n"),
		*(
			HELLO.replace("sha256=", ""),
			HELLO.replace("sha256", "sha1"),
			HELLO[:-1] + "٣",
			HELLO[:-1] + "g",
			b"x",
			5,
		),
	],
)
def test_refused(header):
	assert not is_valid("sesame", b"hello world", header)


@pytest.mark.parametrize("secrets", ["", [], [""], ["", ""]])
def test_without_a_secret_everything_is_refused(secrets):
	empty = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
	assert not is_valid(secrets, b"", empty)
	with pytest.raises(ValueError):
		sign("", b"hello world")


def test_one_of_several_secrets_is_enough():
	assert is_valid(["other", "sesame"], b"hello world", HELLO)
	assert is_valid(["sesame", "other"], b"hello world", HELLO)
	assert not is_valid(["other", "another"], b"hello world", HELLO)


def test_the_body_counts_as_it_came():
	escaped = b'{"text":"\\u0645\\u0631\\u062d\\u0628\\u0627"}'
	written_again = '{"text":"مرحبا"}'.encode()
	assert is_valid("sesame", escaped, sign("sesame", escaped))
	assert not is_valid("sesame", written_again, sign("sesame", escaped))


@given(st.text(min_size=1).filter(lambda text: text.isprintable()), st.binary(), st.binary())
def test_a_signature_fits_its_own_body_alone(secret, body, other):
	assert is_valid(secret, body, sign(secret, body))
	assert is_valid(secret, other, sign(secret, body)) == (other == body)


@pytest.mark.parametrize(
	("mode", "token", "known", "expected"),
	[
		("subscribe", "T", ["S", "T"], True),
		("subscribe", "T", ["S"], False),
		("subscribe", "", ["", None], False),
		("subscribe", None, [None], False),
		("unsubscribe", "T", ["T"], False),
		(None, "T", ["T"], False),
		("subscribe", "رمز", ["رمز"], True),
	],
)
def test_verification(mode, token, known, expected):
	assert is_verification(mode, token, known) is expected
