"""One person by every path: the same values, and the same trail. One bad value by every path: the same refusal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import frappe
import openpyxl
import pytest
from frappe.email.receive import InboundMail

from dafater_crm.queries.duplicates import CANDIDATE, KEY
from tests.provider import payloads
from tests.site import score_rows
from tests.site.assignment_cast import clean, make_crew  # noqa: F401
from tests.site.factories import COMPANY, phone
from tests.site.inbox_cast import CONVERSATION, make_account, now_utc, received, rows_of, swept  # noqa: F401
from tests.site.lead_forms import forget_lead, keep_forms, submissions, token, typed  # noqa: F401
from tests.site.people import OPERATING, SELLER_A, cast  # noqa: F401
from tests.site.test_capture_api import token_of  # noqa: F401
from tests.site.test_lead_import import ROW, as_csv, imports, lead_of, run  # noqa: F401
from tests.site.test_mail_to_lead import BOX, message
from tests.site.web import Web

LEAD = "Dafater Lead"
HEAD = ["الاسم", "الجوال", "البريد الإلكتروني"]
# as it is pasted: two spaces, a mark that nobody sees
NAME, CLEAN_NAME = "سلطان  العنزي\u200f", "سلطان العنزي"


@pytest.fixture
def paths(clean, swept, committed_form, token_of, imports) -> Iterator[SimpleNamespace]:  # noqa: F811
	"""What every path needs: an agent who gets leads, a rule that scores, a form, a key, a mailbox, an account."""
	frappe.set_user("Administrator")
	crew = make_crew(SELLER_A)
	rule = score_rows.make_rule(lead_field="lead_name", operator="Contains", value="سلطان", points=7)
	frappe.db.commit()
	made = SimpleNamespace(form=committed_form, key=token_of, imports=imports, rule=rule, crew=crew, leads=[])
	yield made
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for lead in made.leads:
		forget_lead(lead)
	frappe.delete_doc("Dafater Score Rule", rule.name, force=True)
	frappe.db.delete("Communication", {"recipients": ("like", f"%{BOX}%")})
	for name in frappe.get_all("Email Account", {"email_id": BOX}, pluck="name"):
		frappe.delete_doc("Email Account", name, force=True)
	frappe.db.commit()


def by_form(paths, name: str, mobile: str, email: str) -> str | None:
	form = paths.form()
	values = typed(f_lead_name=name, f_mobile_no=mobile, f_email_id=email)
	Web().post(f"/dafater-form/{form.name}", data={"token": token(form), "lang": "en", **values})
	(submission,) = submissions(form)
	paths.said = submission.reason
	return submission.lead


def by_rest(paths, name: str, mobile: str, email: str) -> str | None:
	row = {"lead_name": name, "mobile_no": mobile, "email_id": email, "company": COMPANY}
	return _posted(paths, "/api/resource/Dafater Lead", row, "data")


def by_capture(paths, name: str, mobile: str, email: str) -> str | None:
	row = {"lead_name": name, "mobile_no": mobile, "email_id": email, "source_reference": email}
	return _posted(paths, "/api/method/dafater_crm.api.capture.create_lead", row, "message")


def _posted(paths, path: str, row: dict, answer: str) -> str | None:
	said = Web().post(path, headers=paths.key(OPERATING), json=row)
	paths.said = said.text
	return said.json[answer]["name"] if said.status_code == 200 else None


def by_mail(paths, name: str, mobile: str, email: str) -> str | None:
	frappe.set_user("Administrator")
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Trail",
			"email_id": BOX,
			"enable_incoming": 0,
			"append_to": LEAD,
		}
	).insert()
	communication = InboundMail(message(f"{name} <{email}>"), account, uid=1).process()
	frappe.db.commit()
	return communication.reference_name


def by_csv(paths, name: str, mobile: str, email: str) -> str | None:
	return _imported(paths, as_csv([HEAD, [name, mobile, email]]), "leads.csv")


def by_xlsx(paths, name: str, mobile: str, email: str) -> str | None:
	book, out = openpyxl.Workbook(), io.BytesIO()
	for row in (HEAD, [name, mobile, email]):
		book.active.append(row)
	book.save(out)
	return _imported(paths, out.getvalue(), "leads.xlsx")


def _imported(paths, content: bytes, name: str) -> str | None:
	frappe.set_user(OPERATING)
	doc = run(paths.imports([], content=content, name=name, share_out=1))
	row = frappe.db.get_value(ROW, {"lead_import": doc.name}, ["lead", "reasons"], as_dict=True)
	paths.said = row.reasons
	return row.lead


def by_whatsapp(paths, name: str, mobile: str, email: str) -> str | None:
	frappe.set_user("Administrator")
	make_account(lead_rule="Always")
	person = payloads.Person(name, f"+966{mobile[1:]}", "SA.77")
	received(payloads.whatsapp_text("1111", person, "أريد عرض سعر", on=now_utc()))
	return rows_of(CONVERSATION, "lead")[-1].lead


BOTH, MAIL, NUMBER = ("mobile_no", "email_id"), ("email_id",), ("mobile_no",)
PATHS: list[tuple[Callable, str, tuple[str, ...]]] = [
	(by_form, "Web Form", BOTH),
	(by_rest, "API", BOTH),
	(by_capture, "API", BOTH),
	(by_csv, "Import", BOTH),
	(by_xlsx, "Import", BOTH),
	(by_mail, "E-mail", MAIL),
	(by_whatsapp, "Channel", NUMBER),
]


@pytest.mark.parametrize(
	("capture", "through", "reach"), PATHS, ids=lambda path: getattr(path, "__name__", "")
)
def test_one_person_leaves_the_same_trail(paths, capture, through, reach):
	number, address = phone(), f"{frappe.generate_hash(length=8)}@trail.example"
	name = capture(paths, NAME, number, address.upper())
	frappe.db.rollback()
	frappe.set_user("Administrator")
	paths.leads.append(name)
	lead = frappe.get_doc(LEAD, name)
	expected = {"mobile_no": f"+966{number[1:]}", "email_id": address}
	assert {field: lead.get(field) for field in BOTH if lead.get(field)} == {
		field: expected[field] for field in reach
	}
	assert (lead.lead_name, lead.lead_type, lead.captured_through) == (CLEAN_NAME, "Person", through)
	assert (lead.name_key, lead.status, lead.base_status) == ("سلطان العنزي", "New", "New")
	assert (lead.score, lead.fit_score, lead.grade, bool(lead.scored_on)) == (7, 7, "D", True)
	assert [reason["r"] for reason in json.loads(lead.score_reasons)["reasons"]] == [paths.rule.name]
	assert (lead.lead_owner, lead.assignment_state, lead.assignment_rule) == (
		SELLER_A,
		"Assigned",
		paths.crew.name,
	)
	assert frappe.db.count("Dafater Assignment Log", {"lead": name}) == 1
	history = {"reference_doctype": LEAD, "reference_name": name}
	assert frappe.get_all("Dafater Status History", history, pluck="to_status") == ["New"]
	assert frappe.db.count(KEY, {"lead": name}) > 2
	assert double_of(paths, name, {field: expected[field] for field in reach}) == (1, "Entry", "Open")


def double_of(paths, name: str, reach: dict) -> tuple:
	"""The candidate that a colleague makes who types the same person: the lead was filed as any other."""
	double = frappe.get_doc({"doctype": LEAD, "lead_name": CLEAN_NAME, "company": COMPANY, **reach}).insert()
	frappe.db.commit()
	paths.leads.append(double.name)
	pair = {"lead_a": ("in", (name, double.name)), "lead_b": ("in", (name, double.name))}
	return frappe.db.get_value(CANDIDATE, pair, ["certain", "found_by", "status"])


@pytest.mark.parametrize("capture", [path[0] for path in PATHS[:5]], ids=lambda path: path.__name__)
def test_one_bad_value_is_refused_alike(paths, capture):
	"""A mail and a message bring no number that somebody typed."""
	address = f"{frappe.generate_hash(length=8)}@trail.example"
	assert capture(paths, NAME, "12", address) is None
	assert "12 is not a valid phone number" in frappe.utils.strip_html(paths.said)
	frappe.db.rollback()
	assert not frappe.db.exists(LEAD, {"email_id": address})
