"""Contracts: checks, status through their life, the daily recompute, templates."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, nowdate

from dafater_crm.api import contracts
from dafater_crm.dafater_crm.doctype.dafater_contract.lifecycle import recompute_statuses
from tests.site.factories import (
	COMPANY,
	make_prospect,
	unique,
)
from tests.site.people import (  # noqa: F401
	BUYER,
	DEVELOPING,
	EXECUTIVE,
	MANAGING,
	OPERATING,
	SELLER_A,
	SELLER_B,
	STRANGER,
	cast,
)

EXPLOITS = [
	"{{ ''.__class__ }}",
	"{{ party_name.__class__.__mro__ }}",
	"{{ party_name|attr('__class__') }}",
	"{{ frappe.db.sql('select 1') }}",
	"{{ self }}",
	"{{ cycler.__init__ }}",
	"{{ party_name['__class__'] }}",
	"{{ obligations.append(1) }}",
	"{{ 'a' * 100000000 }}",
	"{% for i in range(9) %}{{ title }}{% endfor %}",
	"{% for a in obligations %}{% for b in obligations %}x{% endfor %}{% endfor %}",
	"{% set title = 1 %}",
	"{% include 'x' %}",
	"{% macro m() %}{% endmacro %}",
]


def make_contract(**values):
	party = (
		{}
		if "party_name" in values
		else {"party_type": "Dafater Prospect", "party_name": make_prospect().name}
	)
	return frappe.get_doc(
		{
			"doctype": "Dafater Contract",
			"title": "عقد صيانة",
			"company": COMPANY,
			"start_date": nowdate(),
			"end_date": add_days(nowdate(), 365),
			"contract_value": 1000,
			**party,
			**values,
		}
	).insert()


def signed(**values):
	doc = make_contract(**values)
	contracts.mark_signed(doc.name, "سارة القحطاني")
	return doc.reload()


def stored(doc) -> str:
	return frappe.db.get_value(doc.doctype, doc.name, "status", cache=False)


def on_day(monkeypatch, day: str) -> None:
	"""The daily job as if it ran on that day."""
	monkeypatch.setattr(
		"dafater_crm.dafater_crm.doctype.dafater_contract.lifecycle.getdate",
		lambda *args: getdate(*(args or (day,))),
	)


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"end_date": "2020-01-01"}, "Choose an end date on or after it"),
		({"contract_value": -1}, "cannot be negative"),
		({"contract_value": float("nan")}, "must be a number"),
		({"title": "=1+1"}, "would run as a formula"),
		({"party_type": "Dafater Prospect", "party_name": "gone"}, "no longer exist"),
		({"renewal": "Automatic", "end_date": None}, "Enter the end date"),
		({"signed_on": "2020-01-01 10:00:00", "signee": "x"}, "Submit the contract before"),
		(
			{"obligations": [{"requirement": "تسليم", "due_date": "2020-01-01"}]},
			"due before the contract starts",
		),
	],
)
def test_bad_input(values: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_contract(**values)


def test_defaults() -> None:
	doc = make_contract(end_date=None, status="Active", currency=None)
	prospect = frappe.get_doc("Dafater Prospect", doc.party_name)
	assert (doc.status, doc.currency, doc.party_title) == ("Draft", "SAR", prospect.prospect_name)


def test_life_of_a_contract(as_user) -> None:
	with as_user(SELLER_A):
		doc = make_contract(start_date=add_days(nowdate(), 5), contract_owner=frappe.session.user)
		assert doc.status == "Draft"
		assert contracts.mark_sent(doc.name)["status"] == "Sent"
		with pytest.raises(frappe.ValidationError, match="Enter the name of the person who signed"):
			contracts.mark_signed(doc.name, " ")
		with pytest.raises(frappe.ValidationError, match="cannot lie in the future"):
			contracts.mark_signed(doc.name, "سارة", str(add_to_date(now_datetime(), days=1)))
		assert frappe.db.get_value(doc.doctype, doc.name, "docstatus") == 0
		assert contracts.mark_signed(doc.name, "سارة") == {
			"name": doc.name,
			"status": "Signed",
			"docstatus": 1,
		}
		doc.reload()
		assert (doc.signee, doc.signed_by_company) == ("سارة", frappe.session.user)
		with pytest.raises(frappe.ValidationError, match=r"This contract was signed by .*سارة"):
			contracts.mark_signed(doc.name, "غيرها")
		with pytest.raises(frappe.ValidationError, match="Enter the reason of the termination"):
			contracts.terminate(doc.name, " ")
		assert contracts.terminate(doc.name, "إشعار", str(add_days(nowdate(), 3)))["status"] == "Signed"
		assert contracts.terminate(doc.name, "اتفاق الطرفين")["status"] == "Terminated"
		with pytest.raises(frappe.ValidationError, match="already terminated"):
			contracts.terminate(doc.name, "مرة أخرى")
	with as_user(MANAGING):
		doc = frappe.get_doc(doc.doctype, doc.name)
		doc.cancel()
	assert stored(doc) == "Cancelled"
	with pytest.raises(frappe.ValidationError, match="is cancelled"):
		contracts.mark_sent(doc.name)


def test_draft_cannot_be_terminated() -> None:
	with pytest.raises(frappe.ValidationError, match="is a draft"):
		contracts.terminate(make_contract().name, "x")


def test_obligations_make_it_fulfilled_and_lapsed(as_user) -> None:
	doc = signed(
		start_date=add_days(nowdate(), -10),
		requires_fulfilment=1,
		obligations=[{"requirement": "تسليم", "due_date": add_days(nowdate(), -1)}, {"requirement": "تدريب"}],
	)
	assert doc.status == "Lapsed"
	doc.obligations[0].fulfilled = 1
	doc.save()
	assert (doc.status, getdate(doc.obligations[0].fulfilled_on)) == ("Active", getdate())
	doc.obligations[1].fulfilled = 1
	doc.save()
	assert doc.status == "Fulfilled"
	doc.obligations[1].fulfilled = 0
	doc.save()
	assert (stored(doc), doc.obligations[1].fulfilled_on) == ("Active", None)


def test_a_client_cannot_choose_the_status() -> None:
	doc = signed()
	doc.status = "Terminated"
	doc.save()
	assert stored(doc) == "Active"
	doc.contract_value = 5
	with pytest.raises(frappe.UpdateAfterSubmitError):
		doc.save()


def test_daily_recompute(monkeypatch) -> None:
	ahead = signed(start_date=add_days(nowdate(), 5))
	ending = signed(end_date=add_days(nowdate(), 2))
	lapsing = signed(
		requires_fulfilment=1, obligations=[{"requirement": "تسليم", "due_date": add_days(nowdate(), 1)}]
	)
	draft = make_contract(end_date=add_days(nowdate(), 2))
	assert [stored(doc) for doc in (ahead, ending, lapsing, draft)] == ["Signed", "Active", "Active", "Draft"]
	recompute_statuses()
	assert [stored(doc) for doc in (ahead, ending, lapsing, draft)] == ["Signed", "Active", "Active", "Draft"]
	modified = frappe.db.get_value(ahead.doctype, ahead.name, "modified")
	on_day(monkeypatch, add_days(nowdate(), 5))
	assert recompute_statuses(batch=2) >= 3
	assert [stored(doc) for doc in (ahead, ending, lapsing, draft)] == [
		"Active",
		"Expired",
		"Lapsed",
		"Draft",
	]
	assert recompute_statuses(batch=2) == 0
	assert frappe.db.get_value(ahead.doctype, ahead.name, "modified") == modified
	assert frappe.get_doc(ahead.doctype, ahead.name).status == "Active"


def test_daily_recompute_is_set_based(monkeypatch) -> None:
	for _ in range(6):
		signed(start_date=add_days(nowdate(), 5))
	on_day(monkeypatch, add_days(nowdate(), 5))
	asked = []
	sql = frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda query, *args, **kw: asked.append(query) or sql(query, *args, **kw)
	)
	assert recompute_statuses() >= 6
	# contracts, obligations, one UPDATE, and the empty batch that ends it
	assert len(asked) == 4


def test_future_notice_takes_effect_by_the_job(monkeypatch) -> None:
	doc = signed()
	contracts.terminate(doc.name, "إشعار", str(add_days(nowdate(), 3)))
	on_day(monkeypatch, add_days(nowdate(), 3))
	recompute_statuses()
	assert stored(doc) == "Terminated"


def test_hijri_dates_follow_language_and_setting() -> None:
	doc = frappe.get_doc("Dafater Contract", make_contract(start_date="2025-03-01", end_date=None).name)
	assert (doc.as_dict().start_date_hijri, doc.as_dict().end_date_hijri) == ("1 Ramadan 1446 AH", "")
	frappe.local.lang = "ar"
	assert doc.as_dict().start_date_hijri == "1 رمضان 1446 هـ"
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.show_hijri = 0
	settings.save()
	assert doc.as_dict().start_date_hijri == ""


# -- permission


def test_who_sees_and_writes(as_user) -> None:
	owner, outsider = SELLER_A, SELLER_B
	doc = make_contract(contract_owner=owner)
	for user, seen in (
		(owner, True),
		(outsider, False),
		(OPERATING, True),
	):
		with as_user(user):
			assert bool(frappe.get_list("Dafater Contract", {"name": doc.name})) is seen
			assert bool(frappe.has_permission("Dafater Contract", "write", doc=doc.name)) is seen
	with as_user(outsider):
		for call in (
			lambda: contracts.mark_sent(doc.name),
			lambda: contracts.mark_signed(doc.name, "x"),
			lambda: contracts.terminate(doc.name, "x"),
			lambda: contracts.apply_template(doc.name),
		):
			with pytest.raises(frappe.PermissionError):
				call()
	with as_user(DEVELOPING), pytest.raises(frappe.PermissionError):
		frappe.get_list("Dafater Contract")
	assert stored(doc) == "Draft"


def test_party_that_the_user_cannot_read(as_user) -> None:
	prospect = make_prospect()
	with (
		as_user(SELLER_A),
		pytest.raises(frappe.PermissionError, match="may not read"),
	):
		make_contract(party_type="Dafater Prospect", party_name=prospect.name)


def test_purchase_manager_has_supplier_contracts_only(as_user) -> None:
	supplier = frappe.get_doc({"doctype": "Supplier", "supplier_name": unique("مورد")}).insert()
	theirs, sales = make_contract(party_type="Supplier", party_name=supplier.name), make_contract()
	with as_user(BUYER):
		names = frappe.get_list("Dafater Contract", {"name": ("in", (theirs.name, sales.name))}, pluck="name")
		assert names == [theirs.name]
		assert (
			make_contract(party_type="Supplier", party_name=supplier.name).party_title
			== supplier.supplier_name
		)


# -- templates


def make_template(**values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Contract Template",
			"title": unique("نموذج"),
			"language": "Both",
			"terms_ar": "<p>بين {{ company }} و{{ party_name }} من {{ start_date_hijri }}</p>",
			"terms_en": "<p>Between {{ company }} and {{ party_name }} for {{ contract_value }}</p>",
			"obligations": [{"requirement": "تسليم", "due_in_days": 10}],
			**values,
		}
	).insert()


@pytest.mark.parametrize("source", EXPLOITS)
def test_template_can_do_nothing_but_print(source: str) -> None:
	with pytest.raises(
		frappe.ValidationError, match=r"does not exist. Use one of these|do not allow|incomplete variable"
	):
		make_template(terms_ar=f"<p>{source}</p>")


@pytest.mark.parametrize(
	("source", "message"),
	[
		(
			"{{ customer_name }}",
			"uses the variable .*customer_name.* does not exist. Use one of these: title, ",
		),
		("{{ party_name", "incomplete variable near line 1"),
		("{% if end_date %}x", "incomplete variable near line 1"),
		("{% if title %}" * 40 + "{% endif %}" * 40, "do not allow"),
		("", "Write the text in the field Arabic Terms"),
	],
)
def test_bad_template_is_refused_before_saving(source: str, message: str) -> None:
	title = unique("نموذج")
	with pytest.raises(frappe.ValidationError, match=message):
		make_template(title=title, terms_ar=source)
	assert not frappe.db.exists("Dafater Contract Template", title)


def test_template_fills_a_contract_escaped() -> None:
	prospect = make_prospect()
	frappe.db.set_value("Dafater Prospect", prospect.name, "prospect_name", "<b>A&B</b>")
	doc = make_contract(
		party_type="Dafater Prospect",
		party_name=prospect.name,
		start_date="2025-03-01",
		end_date=None,
		contract_template=make_template().name,
	)
	assert '<div dir="rtl" lang="ar">' in doc.terms and '<div dir="ltr" lang="en">' in doc.terms
	assert "1 رمضان 1446 هـ" in doc.terms and "&lt;b&gt;A&amp;B&lt;/b&gt;" in doc.terms
	assert "<b>A" not in doc.terms
	assert [(row.requirement, getdate(row.due_date)) for row in doc.obligations] == [
		("تسليم", getdate("2025-03-11"))
	]


def test_editor_entities_and_loops_work() -> None:
	template = make_template(
		language="English",
		terms_en=(
			"<p>{{&nbsp;title|upper }}{% if end_date &amp;&amp; 1 %}{% endif %}</p>".replace(
				"&amp;&amp;", "and"
			)
			+ "<ul>{% for row in obligations %}<li>{{ row.requirement }} {{ row.due_date }}</li>{% endfor %}</ul>"
		),
	)
	doc = make_contract(title="abc", language="English", contract_template=template.name)
	assert "<p>ABC</p>" in doc.terms and "<li>تسليم " in doc.terms and "rtl" not in doc.terms


def test_second_template_replaces_the_rows_of_the_first() -> None:
	doc = make_contract(contract_template=make_template().name, obligations=[{"requirement": "يدوي"}])
	assert [row.requirement for row in doc.obligations] == ["يدوي", "تسليم"]
	contracts.apply_template(doc.name)
	doc.reload()
	assert [row.requirement for row in doc.obligations] == ["يدوي", "تسليم"]
	doc.obligations[1].fulfilled = 1
	doc.save()
	rows = [{"requirement": "تسليم", "due_in_days": 1}, {"requirement": "تدريب", "due_in_days": 5}]
	doc.contract_template = make_template(obligations=rows).name
	doc.save()
	doc.reload()
	assert [(row.idx, row.requirement, row.fulfilled) for row in doc.obligations] == [
		(1, "يدوي", 0),
		(2, "تسليم", 1),
		(3, "تدريب", 0),
	]


def test_terms_written_by_hand_stay() -> None:
	doc = make_contract(contract_template=make_template().name, terms="<p>نص خاص</p>")
	assert doc.terms == "<p>نص خاص</p>" and not doc.obligations
	doc.end_date = add_days(nowdate(), 30)
	doc.save()
	assert doc.terms == "<p>نص خاص</p>"


def test_template_without_the_language() -> None:
	template = make_template(language="Arabic", terms_en=None)
	with pytest.raises(frappe.ValidationError, match="has no text in the language of this contract"):
		make_contract(language="English", contract_template=template.name)


def test_endless_text_is_stopped(monkeypatch) -> None:
	template = make_template(
		language="English", terms_en="{% for row in obligations %}{{ party_name }}{% endfor %}"
	)
	monkeypatch.setattr("dafater_crm.records.sandbox.MAX_RESULT", 100)
	rows = [{"requirement": f"بند {number}"} for number in range(40)]
	with pytest.raises(frappe.ValidationError, match="becomes too long"):
		make_contract(language="English", contract_template=template.name, obligations=rows)


def test_variables_for_the_help(as_user) -> None:
	with as_user(EXECUTIVE):
		assert {
			"variable": "party_name",
			"meaning": "Name of the other party",
		} in contracts.template_variables()
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		contracts.template_variables()
