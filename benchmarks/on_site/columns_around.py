"""What lies around the records: assignments, reasons, messages, calls, issues, contacts and addresses of both CRMs."""

from __future__ import annotations

from benchmarks.on_site.columns import Filling, child, record

OURS, THEIRS = "ours", "theirs"


def _key(prefix: str, column: str = "f.number") -> str:
	return f"concat('{prefix}', lpad({column}, 9, '0'))"


def _todo(side: str, doctype: str) -> Filling:
	return Filling(
		"ToDo",
		{
			"name": _key("bto" if side == OURS else "btt"),
			**record(),
			"status": "'Open'",
			"priority": "'Medium'",
			"allocated_to": "f.user",
			"assigned_by": "'Administrator'",
			"reference_type": f"'{doctype}'",
			"reference_name": f"f.opportunity_{side}",
		},
		"bench_assignment f",
	)


def _reason(side: str, doctype: str) -> Filling:
	return Filling(
		f"{doctype} Lost Reason Detail",
		{
			"name": _key("blr"),
			"docstatus": "0",
			**child(f"f.opportunity_{side}", doctype, "lost_reasons"),
			"lost_reason": "f.reason",
		},
		"bench_lostreason f",
	)


def _message(side: str, prefix: str) -> Filling:
	return Filling(
		"Communication",
		{
			"name": _key(prefix),
			**record("f.moment"),
			"subject": "'متابعة'",
			"content": "'<p>السلام عليكم، نتابع معكم طلب عرض السعر ونسعد بخدمتكم.</p>'",
			"communication_type": "'Communication'",
			"communication_medium": "f.medium",
			"sent_or_received": "f.direction",
			"communication_date": "f.moment",
			"sender": "f.sender",
			"recipients": "f.recipients",
			"reference_doctype": f"concat('{'Dafater ' if side == OURS else ''}', f.on_kind)",
			"reference_name": f"f.on_{side}",
			"status": "'Linked'",
		},
		"bench_message f",
	)


MESSAGES = {OURS: _message(OURS, "bmo"), THEIRS: _message(THEIRS, "bmt")}
ACTIVITY = Filling(
	"Dafater Activity",
	{
		"name": _key("bac"),
		**record(),
		"creation": "f.moment",
		"modified": "f.moment",
		"activity_type": "f.kind",
		"subject": "'متابعة'",
		"status": "if(f.done, 'Done', 'Open')",
		"assigned_to": "f.assigned_to",
		"reference_doctype": "concat('Dafater ', f.on_kind)",
		"reference_name": "f.on_ours",
		"sales_stage": "f.stage",
		"due_on": "f.moment",
		"done_on": "if(f.done, f.moment, null)",
	},
	"bench_activity f",
)
ISSUE = Filling(
	"Issue",
	{
		"name": "f.name",
		**record(),
		"naming_series": "'ISS-.YYYY.-'",
		"subject": "'طلب صيانة'",
		"status": "'Open'",
		"company": "%(company)s",
		"raised_by": "f.raised_by",
		"lead": "f.lead_theirs",
		"dafater_lead": "f.lead_ours",
		"opening_date": "date(f.made)",
	},
	"bench_issue f",
)
# ERPNext makes a Contact for every lead; our app only when a lead is qualified, which no report looks at.
CONTACT = Filling(
	"Contact",
	{
		"name": _key("bct"),
		**record(),
		"first_name": "f.person",
		"full_name": "f.person",
		"email_id": "f.email",
		"mobile_no": "f.mobile",
		"status": "'Passive'",
		"company_name": "f.organisation",
	},
	"bench_lead f",
)


def _address(number: int) -> tuple[Filling, Filling]:
	"""The n-th Address of leads that have so many, and its link to the peer's lead."""
	name, where = _key(f"bad{number}"), f"f.addresses >= {number}"
	address = Filling(
		"Address",
		{
			"name": name,
			**record(),
			"address_title": "f.organisation",
			"address_type": "'Billing'" if number == 1 else "'Shipping'",
			"address_line1": "'طريق الملك فهد'",
			"city": "f.city",
			"country": "'Saudi Arabia'",
		},
		"bench_lead f",
		where,
	)
	return address, _link(f"bdl{number}", name, "Address", where)


def _link(prefix: str, parent: str, doctype: str, where: str = "1") -> Filling:
	return Filling(
		"Dynamic Link",
		{
			"name": _key(prefix),
			**record(),
			**child(parent, doctype, "links", "1"),
			"link_doctype": "'Lead'",
			"link_name": "f.theirs",
			"link_title": "f.person",
		},
		"bench_lead f",
		where,
	)


AROUND = (
	_todo(OURS, "Dafater Opportunity"),
	_todo(THEIRS, "Opportunity"),
	_reason(OURS, "Dafater Opportunity"),
	_reason(THEIRS, "Opportunity"),
	ACTIVITY,
	ISSUE,
	CONTACT,
	_link("bdl0", _key("bct"), "Contact"),
	*_address(1),
	*_address(2),
)
