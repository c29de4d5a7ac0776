from __future__ import annotations

import re
from pathlib import Path

import pytest

from dafater_crm.domain.send_errors import (
	MAX_ATTEMPTS,
	MESSAGES,
	action_for,
	explanation,
	has_stopped_marketing,
	is_known,
	is_unknown,
	retry_after,
)


@pytest.mark.parametrize(
	("code", "action"),
	[
		*((code, "retry") for code in (1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133016)),
		(131049, "later"),
		*((code, "stop") for code in (0, 3, 10, 190, *range(200, 300), 368, 131031, 131042)),
		*((code, "stop") for code in (131045, 130497, 131048, 131064)),
		*((code, "fail") for code in (100, 130472, 131005, 131008, 131009, 131021, 131026, 131030, 131037)),
		*((code, "fail") for code in (131047, 131050, 131051, 131052, 131053, 131062, 131063, 132000)),
		*((code, "fail") for code in (132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068)),
		*((code, "fail") for code in (132069, 137000)),
		(424242, "fail"),
	],
)
def test_the_table(code, action):
	assert action_for(code, 400) == action


@pytest.mark.parametrize(
	("status", "action"),
	[
		(429, "retry"),
		(500, "retry"),
		(503, "retry"),
		(408, "retry"),
		(401, "stop"),
		(403, "stop"),
		(404, "fail"),
	],
)
def test_without_a_code_the_http_status_decides(status, action):
	assert action_for(None, status) == action


def test_without_any_answer_it_is_sent_again():
	assert action_for(None) == "retry"


def test_an_outage_outweighs_an_unknown_code_but_not_a_known_one():
	assert action_for(424242, 503) == "retry"
	assert action_for(100, 500) == "fail"
	assert action_for(190, 503) == "stop"
	assert action_for(424242, 403) == "fail"


@pytest.mark.parametrize(("code", "subcode"), [(10, 2018278), (10, 2534022), (200, 1545041), (100, 2018001)])
def test_one_persons_refusal_does_not_stop_the_account(code, subcode):
	assert action_for(code, 400, subcode) == "fail"
	assert is_known(code, subcode)


def test_unknown_codes_are_told_apart():
	assert is_known(131047)
	assert not is_known(424242)
	assert not is_known(None)
	assert is_unknown("424242") and is_unknown("424242/7")
	for code in (None, "", "network", "http 500", "131047", "10/2018278", "999/2018278"):
		assert not is_unknown(code), code


def test_who_stopped_marketing():
	assert has_stopped_marketing("131050")
	assert not has_stopped_marketing("131049") and not has_stopped_marketing(None)


@pytest.mark.parametrize(
	("code", "waits"),
	[
		(131056, [4, 16, 64, 256, 1024, 3600, 3600]),
		(130429, [30, 60, 120, 240, 480, 960, 1920, 3600]),
		(131000, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
		(None, [5, 10, 20]),
		(131049, [86400, 86400]),
	],
)
def test_waits(code, waits):
	assert [retry_after(code, attempt) for attempt in range(1, len(waits) + 1)] == waits


def test_the_provider_is_never_undercut_and_jitter_only_adds():
	assert retry_after(130429, 1, asked=600) == 600
	assert retry_after(130429, 3, asked=10) == 120
	assert retry_after(130429, 1, asked=10**9) == 86400
	assert retry_after(130429, 1, jitter=1.0) == 36
	assert retry_after(131000, 10**6) == 3600
	assert retry_after(131056, 10**6) == 3600


def test_all_attempts_outlast_an_outage_of_two_hours():
	assert sum(retry_after(131000, attempt) for attempt in range(1, MAX_ATTEMPTS)) > 2 * 3600


@pytest.mark.parametrize(
	("code", "key"),
	[
		("131047", "send_window_closed"),
		(131047, "send_window_closed"),
		("10/2018278", "send_window_closed"),
		("200/1545041", "send_person_unreachable"),
		("190", "send_token_invalid"),
		("132001", "send_template_missing"),
		("unknown", "send_fate_unknown"),
		("window", "send_window_closed"),
		("network", "send_no_connection"),
		("http 503", "send_no_connection"),
		("media", "send_file_gone"),
		("upload", "send_media_refused"),
		("mailbox", "send_mailbox"),
	],
)
def test_explanations(code, key):
	assert explanation(code) == MESSAGES[key]


@pytest.mark.parametrize("code", [None, "", "424242", "-1", "x/2018278x"])
def test_what_has_no_explanation(code):
	assert explanation(code) is None


def test_each_word_of_our_own_for_a_failure_is_explained():
	"""Every `SendError("word", …)` in the source, so that a new one is not shown in English."""
	package = Path(__file__).parents[2] / "dafater_crm"
	words = set()
	for source in package.rglob("*.py"):
		words |= set(re.findall(r'SendError\(\s*"([a-z_ ]+)"', source.read_text(encoding="utf-8")))
	assert {"network", "media", "mailbox"} <= words
	assert [word for word in sorted(words) if explanation(word) is None] == []
