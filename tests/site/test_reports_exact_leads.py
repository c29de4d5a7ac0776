"""Four reports on leads over one small market: every cell and figure, for three readers. Campaign Efficiency has tests of its own.

Six leads of the first quarter of 2013 unless said otherwise:

| | owner | territory | status | entered | what became of it |
|---|---|---|---|---|---|
| P | mine | north | Converted | 10 Jan | an opportunity with a quotation; its order of 1,000 on 15 Jan; two talks before, one after it; one issue |
| Q | other | north | Open | 20 Jan | three messages, the last by phone on 3 Feb |
| R | mine | south | Converted | 1 Feb | an invoice without an order on 4 Mar |
| S | nobody | north | none | 31 Mar, 23:59:59 | two e-mails on 1 Apr |
| T | other, made by mine | north | Open | 10 Feb | two calls, on 11 and 12 Feb |
| U | mine | north | Open | 31 Dec 2012 | an order on 1 Apr |

The seller has a User Permission for the north, and so sees P and T (and U): R is in the south, Q and S are others'. The manager's roles read orders
and issues, the seller's orders, neither reads invoices.
"""

from __future__ import annotations

from datetime import date, datetime

import frappe
import pytest
from frappe.utils import getdate

from tests.site.engagement_rows import (
	LEAD,
	OPPORTUNITY,
	activity_row,
	invoice_row,
	lead_row,
	make_territory,
	message_row,
	opportunity_row,
	order_row,
	restricted,
	row,
)
from tests.site.factories import COMPANY, MANAGER, SELLER, make_user
from tests.site.report_results import read_as, summary, table
from tests.site.test_reports_all_nine import ENGAGED, execute

MINE, OTHER, BOSS = "mine@exactleads.example", "other@exactleads.example", "boss@exactleads.example"
NOTHING = "Not Specified"


@pytest.fixture(autouse=True)
def people(clean_state: None) -> None:
	make_user(MINE, *SELLER)
	make_user(OTHER, *SELLER)
	make_user(BOSS, MANAGER, "Sales Manager", "Support Team")


@pytest.fixture
def market():
	"""The table above; gives the filters and the two territories, and lets the seller see the north alone."""
	whole = make_territory()
	north, south = make_territory(whole), make_territory(whole)
	lead("P", north, "2013-01-10 08:00:00", MINE, status="Converted", city="حائل", mobile_no="+966550000001")
	lead("Q", north, "2013-01-20 09:00:00", OTHER)
	lead("R", south, "2013-02-01 10:00:00", MINE, status="Converted")
	lead("S", north, "2013-03-31 23:59:59", None, status=None, _assign="")
	lead("T", north, "2013-02-10 11:00:00", OTHER, owner=MINE, organisation_name="مؤسسة طيبة")
	lead("U", north, "2012-12-31 23:59:59", MINE)
	sold(north)
	for hour in ("2013-01-21 10:00:00", "2013-01-22 10:00:00"):
		message_row(LEAD, "EXACT-Q", hour)
	message_row(LEAD, "EXACT-Q", "2013-02-03 10:00:00", communication_medium="Phone")
	for hour in ("2013-04-01 09:00:00", "2013-04-01 10:00:00"):
		message_row(LEAD, "EXACT-S", hour)
	for hour in ("2013-02-11 10:00:00", "2013-02-12 10:00:00"):
		activity_row(LEAD, "EXACT-T", hour)
	period = {"from_date": "2013-01-01", "to_date": "2013-03-31", "company": COMPANY, "territory": whole}
	with restricted(MINE, north):
		yield frappe._dict(filters=period, north=north, south=south)


def lead(letter: str, territory: str, entered: str, whose: str | None, **values) -> None:
	lead_row(territory, entered, name=f"EXACT-{letter}", title=f"عميل {letter}", lead_owner=whose, **values)


def sold(north: str) -> None:
	"""What P, R and U bought, and how P was talked to."""
	deal = opportunity_row(north, "2013-01-11 08:00:00", "EXACT-P", opportunity_owner=MINE)
	party = {
		"quotation_to": LEAD,
		"party_name": "EXACT-P",
		"company": COMPANY,
		"transaction_date": "2013-01-13",
	}
	row("Quotation", docstatus=1, status="Ordered", dafater_opportunity=deal, **party)
	order_row("2013-01-15", name="EXACT-ORDER", dafater_opportunity=deal, base_net_total=1000)
	message_row(LEAD, "EXACT-P", "2013-01-12 09:00:00")
	activity_row(OPPORTUNITY, deal, "2013-01-14 09:00:00", activity_type="Meeting")
	message_row(LEAD, "EXACT-P", "2013-01-16 00:00:00")
	row("Issue", subject="عطل", dafater_lead="EXACT-P")
	invoice_row("2013-03-04", name="EXACT-INVOICE", dafater_party_type=LEAD, dafater_party="EXACT-R")
	order_row("2013-04-01", dafater_party_type=LEAD, dafater_party="EXACT-U", base_net_total=500)


def detail(letter: str, status: str | None, owner: str, territory: str, entered: datetime, **known) -> tuple:
	"""A row of Lead Details; what a lead of this market leaves empty is None."""
	start = (
		f"EXACT-{letter}",
		f"عميل {letter}",
		known.get("organisation"),
		status,
		owner,
		known.get("mobile"),
		None,
	)
	qualified = (territory, None, None, None, "Unqualified", 0, entered, None, None, None)
	return (*start, *qualified, None, None, known.get("city"), None, COMPANY)


def details(market) -> dict[str, tuple]:
	return {
		"P": detail(
			"P",
			"Converted",
			"mine",
			market.north,
			datetime(2013, 1, 10, 8),
			mobile="+966550000001",
			city="حائل",
		),
		"Q": detail("Q", "Open", "other", market.north, datetime(2013, 1, 20, 9)),
		"R": detail("R", "Converted", "mine", market.south, datetime(2013, 2, 1, 10)),
		"S": detail("S", None, NOTHING, market.north, datetime(2013, 3, 31, 23, 59, 59)),
		"T": detail("T", "Open", "other", market.north, datetime(2013, 2, 10, 11), organisation="مؤسسة طيبة"),
	}


@pytest.mark.parametrize(
	("reader", "leads", "figures"),
	[
		("Administrator", "STRQP", [5, 2, 0, 40]),
		(BOSS, "STRQP", [5, 2, 0, 40]),
		(MINE, "TP", [2, 1, 0, 50]),
	],
)
def test_lead_details(market, as_user, reader, leads, figures):
	"""Newest first; 2 of 5 and 1 of 2 are converted."""
	result = read_as(as_user, reader, lambda: execute("Dafater Lead Details", market.filters))
	rows = details(market)
	assert table(result) == [rows[letter] for letter in leads]
	labels = ("Leads", "Converted", "Disqualified", "Conversion %")
	assert summary(result) == list(zip(labels, figures, strict=True))


def converted(market, letter: str, document: str | None, with_tickets: bool) -> tuple:
	"""P took from 10 to 15 January, with a message and a meeting before; R from 1 February to 4 March."""
	if letter == "P":
		days, kind, talks = (date(2013, 1, 10), date(2013, 1, 15), 5), "Sales Order", 2
	else:
		days, kind, talks = (date(2013, 2, 1), date(2013, 3, 4), 31), "Sales Invoice", 0
	tickets = (int(letter == "P"),) if with_tickets else ()
	place = (MINE, NOTHING, market.south if letter == "R" else market.north)
	return (f"EXACT-{letter}", f"عميل {letter}", None, *days, talks, *tickets, *place, kind, document)


@pytest.mark.parametrize(("reader", "invoice"), [("Administrator", "EXACT-INVOICE"), (BOSS, None)])
def test_conversion_times_for_who_sees_all(market, as_user, reader, invoice):
	"""5 and 31 days, 2 and 0 talks."""
	result = read_as(as_user, reader, lambda: execute("Dafater Lead Conversion Time", market.filters))
	assert table(result) == [
		converted(market, "R", invoice, with_tickets=True),
		converted(market, "P", "EXACT-ORDER", with_tickets=True),
	]
	assert summary(result) == [
		("Converted Leads", 2),
		("Average Days", 18),
		("Median Days", 18),
		("Average Interactions", 1),
		("Tickets", 1),
	]


def test_conversion_times_for_the_seller(market, as_user):
	"""Without a list of issues there is no figure of them."""
	result = read_as(as_user, MINE, lambda: execute("Dafater Lead Conversion Time", market.filters))
	assert table(result) == [converted(market, "P", "EXACT-ORDER", with_tickets=False)]
	assert summary(result) == [
		("Converted Leads", 1),
		("Average Days", 5),
		("Median Days", 5),
		("Average Interactions", 2),
	]


EFFICIENCY = ("Leads", "Opportunities", "Quotations", "Sales Orders", "Order Value", "Conversion %")


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_lead_owners_for_who_sees_all(market, as_user, reader):
	"""P and R are mine, of which P ordered; U is of last year, so its order counts nowhere."""
	result = read_as(as_user, reader, lambda: execute("Dafater Lead Owner Efficiency", market.filters))
	assert table(result) == [
		("mine", MINE, 2, 1, 1, 1, 1000, 50, 50, 100, 1, 50),
		("other", OTHER, 2, 0, 0, 0, 0, 0, 0, None, 0, 0),
		(NOTHING, None, 1, 0, 0, 0, 0, 0, 0, None, 0, 0),
	]
	assert summary(result) == list(zip(EFFICIENCY, (5, 1, 1, 1, 1000, 20), strict=True))


def test_lead_owners_for_the_seller(market, as_user):
	result = read_as(as_user, MINE, lambda: execute("Dafater Lead Owner Efficiency", market.filters))
	assert table(result) == [
		("mine", MINE, 1, 1, 1, 1, 1000, 100, 100, 100, 1, 100),
		("other", OTHER, 1, 0, 0, 0, 0, 0, 0, None, 0, 0),
	]
	assert summary(result) == list(zip(EFFICIENCY, (2, 1, 1, 1, 1000, 50), strict=True))


def age(*day: int) -> int:
	return (getdate() - date(*day)).days


def engaged(market) -> dict[str, tuple]:
	def told(letter, organisation, status, owner, day, talks, last, channel):
		start = (f"EXACT-{letter}", f"عميل {letter}", organisation, status, owner, age(*day), talks, last)
		return (*start, channel, NOTHING, market.north, date(*day))

	return {
		"Q": told("Q", None, "Open", OTHER, (2013, 1, 20), 3, datetime(2013, 2, 3, 10), "Phone"),
		"S": told("S", None, NOTHING, NOTHING, (2013, 3, 31), 2, datetime(2013, 4, 1, 10), "E-mail"),
		"T": told("T", "مؤسسة طيبة", "Open", OTHER, (2013, 2, 10), 2, datetime(2013, 2, 12, 10), "Call"),
	}


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_engaged_leads_for_who_sees_all(market, as_user, reader):
	"""Most talks first, then the latest; P and R are converted, U was never talked to. 3 + 2 + 2 talks are 2.33 each."""
	result = read_as(as_user, reader, lambda: execute(ENGAGED, market.filters))
	rows = engaged(market)
	assert table(result) == [rows["Q"], rows["S"], rows["T"]]
	ages = round((age(2013, 1, 20) + age(2013, 3, 31) + age(2013, 2, 10)) / 3, 1)
	assert summary(result) == [
		("Engaged Leads", 3),
		("Interactions", 7),
		("Average Interactions", 2.3),
		("Average Age (Days)", ages),
	]


def test_engaged_leads_for_the_seller(market, as_user):
	result = read_as(as_user, MINE, lambda: execute(ENGAGED, market.filters))
	assert table(result) == [engaged(market)["T"]]
	assert summary(result) == [
		("Engaged Leads", 1),
		("Interactions", 2),
		("Average Interactions", 2),
		("Average Age (Days)", age(2013, 2, 10)),
	]
