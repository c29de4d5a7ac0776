"""`make tour`: a made-up company's sheet of 25 leads, led by its own people to paid invoices, and checked to the halala.

data/tour_leads.csv is the sheet as somebody would hand it over. data/tour_plan.json says what happens to each lead and,
worked out by hand, what every status and amount must be at the end. Each step runs as the person whose job it is,
through the functions behind the buttons, and is committed, since our statuses follow the commit. For throw-away sites.
"""

from __future__ import annotations

import time

import frappe
from frappe import _
from frappe.utils import cint, nowdate

from dafater_crm.records import recompute
from dafater_crm.setup import tour_billing, tour_selling
from dafater_crm.setup.demo import prepare_company, quiet
from dafater_crm.setup.masters import load_data
from dafater_crm.setup.tour_checks import Check, check_all, money_of, party_title
from dafater_crm.setup.tour_table import table
from dafater_crm.setup.tour_walk import LEAD, Journey, Walk, read_sheet

SDR, EXECUTIVE, MANAGER, ACCOUNTANT, SUPPORT = "sdr", "executive", "manager", "accountant", "support"
ADMINISTRATOR = "Administrator"

# step of the plan -> (who takes it, what it does, what the table says)
STEPS = {
	"call": (SDR, tour_selling.call, "call"),
	"disqualify": (SDR, tour_selling.disqualify, "disqualify"),
	"do_not_contact": (SDR, tour_selling.do_not_contact, "do not contact"),
	"qualify": (SDR, tour_selling.qualify, "qualify"),
	"convert": (EXECUTIVE, tour_selling.convert, "convert"),
	"opportunity": (EXECUTIVE, tour_selling.opportunity, "2nd opportunity"),
	"stages": (EXECUTIVE, tour_selling.stages, "stages"),
	"reassign": (MANAGER, tour_selling.reassign, "reassign"),
	"lose": (EXECUTIVE, tour_selling.lose, "lose"),
	"reopen": (EXECUTIVE, tour_selling.reopen, "reopen"),
	"close": (EXECUTIVE, tour_selling.close, "close"),
	"award": (EXECUTIVE, tour_selling.award, "award"),
	"quote": (EXECUTIVE, tour_selling.quote, "quote"),
	"quote_lead": (EXECUTIVE, tour_selling.quote_lead, "quote by hand"),
	"amend_quotation": (EXECUTIVE, tour_selling.amend_quotation, "amend"),
	"quotation_lost": (EXECUTIVE, tour_selling.quotation_lost, "quotation lost"),
	"order": (EXECUTIVE, tour_selling.order, "order"),
	"order_quotation": (EXECUTIVE, tour_selling.order_quotation, "order"),
	"cancel_order": (EXECUTIVE, tour_selling.cancel_order, "order cancelled"),
	"close_order": (EXECUTIVE, tour_selling.close_order, "order closed"),
	"invoice": (ACCOUNTANT, tour_billing.invoice, "invoice"),
	"pay": (ACCOUNTANT, tour_billing.pay, "pay"),
	"journal": (ACCOUNTANT, tour_billing.journal, "pay by journal"),
	"credit_note": (ACCOUNTANT, tour_billing.credit_note, "credit note"),
	"ask_support": (EXECUTIVE, tour_billing.ask_support, "share"),
	"mail_issue": (SUPPORT, tour_billing.mail_issue, "issue"),
	"button_issue": (SUPPORT, tour_billing.button_issue, "issue"),
}


class StepFailed(Exception):
	"""A step of the plan could not be taken; the cause says why."""


def run(again: bool = False) -> None:
	"""Take the tour on the connected site and print what happened; commits after every step.

	Refuses a site that has leads, unless `again` asks for a further run with names of its own. Raises SystemExit(1)
	when a check fails. Needs the rights of Administrator: it makes users and a company's masters.
	"""
	_walk, checks, report = take(again)
	print(report)
	for check in checks:
		if not check.passed:
			print(f"FAILED {check.about}: expected {check.expected!r}, found {check.actual!r}")
	failed = sum(not check.passed for check in checks)
	print(f"{len(checks) - failed} checks passed, {failed} failed")
	if failed:
		raise SystemExit(1)


def take(again: bool = False) -> tuple[Walk, list[Check], str]:
	"""The tour itself: the walk, its checks and the text to print. As `run`, without an exit."""
	started, statements = time.monotonic(), statements_so_far()
	with quiet():
		walk = prepare(again)
		for journey in walk.journeys.values():
			with walk.step(SDR):
				tour_selling.capture(walk, journey)
			journey.done.append("captured")
		for journey in walk.journeys.values():
			follow_plan(walk, journey)
		with walk.step(ADMINISTRATOR):
			nightly_jobs()
		seconds, statements = time.monotonic() - started, statements_so_far() - statements
		checks = check_all(walk)
		return walk, checks, "\n\n".join([journey_table(walk), closing(walk, seconds, statements)])


def prepare(again: bool) -> Walk:
	"""The company with its users, what the plan presupposes, and the sheet."""
	taken = frappe.db.count(LEAD)
	if taken and not again:
		frappe.throw(
			_(
				"This site has {0} leads already. The tour needs a fresh site: make one with `make tour`."
			).format(taken)
		)
	plan = load_data("tour_plan")
	walk = Walk(prepare_company(), plan, mark=_runs_before() + 1)
	sheet = read_sheet(walk.mark)
	walk.journeys = {key: Journey(key, sheet[key], row) for key, row in plan["leads"].items()}
	with walk.step(ADMINISTRATOR):
		_allow_currencies(plan["rates"])
	with walk.step(MANAGER):
		_enter_market(walk)
	walk.customers_before = frappe.db.count("Customer")
	return walk


def _runs_before() -> int:
	"""Earlier tours on this site, told by the first address of the sheet."""
	name, at = next(iter(read_sheet(1).values()))["email_id"].lower().split("@")
	return frappe.db.count(LEAD, {"email_id": ("like", f"{name}%@{at}")})


def _allow_currencies(rates: dict[str, float]) -> None:
	"""Invoices in other currencies on the one receivable account, and rates, so that nothing asks an outside service."""
	frappe.db.set_single_value(
		"Accounts Settings", "allow_multi_currency_invoices_against_single_party_account", 1
	)
	for currency, rate in rates.items():
		key = {"from_currency": currency, "to_currency": "SAR", "date": nowdate(), "for_selling": 1}
		if not frappe.db.exists("Currency Exchange", key):
			frappe.get_doc({"doctype": "Currency Exchange", "exchange_rate": rate, **key}).insert()


def _enter_market(walk: Walk) -> None:
	"""Competitors, and the one customer that bought before there was a CRM."""
	for name in walk.plan["competitors"]:
		if not frappe.db.exists("Dafater Competitor", name):
			frappe.get_doc({"doctype": "Dafater Competitor", "competitor_name": name}).insert()
	row = walk.journeys[walk.plan["existing_customer_of"]].sheet
	customer = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": row["organisation_name_latin"],
			"customer_type": "Company",
			"tax_id": row["vat_number"],
		}
	).insert()
	walk.existing_customer = customer.name


def follow_plan(walk: Walk, journey: Journey) -> None:
	"""Every step of one lead, each as the person who would take it."""
	for verb, *rest in journey.plan["steps"]:
		arguments = dict(rest[0]) if rest else {}
		who, take_step, said = STEPS[verb]
		who = arguments.pop("by", who)
		if "as" in arguments:
			arguments["label"] = arguments.pop("as")
		try:
			with walk.step(who):
				take_step(walk, journey, **arguments)
		except Exception as error:
			raise StepFailed(f"lead {journey.key}, step {verb!r}, taken by {who!r}: {error}") from error
		journey.done.append(said)


def nightly_jobs() -> None:
	"""What the scheduler runs at night: ERPNext lets quotations expire, our repair notices."""
	from erpnext.selling.doctype.quotation.quotation import set_expired_status

	set_expired_status()
	frappe.db.commit()  # nosemgrep: manual-commit - two jobs of the scheduler, each with its own transaction
	recompute.repair_all()


def journey_table(walk: Walk) -> str:
	"""One row a lead, with totals. Amounts in company currency; "amount" is before VAT, the others with it."""
	rows, totals = [], [0.0] * 4
	for journey in walk.journeys.values():
		money = list(money_of(journey).values())
		totals = [total + value for total, value in zip(totals, money, strict=True)]
		status = frappe.db.get_value(LEAD, journey.lead, "status")
		rows.append([journey.lead, party_title(journey), _done(journey), status, *money])
	head = ["lead", "party", "what was done", "status", "amount", "invoiced", "paid", "outstanding"]
	return table(head, rows, ["total", "", "", "", *totals])


def _done(journey: Journey) -> str:
	"""The steps in order; what was repeated is counted."""
	said = [text for text in dict.fromkeys(journey.done) if text not in ("captured", "stages")]
	counts = {text: journey.done.count(text) for text in said}
	return ", ".join(text if count == 1 else f"{text} x{count}" for text, count in counts.items())


def closing(walk: Walk, seconds: float, statements: int) -> str:
	"""Who took how many steps, and what it cost."""
	people = ", ".join(f"{who} {count}" for who, count in walk.steps_of.items())
	documents = sum(len(journey.documents) for journey in walk.journeys.values())
	return (
		f"steps: {people}\n"
		f"{documents} documents, {sum(walk.steps_of.values())} steps, {seconds:.1f} s, {statements} SQL statements"
	)


def statements_so_far() -> int:
	"""The database's own count of this connection's statements, commits included."""
	status = frappe.qb.Schema("information_schema").session_status
	rows = (
		frappe.qb.from_(status).select(status.VARIABLE_VALUE).where(status.VARIABLE_NAME == "QUESTIONS").run()
	)
	return cint(rows[0][0])
