"""What a search of the inbox finds: the newest of all that fit, by every spelling of a number, within the reader's own list."""

from __future__ import annotations

from contextlib import contextmanager

import frappe
import pytest

from dafater_crm.api import inbox
from dafater_crm.queries import inbox_search
from tests.site.factories import SUPPORT, make_user
from tests.site.inbox_cast import swept  # noqa: F401
from tests.site.inbox_rows import make_conversation, make_team, say
from tests.site.people import MANAGING, SUPPORTING, cast  # noqa: F401
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("swept")
AGENT = "elsewhere@inbox-search.example"
NUMBER = "+966551234567"


@pytest.fixture(autouse=True)
def agent():
	make_user(AGENT, SUPPORT)


@pytest.fixture(params=["looked through", "by the index"])
def way(request, monkeypatch):
	"""Both ways in which words are found: in the newest conversations, and by the index of all messages."""
	if request.param == "by the index":
		monkeypatch.setattr(inbox_search, "LOOKED_THROUGH", 1)
	return request.param


@contextmanager
def committed(*teams: str):
	"""MariaDB's full-text search sees what is committed; `swept` takes the rest away."""
	frappe.db.commit()
	yield
	frappe.db.rollback()
	frappe.db.delete("Dafater Team Member", {"parent": ("in", teams or [""])})
	frappe.db.delete("Dafater Team", {"name": ("in", teams or [""])})
	frappe.db.commit()


def page(search: str, **wanted) -> dict:
	return inbox.conversations(search=search, statuses="[]", **wanted)


def titles(search: str, **wanted) -> list[str]:
	return [row.title for row in page(search, **wanted)["rows"]]


def test_of_a_common_word_the_newest_are_shown_and_the_rest_on_later_pages(way, as_user):
	for number in range(7):
		say(make_conversation(number, title=str(number)), minute=number, body="وين الكراسي؟")
	make_conversation(9, title="غير ذلك")
	with committed(), as_user(SUPPORTING):
		seen, before = [], None
		for _page in range(4):
			found = page("كراسي", limit=2, before=before)
			seen.append([row.title for row in found["rows"]])
			assert found["more"] == (len(seen) < 4)
			before = frappe.as_json([found["rows"][-1].last_message_on, found["rows"][-1].name])
	assert seen == [["6", "5"], ["4", "3"], ["2", "1"], ["0"]]


def test_of_a_common_name_the_newest_are_shown(as_user):
	for number in (2, 0, 3, 1):
		make_conversation(number, title=f"نورة {number}", subject="موعد")
	with committed(), as_user(SUPPORTING):
		assert titles("نورة", limit=2) == ["نورة 3", "نورة 2"]
		assert titles("موعد", limit=3) == ["نورة 3", "نورة 2", "نورة 1"]


def test_a_rare_word_is_found_however_old(way, monkeypatch, as_user):
	monkeypatch.setattr(inbox_search, "LOOKED_THROUGH", 3)
	say(make_conversation(0, title="قديم"), body="رقم الطلب SO7714")
	for number in range(1, 9):
		say(make_conversation(number, title=str(number)), minute=number, body="السلام عليكم")
	with committed(), as_user(SUPPORTING):
		assert titles("SO7714") == ["قديم"]


def test_a_word_that_is_common_elsewhere_is_found_in_ones_own_list(way, as_user):
	ours, theirs = make_team(SUPPORTING), make_team(AGENT)
	say(make_conversation(0, title="لنا", team=ours), body="كراسي المكتب")
	for number in range(1, 9):
		foreign = make_conversation(number, title=f"لهم {number}", team=theirs)
		say(foreign, minute=number, body="كراسي المكتب")
	with committed(ours, theirs):
		with as_user(SUPPORTING):
			assert titles("كراسي", limit=1) == ["لنا"]
			assert page("كراسي", limit=1)["more"] is False
		with as_user(MANAGING):
			assert titles("كراسي", limit=3) == ["لهم 8", "لهم 7", "لهم 6"]


def test_both_ways_mean_the_same_by_a_word(way, as_user):
	for minute, body in enumerate(
		("وصلت القهوة", "قهوتي برد", "بقهوة ساخنة", "مقهوة", "Latte please", "plates")
	):
		say(make_conversation(minute, title=body), minute=minute, body=body)
	gone = make_conversation(8, title="محذوف")
	say(gone, minute=8, body="", deleted_on=frappe.utils.now_datetime())
	with committed(), as_user(SUPPORTING):
		assert titles("قهوة") == ["بقهوة ساخنة", "وصلت القهوة"]
		assert titles("late") == [] and titles("LATTE") == ["Latte please"]
		assert titles("ساخنة قهوة") == ["بقهوة ساخنة"]
		assert titles("ساخنة برد") == []


@pytest.mark.parametrize(
	"typed",
	[
		"0551234567", "551234567", "966551234567", "00966551234567", NUMBER, "+966 55 123 4567", "055-123-4567",
		"٠٥٥١٢٣٤٥٦٧", "4567", "34567", "234 567", "05512", "55123", "96655123", "+96655123", "0096655123",
	],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(typed, as_user):
	make_conversation(1, title="سارة", phone=NUMBER)
	make_conversation(2, title="غيرها", phone="+966509998888")
	with committed(), as_user(SUPPORTING):
		assert titles(typed) == ["سارة"], typed


@pytest.mark.parametrize("typed", ["0551234568", "1234", "12345", "0559", "567", "+1 551 234 567"])
def test_another_number_is_not(typed, as_user):
	make_conversation(title="سارة", phone=NUMBER)
	with committed(), as_user(SUPPORTING):
		assert titles(typed) == [], typed


def test_a_search_takes_fewer_than_ten_statements(way, as_user):
	for number in range(4):
		say(make_conversation(number, title="نورة", phone=f"+96655123456{number}"), body="كراسي")
	with committed(), as_user(SUPPORTING):
		for wanted in ("نورة كراسي", "0551234567", "4567", "كراسي", "SO1"):
			page(wanted)
			with counted() as statements:
				page(wanted)
			assert len(statements) < 10, (wanted, statements)
