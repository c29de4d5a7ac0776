from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.contract_status import status_of

TODAY = date(2026, 6, 15)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PAST, FUTURE = date(2026, 1, 1), date(2026, 12, 31)

STATUSES = {"Draft", "Sent", "Signed", "Active", "Fulfilled", "Lapsed", "Expired", "Terminated", "Cancelled"}


def status(**changes) -> str:
	"""Return the status of an active contract of this year, with changes."""
	facts = {
		"docstatus": 1,
		"sent_on": PAST,
		"signed_on": PAST,
		"start_date": PAST,
		"end_date": FUTURE,
		"obligations": [],
		"terminated_on": None,
		"today": TODAY,
		"require_fulfilment": False,
	}
	return status_of(**{**facts, **changes})


@pytest.mark.parametrize(
	("changes", "answer"),
	[
		({}, "Active"),
		# 1 cancelled
		({"docstatus": 2, "terminated_on": PAST}, "Cancelled"),
		# 2 terminated
		({"terminated_on": TODAY}, "Terminated"),
		({"terminated_on": TOMORROW}, "Active"),
		({"terminated_on": PAST, "signed_on": None}, "Terminated"),
		({"terminated_on": PAST, "end_date": YESTERDAY}, "Terminated"),
		({"terminated_on": PAST, "docstatus": 0, "sent_on": None}, "Draft"),
		# 3 not submitted or not signed
		({"docstatus": 0, "sent_on": None, "signed_on": None}, "Draft"),
		({"docstatus": 0, "signed_on": None}, "Sent"),
		({"docstatus": 0}, "Sent"),
		({"docstatus": 0, "sent_on": TOMORROW}, "Draft"),
		({"sent_on": None, "signed_on": None}, "Draft"),
		({"signed_on": None}, "Sent"),
		({"signed_on": TOMORROW}, "Sent"),
		({"signed_on": None, "end_date": YESTERDAY}, "Sent"),
		({"sent_on": None}, "Active"),
		# 4 signed, not begun
		({"start_date": TOMORROW}, "Signed"),
		({"start_date": TODAY}, "Active"),
		({"start_date": None}, "Active"),
		({"start_date": None, "signed_on": TODAY}, "Active"),
		# 7 expired: the end date is the last day
		({"end_date": TODAY}, "Active"),
		({"end_date": YESTERDAY}, "Expired"),
		({"end_date": None}, "Active"),
	],
)
def test_without_fulfilment(changes, answer):
	assert status(**changes) == answer


@pytest.mark.parametrize(
	("obligations", "changes", "answer"),
	[
		([], {}, "Active"),
		([], {"end_date": YESTERDAY}, "Expired"),
		([(PAST, True), (FUTURE, True)], {}, "Fulfilled"),
		([(PAST, True)], {"end_date": YESTERDAY}, "Fulfilled"),
		([(PAST, True), (YESTERDAY, False)], {}, "Lapsed"),
		([(YESTERDAY, False)], {"end_date": YESTERDAY}, "Lapsed"),
		([(TODAY, False)], {}, "Active"),
		([(PAST, True), (FUTURE, False)], {}, "Active"),
		([(None, False)], {}, "Active"),
		([(None, False)], {"end_date": None}, "Active"),
		([(None, False)], {"end_date": YESTERDAY}, "Lapsed"),
		([(None, True)], {}, "Fulfilled"),
		([(FUTURE, False)], {"end_date": YESTERDAY}, "Expired"),
		([(YESTERDAY, False)], {"start_date": TOMORROW}, "Signed"),
		([(YESTERDAY, False)], {"signed_on": None}, "Sent"),
		([(YESTERDAY, False)], {"terminated_on": TODAY}, "Terminated"),
		([(YESTERDAY, False)], {"require_fulfilment": False}, "Active"),
		([(YESTERDAY, True)], {"require_fulfilment": False}, "Active"),
	],
)
def test_with_fulfilment(obligations, changes, answer):
	assert status(obligations=obligations, **{"require_fulfilment": True, **changes}) == answer


def test_datetimes_count_as_their_day():
	assert status(signed_on=datetime(2026, 6, 15, 23), today=datetime(2026, 6, 15, 1)) == "Active"
	assert status(end_date=datetime(2026, 6, 15), today=TODAY) == "Active"


@pytest.mark.parametrize("docstatus", [-1, 3, None])
def test_an_unknown_docstatus_is_a_bug(docstatus):
	with pytest.raises(ValueError, match="unknown docstatus"):
		status(docstatus=docstatus)


day = st.one_of(st.none(), st.dates(date(2026, 6, 1), date(2026, 6, 30)))
contracts = st.fixed_dictionaries(
	{
		"docstatus": st.sampled_from([0, 1, 2]),
		"sent_on": day,
		"signed_on": day,
		"start_date": day,
		"end_date": day,
		"obligations": st.lists(st.tuples(day, st.booleans()), max_size=4),
		"terminated_on": day,
		"require_fulfilment": st.booleans(),
	}
)


@given(contracts)
def test_every_combination_has_one_of_the_statuses(contract):
	answer = status(**contract)
	assert answer in STATUSES
	assert (answer == "Cancelled") == (contract["docstatus"] == 2)
	if contract["docstatus"] == 0 or not contract["signed_on"]:
		assert answer in {"Draft", "Sent", "Terminated", "Cancelled"}
	if not contract["require_fulfilment"]:
		assert answer not in {"Fulfilled", "Lapsed"}


ORDER = ["Draft", "Sent", "Signed", "Active", "Expired", "Lapsed", "Terminated"]


@given(contracts.filter(lambda contract: contract["docstatus"] == 1))
def test_time_alone_never_turns_a_contract_back(contract):
	walked = [status(**contract, today=date(2026, 5, 30) + timedelta(days=number)) for number in range(35)]
	settled = [answer for answer in walked if answer != "Fulfilled"]
	assert [ORDER.index(answer) for answer in settled] == sorted(ORDER.index(answer) for answer in settled)


@given(contracts, st.permutations(range(4)))
def test_the_order_of_obligations_does_not_matter(contract, order):
	shuffled = [contract["obligations"][index] for index in order if index < len(contract["obligations"])]
	assert status(**contract) == status(**{**contract, "obligations": shuffled})
