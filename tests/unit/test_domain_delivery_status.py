from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.delivery_status import Progress, changes, merge, sending_again

T = datetime(2026, 3, 1, 9, 0, 0)
SENT = ("Sent", T, None, None)
DELIVERED = ("Delivered", T + timedelta(seconds=5), None, None)
SEEN = ("Seen", T + timedelta(minutes=5), None, None)
FAILED = ("Failed", T + timedelta(seconds=1), "131026", "Message undeliverable")


def all_merged(reports, progress=None):
	progress = progress or Progress()
	for report in reports:
		progress = merge(progress, *report)
	return progress


@pytest.mark.parametrize("order", permutations([SENT, DELIVERED, SEEN, FAILED]))
def test_every_order_of_the_four_reports_ends_the_same(order):
	assert all_merged(order) == Progress(
		status="Seen",
		sent_on=T,
		delivered_on=T + timedelta(seconds=5),
		read_on=T + timedelta(minutes=5),
		failed_on=T + timedelta(seconds=1),
		error_code="131026",
		error="Message undeliverable",
	)


@pytest.mark.parametrize("order", permutations([SENT, DELIVERED, SEEN]))
def test_no_order_steps_back(order):
	rank = ["Queued", "Sent", "Delivered", "Seen"]
	progress, seen = Progress(), []
	for report in order:
		progress = merge(progress, *report)
		seen.append(rank.index(progress.status))
	assert seen == sorted(seen)
	assert progress.status == "Seen"


@pytest.mark.parametrize("order", permutations([SENT, FAILED]))
def test_failed_is_final_after_sent(order):
	progress = all_merged(order)
	assert (progress.status, progress.error_code) == ("Failed", "131026")


def test_a_failure_may_come_before_the_answer_to_the_send():
	early = merge(Progress(status="Sending"), *FAILED)
	assert early.status == "Failed"
	assert merge(early, *SENT).status == "Failed"


def test_what_arrived_did_not_fail():
	assert all_merged([FAILED, DELIVERED]).status == "Delivered"


def test_seen_alone_implies_delivered_and_sent():
	progress = merge(Progress(), *SEEN)
	assert progress.delivered_on == progress.sent_on == progress.read_on == T + timedelta(minutes=5)
	later = merge(progress, *DELIVERED)
	assert (later.status, later.delivered_on) == ("Seen", T + timedelta(seconds=5))


def test_changes_names_what_a_report_changed_and_nothing_for_a_repetition():
	before = merge(Progress(), *SENT)
	after = merge(before, *DELIVERED)
	assert changes(before, after) == {"status": "Delivered", "delivered_on": T + timedelta(seconds=5)}
	assert changes(after, merge(after, *DELIVERED)) == {}


def test_sending_again_forgets_the_failure_and_only_a_failure():
	assert sending_again(all_merged([SENT, FAILED])) == Progress()
	with pytest.raises(ValueError):
		sending_again(merge(Progress(), *SENT))


@pytest.mark.parametrize("status", ["Queued", "Received", "", "deleted"])
def test_what_is_no_report_is_refused(status):
	with pytest.raises(ValueError):
		merge(Progress(), status, T)


reports = st.tuples(
	st.sampled_from(["Sent", "Delivered", "Seen", "Failed"]),
	st.integers(0, 20).map(lambda seconds: T + timedelta(seconds=seconds)),
	st.sampled_from([None, "1", "131026"]),
	st.sampled_from([None, "a", "b"]),
)


@given(st.lists(reports, max_size=8), st.data())
def test_order_and_repetition_never_matter(some, data):
	shuffled = data.draw(st.permutations(some + data.draw(st.lists(st.sampled_from(some))) if some else some))
	assert all_merged(some) == all_merged(shuffled)
