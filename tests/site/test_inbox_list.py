"""The list of the inbox: folders, filters, search, pages by key, rights, and what it costs."""

from __future__ import annotations

import frappe
import pytest
from frappe.share import add_docshare

from dafater_crm.api import inbox
from dafater_crm.queries import granted, inbox_search
from tests.site.factories import SUPPORT, make_user, unique
from tests.site.inbox_cast import swept  # noqa: F401
from tests.site.inbox_rows import CONVERSATION, make_channel_account, make_conversation, make_team, say
from tests.site.people import MANAGING, STRANGER, SUPPORTING, cast  # noqa: F401
from tests.site.statements import counted

AGENT = "agent@inbox-list.example"


@pytest.fixture(autouse=True)
def agent():
	make_user(AGENT, SUPPORT)


def titles(**wanted) -> list[str]:
	return [row.title for row in inbox.conversations(**wanted)["rows"]]


def test_folders_hold_what_is_ones_own_ones_teams_and_nobodys(as_user):
	ours, theirs = make_team(SUPPORTING), make_team(AGENT)
	make_conversation(1, title="mine", assigned_to=SUPPORTING, team=ours)
	make_conversation(2, title="a colleague's", assigned_to=AGENT, team=ours)
	make_conversation(3, title="nobody's, of the team", team=ours)
	make_conversation(4, title="nobody's at all")
	make_conversation(5, title="another team's", assigned_to=AGENT, team=theirs)
	make_conversation(6, title="waiting in another team", team=theirs)
	with as_user(SUPPORTING):
		assert titles(folder="mine") == ["mine"]
		assert titles(folder="teams") == ["nobody's, of the team", "a colleague's", "mine"]
		assert titles(folder="unassigned") == ["nobody's at all", "nobody's, of the team"]
		assert titles() == ["nobody's at all", "nobody's, of the team", "a colleague's", "mine"]
		assert inbox.counts() == {
			"mine": {"active": 1, "unread": 0},
			"unassigned": {"active": 2, "unread": 0},
			"teams": {"active": 3, "unread": 0},
			"all": {"active": 4, "unread": 0},
		}
	with as_user(MANAGING):
		assert len(titles()) == 6
		assert titles(folder="teams") == [] == titles(folder="mine")


def test_a_shared_conversation_is_in_the_list_of_whom_it_is_shared_with(as_user):
	row = make_conversation(title="shared", assigned_to=AGENT, team=make_team(AGENT))
	with as_user(SUPPORTING):
		assert titles() == []
	add_docshare(CONVERSATION, row.name, SUPPORTING, read=1)
	with as_user(SUPPORTING):
		assert titles() == ["shared"]
		assert inbox.conversation(row.name)["can_write"] is False


def test_filters_narrow_together(as_user):
	first, second = make_channel_account(), make_channel_account("Instagram")
	make_conversation(1, title="a", conversation_class="Sales", priority="Urgent", account=first)
	make_conversation(2, title="b", conversation_class="Sales", account=second, channel="Instagram")
	make_conversation(3, title="c", conversation_class="Complaint", priority="Urgent", status="Resolved")
	make_conversation(4, title="d", status="Snoozed")
	with as_user(SUPPORTING):
		assert titles() == ["b", "a"]
		assert titles(statuses="[]") == ["d", "c", "b", "a"]
		assert titles(statuses='["Snoozed", "Resolved", "Nonsense"]') == ["d", "c"]
		assert titles(filters='{"conversation_class": "Sales", "priority": "Urgent"}') == ["a"]
		assert titles(filters={"channel": "Instagram"}) == ["b"] == titles(filters={"account": second})
		# a field that is no filter is not asked for
		assert titles(filters={"owner": "x", "docstatus": 7}) == ["b", "a"]


def test_pages_follow_each_other_without_gap_or_repetition_among_equal_moments(as_user):
	for number in range(25):
		make_conversation(number // 5, title=str(number))
	with as_user(SUPPORTING):
		seen, before = [], None
		while True:
			page = inbox.conversations(limit=4, before=before)
			seen += [row.title for row in page["rows"]]
			if not page["more"]:
				break
			before = frappe.as_json([page["rows"][-1].last_message_on, page["rows"][-1].name])
	assert len(seen) == 25 == len(set(seen))
	assert [int(title) // 5 for title in seen] == sorted((int(title) // 5 for title in seen), reverse=True)


def test_what_changed_is_read_by_name_and_only_if_it_still_fits(as_user):
	ours = make_team(SUPPORTING)
	here = make_conversation(1, title="here", team=ours)
	gone = make_conversation(2, title="resolved", team=ours, status="Resolved")
	foreign = make_conversation(3, title="foreign", team=make_team(AGENT))
	names = frappe.as_json([here.name, gone.name, foreign.name])
	with as_user(SUPPORTING):
		assert titles(names=names) == ["here"]


def test_search_by_number_address_name_subject_and_words(swept, as_user):  # noqa: F811
	"""Committed: MariaDB's full-text search sees what is committed."""
	sara = make_conversation(1, title="سارة العتيبي", phone="+966551234567")
	omar = make_conversation(2, title="Omar Nasser", phone="+966500000001", subject="Delivery")
	say(sara, body="أريد قهوة محمصة وتوصيلها إلى جدة")
	say(omar, body="Where is my invoice SINV-77?")
	say(omar, body="removed words", deleted_on=frappe.utils.now_datetime())
	frappe.db.commit()
	with as_user(SUPPORTING):
		for wanted, found in (
			("0551234567", ["سارة العتيبي"]),
			("+966 55 123 4567", ["سارة العتيبي"]),
			("٠٥٥١٢٣٤٥٦٧", ["سارة العتيبي"]),
			("4567", ["سارة العتيبي"]),
			("العتي", ["سارة العتيبي"]),
			("عتيبي", ["سارة العتيبي"]),
			("محمصة قهوة", ["سارة العتيبي"]),
			("omar", ["Omar Nasser"]),
			("deliv", ["Omar Nasser"]),
			("invoice SINV", ["Omar Nasser"]),
			("removed", []),
			("قهوة invoice", []),
			("+-*() ~", []),
			("%", []),
			("100%", []),
			("' or 1=1", []),
		):
			assert titles(search=wanted) == found, wanted


def test_search_does_not_show_what_the_list_hides(swept, as_user):  # noqa: F811
	make_conversation(title="مخفي تماما", phone="+966551112222", team=make_team(AGENT))
	frappe.db.commit()
	try:
		with as_user(SUPPORTING):
			assert titles(search="مخفي") == [] == titles(search="0551112222")
		with as_user(MANAGING):
			assert titles(search="مخفي") == ["مخفي تماما"] == titles(search="0551112222")
	finally:
		frappe.db.delete("Dafater Team", {"team_name": ("like", "فريق%")})
		frappe.db.commit()


def test_no_word_of_a_search_is_an_operator():
	assert inbox_search.expression('-secret >all ~x* "quoted" @5') == "+secret* +all* +quoted*"
	assert inbox_search.expression("قهوة").startswith("+(قهوة* القهوة* ")
	assert inbox_search.expression("؟!") == ""


def test_who_has_none_of_our_roles_reads_nothing(as_user):
	row = make_conversation()
	with as_user(STRANGER):
		for read in (
			inbox.conversations,
			inbox.counts,
			lambda: inbox.conversation(row.name),
			lambda: inbox.thread(row.name),
			lambda: inbox.saved_replies(row.name),
			lambda: inbox.templates(row.name),
			lambda: inbox.mentionable(row.name),
			lambda: inbox.viewing(row.name),
			lambda: inbox.typing(row.name),
		):
			with pytest.raises(frappe.PermissionError):
				read()


def test_the_statements_of_a_page_are_fixed(as_user):
	team = make_team(SUPPORTING, AGENT)

	def read(**wanted) -> int:
		granted.forget()
		with as_user(SUPPORTING), counted() as statements:
			inbox.conversations(statuses="[]", **wanted)
		return len(statements)

	make_conversation(title=unique("x"), team=team, assigned_to=AGENT)
	read()
	few = read()
	for number in range(60):
		make_conversation(
			number, title=unique("x"), team=team, assigned_to=AGENT, phone=f"+96655000{number:04d}"
		)
	assert read() == few <= 5, few
	assert read(search="0550000") == read(search="0550000") <= 8
