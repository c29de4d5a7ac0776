"""A million messages in a hundred thousand conversations of two years, in a few statements.

Of the conversations 8 % are active, the rest is resolved; twenty agents have them by rank (1/rank), in four teams; one in twelve belongs
to nobody yet. Rows carry what lists and threads read; everything follows from a row's number, so two fillings are the same.
"""

from __future__ import annotations

import time
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.dafater_inbox.doctype.dafater_conversation import dafater_conversation
from dafater_crm.dafater_inbox.doctype.dafater_message import dafater_message

CONVERSATIONS, EACH = 100_000, 10
AGENTS, TEAMS = 20, 4
MANAGER, ROLE_AGENT, ROLE_MANAGER = (
	"bench-manager@example.com",
	"Dafater Support Agent",
	"Dafater Sales Manager",
)
MARK, EDITION = "bench_inbox", "2"
DOCTYPES = ("Dafater Contact Identity", "Dafater Conversation", "Dafater Message")
NAMES = (
	"سارة",
	"عبدالله",
	"نورة",
	"فهد",
	"ريم",
	"تركي",
	"هند",
	"ماجد",
	"لمى",
	"خالد",
	"أمل",
	"سلطان",
	"مها",
	"بندر",
	"جواهر",
)
FAMILIES = (
	"القحطاني",
	"الشهري",
	"العتيبي",
	"الدوسري",
	"الحربي",
	"المطيري",
	"الغامدي",
	"الزهراني",
	"السبيعي",
	"العنزي",
	"الشمري",
)
ITEMS = (
	"كراسي",
	"مكاتب",
	"طاولات",
	"خزائن",
	"كنب",
	"ستائر",
	"أرفف",
	"مصابيح",
	"سجاد",
	"شاشات",
	"لوحات",
	"أدراج",
	"مرايا",
)
BATCH = 10_000


def agent(number: int) -> str:
	return f"bench-agent-{number:02d}@example.com"


def team(number: int) -> str:
	return f"Bench Team {number}"


def ensure() -> float:
	"""Fill the site unless it is filled. Returns the seconds it took, 0 where nothing was to do."""
	if frappe.db.get_default(MARK) == EDITION:
		return 0.0
	if frappe.db.get_default(MARK):
		frappe.throw("This site holds another edition of the data: renew it with FRESH=1.")
	started = time.monotonic()
	_people()
	_numbers()
	_without_word_indexes()
	frappe.db.sql("set unique_checks=0, foreign_key_checks=0")
	for first in range(0, CONVERSATIONS, BATCH):
		_batch(first, min(first + BATCH, CONVERSATIONS))
		frappe.db.commit()
	frappe.db.sql("set unique_checks=1, foreign_key_checks=1")
	# what a row's words are found by comes back, built at once over all rows
	for module in (dafater_conversation, dafater_message):
		module.on_doctype_update()
	for doctype in DOCTYPES:
		frappe.db.sql(f"analyze table `tab{doctype}`")
	frappe.db.set_default(MARK, EDITION)
	frappe.db.commit()
	return time.monotonic() - started


def _without_word_indexes() -> None:
	"""A full-text index that grows row by row makes the filling take three times as long.

	The rebuild matters: with the hidden column of the old index left behind, MariaDB 10.11 finds none of the rows that came meanwhile.
	"""
	for doctype in DOCTYPES:
		for row in frappe.db.sql(
			f"show index from `tab{doctype}` where Index_type = 'FULLTEXT' and Seq_in_index = 1", as_dict=True
		):
			frappe.db.sql_ddl(f"alter table `tab{doctype}` drop index `{row.Key_name}`")
			frappe.db.sql_ddl(f"alter table `tab{doctype}` force")


def _people() -> None:
	"""Agents and teams through their controllers: there are few."""
	users = [(agent(number), ROLE_AGENT) for number in range(AGENTS)] + [(MANAGER, ROLE_MANAGER)]
	for email, role in users:
		if not frappe.db.exists("User", email):
			values = {
				"doctype": "User",
				"email": email,
				"first_name": email.split("@")[0],
				"send_welcome_email": 0,
			}
			frappe.get_doc({**values, "roles": [{"role": role}]}).insert()
	for number in range(TEAMS):
		members = [{"user": agent(each)} for each in range(number, AGENTS, TEAMS)]
		if not frappe.db.exists("Dafater Team", team(number)):
			frappe.get_doc(
				{"doctype": "Dafater Team", "team_name": team(number), "members": members}
			).insert()
	frappe.db.commit()


def _numbers() -> None:
	frappe.db.sql_ddl("drop table if exists bench_numbers")
	frappe.db.sql_ddl("create table bench_numbers (n int primary key)")
	for first in range(0, CONVERSATIONS, BATCH):
		values = ",".join(f"({number})" for number in range(first, min(first + BATCH, CONVERSATIONS)))
		frappe.db.sql(f"insert into bench_numbers values {values}")
	frappe.db.commit()


def _batch(first: int, end: int) -> None:
	for doctype, columns in zip(DOCTYPES, (_identity(), _conversation(), _message()), strict=True):
		source = "bench_numbers"
		if doctype == "Dafater Message":
			source += f" join (select n as m from bench_numbers where n < {EACH}) as of_each"
		names = ", ".join(f"`{name}`" for name in columns)
		values = ", ".join(columns.values())
		frappe.db.sql(
			f"insert into `tab{doctype}` ({names}) select {values} from {source} where bench_numbers.n >= {first} and bench_numbers.n < {end}"
		)


def _common(moment: str) -> dict[str, str]:
	return {
		"creation": moment,
		"modified": moment,
		"owner": "'Administrator'",
		"modified_by": "'Administrator'",
	}


def _last() -> str:
	"""When a conversation's last message came: spread over two years, the highest number the latest."""
	end = frappe.db.escape(str(now_datetime().replace(microsecond=0) - timedelta(minutes=5)))
	return (
		f"({end} - interval ({CONVERSATIONS} - bench_numbers.n) * {2 * 365 * 86400 // CONVERSATIONS} second)"
	)


# draws that look arbitrary and are the same in every filling
def _draw(factor: int, among: int) -> str:
	return f"((bench_numbers.n * {factor}) mod 1000003 mod {among})"


def _name() -> str:
	return f"concat({_one_of(NAMES, 7919)}, ' ', {_one_of(FAMILIES, 104729)})"


def _one_of(words: tuple[str, ...], factor: int) -> str:
	listed = ", ".join(f"'{word}'" for word in words)
	return f"elt(1 + {_draw(factor, len(words))}, {listed})"


def _identity() -> dict[str, str]:
	number = "lpad(bench_numbers.n, 8, '0')"
	return {
		"name": f"concat('bi-', {number})",
		**_common(_last()),
		"display_name": _name(),
		"channel": "'WhatsApp'",
		"account": "'Bench WhatsApp'",
		"phone": f"concat('+96659', {number})",
		"phone_key": f"concat('WhatsApp:+96659', {number})",
		"user_id": f"concat('BENCH.', {number})",
		"user_key": f"concat('WhatsApp:Bench WhatsApp:BENCH.', {number})",
		"last_inbound_on": _last(),
	}


def _conversation() -> dict[str, str]:
	number = "lpad(bench_numbers.n, 8, '0')"
	drawn = _draw(7919, 100)
	# the newest are those that are still worked on
	status = f"if(bench_numbers.n < {int(CONVERSATIONS * 0.92)}, 'Resolved', elt(1 + {drawn} mod 8, 'New', 'Open', 'Open', 'Open', 'Open', 'Pending', 'Pending', 'Snoozed'))"
	by_rank = f"floor(pow({AGENTS}, {_draw(104729, 1000)} / 1000)) - 1"
	nobody = f"{_draw(1299709, 12)} = 0"
	return {
		"name": f"concat('bc-', {number})",
		**_common(_last()),
		"title": _name(),
		"status": status,
		"conversation_class": f"elt(1 + {drawn} mod 3, 'Sales', 'Support', 'Complaint')",
		"priority": f"elt(1 + {_draw(15485863, 10)} div 3, 'Medium', 'Medium', 'High', 'Low')",
		"assigned_to": f"if({nobody}, null, concat('bench-agent-', lpad({by_rank}, 2, '0'), '@example.com'))",
		"team": f"if({nobody}, null, concat('Bench Team ', {_draw(7919, TEAMS)}))",
		"channel": "'WhatsApp'",
		"account": "'Bench WhatsApp'",
		"identity": f"concat('bi-', {number})",
		"last_message": "'السلام عليكم، وصلني الطلب وفيه نقص'",
		"last_message_on": _last(),
		"last_direction": f"if({drawn} < 60, 'Incoming', 'Outgoing')",
		"last_inbound_on": _last(),
		"unread": f"if({drawn} < 40, 1 + {drawn} mod 5, 0)",
		"messages": str(EACH),
		"first_inbound_on": f"{_last()} - interval {EACH * 10} minute",
		"resolved_on": f"if(bench_numbers.n < {int(CONVERSATIONS * 0.92)}, {_last()} + interval 1 hour, null)",
		"open_key": f"if(bench_numbers.n < {int(CONVERSATIONS * 0.92)}, null, concat('bi-', {number}))",
	}


def _message() -> dict[str, str]:
	number = "concat(lpad(bench_numbers.n, 8, '0'), '-', of_each.m)"
	on = f"{_last()} - interval ({EACH - 1} - of_each.m) * 10 minute"
	incoming = "of_each.m mod 3 <> 2"
	return {
		"name": f"concat('bm-', {number})",
		**_common(on),
		"conversation": "concat('bc-', lpad(bench_numbers.n, 8, '0'))",
		"account": "'Bench WhatsApp'",
		"identity": "concat('bi-', lpad(bench_numbers.n, 8, '0'))",
		"direction": f"if({incoming}, 'Incoming', 'Outgoing')",
		"message_type": "'Text'",
		# an order's number is in one conversation alone, a kind of furniture in every thirteenth
		"body": f"concat('السلام عليكم، طلبت قبل أسبوع ', {_one_of(ITEMS, 1299709)}, ' للمكتب ووصل بعضها ناقصا. رقم الطلب SO', bench_numbers.n, '. متى يصل الباقي؟')",
		"message_on": on,
		"author": f"if({incoming}, null, 'bench-agent-00@example.com')",
		"status": f"if({incoming}, 'Received', 'Seen')",
		"provider_id": f"concat('wamid.b', {number})",
		"provider_key": f"concat('Bench WhatsApp:wamid.b', {number})",
	}
