"""Quotations, orders and invoices of a block: full, partial, amended, cancelled, closed and draft ones in fixed numbers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from benchmarks import words
from benchmarks.rows import Customer, Document, Line, Opportunity
from benchmarks.sizes import PER_BLOCK

if TYPE_CHECKING:
	from benchmarks.block import Block

QUOTATION, ORDER, INVOICE = "Quotation", "Sales Order", "Sales Invoice"
PREFIX = {QUOTATION: "SAL-QTN", ORDER: "SAL-ORD", INVOICE: "ACC-SINV"}
COUNTER = {QUOTATION: "quotations", ORDER: "orders", INVOICE: "invoices"}
DRAFT, SUBMITTED, CANCELLED = 0, 1, 2
OUR_PARTY = {"Lead": "Dafater Lead", "Prospect": "Dafater Prospect"}


def draw(block: Block, deals: list[list[Opportunity]]) -> None:
	"""Ten quotations, seven orders and three invoices for deals grouped by lead; the first two groups have three each."""
	books = _Books(block)
	_ordered_billed_and_back_again(books, deals[0])
	_amended(books, deals[1])
	singles = [group[0] for group in deals if len(group) == 1]
	in_part, cancelled, in_draft, lost, quiet, first, second = block.random.sample(singles, 7)
	unfulfilled = block.number % 10 == 9
	order = books.order(
		books.quote(in_part, SUBMITTED, "Partially Ordered"), SUBMITTED, "To Deliver and Bill", lines=1
	)
	if unfulfilled:
		order.status = "Closed"
	books.order(books.quote(cancelled, SUBMITTED, "Open"), CANCELLED, "Cancelled")
	books.order(books.quote(in_draft, SUBMITTED, "Open"), DRAFT, "Draft")
	books.quote(lost, SUBMITTED, "Lost")
	books.quote(quiet, SUBMITTED, "Expired" if block.number % 2 else "Open")
	books.quote(first, DRAFT, "Draft")
	books.quote(second, DRAFT, "Draft")


def _ordered_billed_and_back_again(books: _Books, deals: list[Opportunity]) -> None:
	"""The first offer was withdrawn, the second ordered and billed; the customer came back, without an offer and with one deal more."""
	books.quote(deals[0], CANCELLED, "Cancelled")
	quotation = books.quote(deals[0], SUBMITTED, "Ordered")
	order = books.order(quotation, SUBMITTED, "To Deliver")
	books.bill(order, SUBMITTED)
	books.bill(books.order_again(order), SUBMITTED)
	_made_with_the_customer(books, deals[2], order)


def _amended(books: _Books, deals: list[Opportunity]) -> None:
	"""The first order was cancelled and amended: two orders of one quotation, one of which counts."""
	quotation = books.quote(deals[0], SUBMITTED, "Ordered")
	books.order(quotation, CANCELLED, "Cancelled")
	order = books.order(quotation, SUBMITTED, "To Deliver and Bill")
	books.bill(order, DRAFT)
	_made_with_the_customer(books, deals[2], order)


def _made_with_the_customer(books: _Books, deal: Opportunity, order: Document) -> None:
	"""A later deal of a lead that has become a Customer is the Customer's."""
	deal.party_kind, deal.party_ours, deal.party_theirs = "Customer", order.customer, order.customer
	deal.party_title, deal.lead_ours = order.party_title, None
	deal.made = deal.modified = max(deal.made, books.block.later(order.made, 40))


class _Books:
	"""Writes the documents of one block and numbers them."""

	def __init__(self, block: Block):
		self.block = block
		self.written: Counter = Counter()
		self.customers: dict[str, Customer] = {}
		self.deal_of: dict[str, Opportunity] = {}

	def quote(self, deal: Opportunity, docstatus: int, status: str) -> Document:
		made = self.block.later(deal.made, 7)
		found = self._document(QUOTATION, made, docstatus, status, deal)
		self.deal_of[found.name] = deal
		self._lines(found, 2)
		return found

	def order(self, quotation: Document, docstatus: int, status: str, lines: int = 2) -> Document:
		deal = self.deal_of[quotation.name]
		made = self.block.later(quotation.made, 10)
		customer = self._customer(deal, made)
		found = self._document(ORDER, made, docstatus, status, deal)
		found.customer, found.party_title = customer.name, customer.title
		self.deal_of[found.name] = deal
		self._copy_lines(found, quotation, lines)
		return found

	def order_again(self, earlier: Document) -> Document:
		"""An order of a customer without a quotation and without a link to anything of ours."""
		found = self._document(
			ORDER, self.block.later(earlier.made, 60), SUBMITTED, "To Deliver", self.deal_of[earlier.name]
		)
		found.customer, found.party_title = earlier.customer, earlier.party_title
		found.opportunity_ours = found.opportunity_theirs = found.party_type_ours = found.party_ours = None
		self._lines(found, 2)
		return found

	def bill(self, order: Document, docstatus: int) -> Document:
		made = self.block.later(order.made, 14)
		found = self._document(INVOICE, made, docstatus, "Unpaid" if docstatus else "Draft", None, order)
		self._copy_lines(found, order, 2)
		if docstatus == SUBMITTED:
			order.per_billed = 100.0
		return found

	def _document(
		self,
		kind: str,
		made: datetime,
		docstatus: int,
		status: str,
		deal: Opportunity | None,
		order: Document | None = None,
	) -> Document:
		number = self.block.numbers(COUNTER[kind], self.written[kind])
		self.written[kind] += 1
		of = order or deal
		found = Document(
			number,
			kind,
			f"{PREFIX[kind]}-{made.year}-{number:07d}",
			made.date(),
			made,
			docstatus,
			status,
			of.party_kind,
			of.party_theirs,
			of.party_title,
			order.customer if order else None,
			of.territory,
			of.email,
			of.currency,
			of.rate,
			0,
			order.opportunity_ours if order else deal.ours,
			order.opportunity_theirs if order else deal.theirs,
			order.party_type_ours if order else OUR_PARTY.get(deal.party_kind),
			order.party_ours if order else deal.party_ours,
		)
		self.block.documents.append(found)
		return found

	def _customer(self, deal: Opportunity, made: datetime) -> Customer:
		known = self.customers.get(deal.party_ours)
		if known:
			return known
		number = self.block.number * PER_BLOCK["leads"] + len(self.customers) + 1
		lead = self.block.leads[deal.lead_number - self.block.numbers("leads", 0)]
		of_lead = deal.party_kind == "Lead"
		found = Customer(
			number,
			f"CUST-{made.year}-{number:07d}",
			lead.organisation,
			deal.territory,
			OUR_PARTY[deal.party_kind],
			deal.party_ours,
			deal.party_theirs if of_lead else None,
			None if of_lead else deal.party_theirs,
			made,
		)
		self.customers[deal.party_ours] = found
		self.block.customers.append(found)
		return found

	def _lines(self, document: Document, count: int) -> None:
		random = self.block.random
		for position in range(1, count + 1):
			item = random.choice(words.ITEMS)
			self._line(document, position, item, random.randint(1, 40), words.price(item))

	def _copy_lines(self, document: Document, source: Document, count: int) -> None:
		found = [line for line in self.block.lines if line.parent == source.name][:count]
		for line in found:
			self._line(document, line.position, line.item, line.quantity, line.price, source.name)

	def _line(
		self,
		document: Document,
		position: int,
		item: str,
		quantity: int,
		price: float,
		source: str | None = None,
	) -> None:
		row = f"{source}-{position}" if source else None
		self.block.lines.append(
			Line(
				document.number * 2 + position,
				document.kind,
				document.name,
				position,
				document.docstatus,
				item,
				quantity,
				price,
				document.rate,
				document.day,
				source,
				row,
			)
		)
		document.total += quantity * price
