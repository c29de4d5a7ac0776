"""What is filled in, before it belongs to either CRM: one dataclass for each kind of row, in the units of the tables.

A field ending in `_ours` or `_theirs` names the same thing in our CRM and in ERPNext's. The annotations are also the column
types of the staging tables (`on_site/staging.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(slots=True)
class Lead:
	number: int
	ours: str
	theirs: str
	person: str
	person_key: str
	organisation: str
	organisation_key: str
	email: str
	mobile: str
	made: datetime
	owner: str | None
	campaign: str | None
	territory: str | None
	source: str
	segment: str
	city: str
	# Address documents of the peer's lead: 0, 1 or 2; ours has its address on the record
	addresses: int
	# ours; "" for none
	prospect: str | None = None
	base_status: str = "New"
	fact_status: str = ""
	status: str = "New"
	their_status: str = "Lead"
	converted_on: datetime | None = None
	last_contact_on: datetime | None = None
	responded_on: datetime | None = None
	response_seconds: int | None = None


@dataclass(slots=True)
class Prospect:
	number: int
	ours: str
	theirs: str
	name_key: str
	made: datetime
	owner: str | None
	territory: str | None
	source: str
	segment: str
	fact_status: str = ""
	status: str = "New"


@dataclass(slots=True)
class ProspectLead:
	number: int
	position: int
	prospect_theirs: str
	lead_theirs: str


@dataclass(slots=True)
class Customer:
	number: int
	name: str
	title: str
	territory: str | None
	party_type_ours: str
	party_ours: str
	lead_theirs: str | None
	prospect_theirs: str | None
	made: datetime


@dataclass(slots=True)
class Opportunity:
	number: int
	ours: str
	theirs: str
	lead_number: int
	# Lead, Prospect or Customer
	party_kind: str
	party_ours: str
	party_theirs: str
	party_title: str
	lead_ours: str | None
	made: datetime
	modified: datetime
	owner: str | None
	# JSON, as Frappe keeps it beside the ToDos: "" after the last assignment was closed
	assigned: str | None
	kind: str
	source: str
	campaign: str | None
	territory: str | None
	segment: str
	email: str
	mobile: str
	currency: str
	rate: float
	amount: float
	base_amount: float
	expected_closing: date | None
	stage: str = ""
	stage_before_won: str | None = None
	probability: float = 0
	weighted: float = 0
	status: str = "Open"
	document_status: str = ""
	their_status: str = "Open"
	won_on: date | None = None
	lost_on: date | None = None
	closed_on: datetime | None = None
	last_contact_on: datetime | None = None
	responded_on: datetime | None = None
	response_seconds: int | None = None


@dataclass(slots=True)
class Assignment:
	number: int
	opportunity_ours: str
	opportunity_theirs: str
	user: str
	made: datetime


@dataclass(slots=True)
class LostReason:
	number: int
	opportunity_ours: str
	opportunity_theirs: str
	position: int
	reason: str


@dataclass(slots=True)
class Message:
	number: int
	# Lead or Opportunity
	on_kind: str
	on_ours: str
	on_theirs: str
	direction: str
	medium: str
	moment: datetime
	sender: str
	recipients: str


@dataclass(slots=True)
class Activity:
	"""A call or the like. ERPNext's CRM has no record of that kind, so only ours is filled."""

	number: int
	on_kind: str
	on_ours: str
	kind: str
	done: int
	moment: datetime
	assigned_to: str | None
	stage: str | None


@dataclass(slots=True)
class Issue:
	number: int
	name: str
	lead_ours: str
	lead_theirs: str
	raised_by: str
	made: datetime


@dataclass(slots=True)
class Document:
	"""A Quotation, Sales Order or Sales Invoice; both CRMs share it, each with links of its own."""

	number: int
	kind: str
	name: str
	day: date
	made: datetime
	docstatus: int
	status: str
	# Lead, Prospect or Customer, as ERPNext's quotation is addressed; orders and invoices go to the customer
	party_kind: str
	party_theirs: str
	party_title: str
	customer: str | None
	territory: str | None
	email: str | None
	currency: str
	rate: float
	total: float
	opportunity_ours: str | None
	opportunity_theirs: str | None
	party_type_ours: str | None
	party_ours: str | None
	per_billed: float = 0


@dataclass(slots=True)
class Line:
	number: int
	kind: str
	parent: str
	position: int
	docstatus: int
	item: str
	quantity: int
	price: float
	rate: float
	day: date
	# the row's document and row in the document before it: quotation of an order, order of an invoice
	source: str | None = None
	source_row: str | None = None


KINDS = (
	Lead,
	Prospect,
	ProspectLead,
	Customer,
	Opportunity,
	Assignment,
	LostReason,
	Message,
	Activity,
	Issue,
	Document,
	Line,
)
