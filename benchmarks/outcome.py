"""What the controllers and jobs of both CRMs would have stored: stages, statuses, first answers.

The rules are those of `docs/architecture.md` (ours) and of ERPNext's status map. `on_site/honesty.py` holds the filled rows
against the real controllers, so this file cannot drift from them unnoticed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from benchmarks import words
from benchmarks.rows import Document, Lead, LostReason, Opportunity
from dafater_crm.domain import amounts, opportunity_status

if TYPE_CHECKING:
	from benchmarks.block import Block

LOST, WON_BY_HAND, CLOSED = 12, 3, 2
LEAD_RUNGS = ("", "New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation", "Converted")
PROSPECT_RUNGS = ("", "New", "Active", "Opportunity", "Quotation", "Customer")
DEAD_DEAL = ("Lost", "Closed")


@lru_cache(maxsize=100_000)
def to_base(amount: float, rate: float) -> float:
	return amounts.to_base(amount, rate)


def settle_opportunities(block: Block) -> None:
	"""Stage, outcome, status, dates and weighted amount of every opportunity, from its documents and by chance."""
	documents = defaultdict(list)
	for document in block.documents:
		if document.opportunity_ours:
			documents[document.opportunity_ours].append(document)
	free = []
	for deal in block.opportunities:
		own = documents[deal.ours]
		deal.document_status = proven(own)
		deal.their_status = their_status(own)
		deal.stage = block.random.choice(tuple(words.OPEN_STAGES))
		deal.probability = words.OPEN_STAGES[deal.stage]
		if deal.document_status == "Ordered":
			deal.stage_before_won = deal.stage
			_win(deal, max(document.day for document in own))
		elif any(document.status == "Lost" for document in own):
			_lose(block, deal)
		elif not own:
			free.append(deal)
	_settle_by_chance(block, free)
	for deal in block.opportunities:
		_finish(block, deal)


def _settle_by_chance(block: Block, free: list[Opportunity]) -> None:
	chosen = block.random.sample(free, LOST - 1 + WON_BY_HAND + CLOSED)
	for deal in chosen[: LOST - 1]:
		_lose(block, deal)
	for deal in chosen[LOST - 1 : LOST - 1 + WON_BY_HAND]:
		_win(deal, block.later(deal.made, 40).date())
	for deal in chosen[LOST - 1 + WON_BY_HAND :]:
		deal.closed_on = block.later(deal.made, 60)
		deal.their_status = "Closed"


def _win(deal: Opportunity, day: date) -> None:
	deal.stage, deal.probability, deal.won_on = words.WON_STAGE, 100, day


def _lose(block: Block, deal: Opportunity) -> None:
	"""One reason, for some two. Every sixth is edited weeks later, which moves `modified` and nothing else."""
	random = block.random
	moment = block.later(deal.made, 45)
	deal.stage, deal.probability, deal.lost_on = words.LOST_STAGE, 0, moment.date()
	deal.modified = block.later(moment, 120) if random.random() < 0.16 else moment
	deal.their_status = "Lost"
	for position, reason in enumerate(random.sample(words.REASONS, 2 if random.random() < 0.3 else 1), 1):
		number = deal.number * 2 + position
		block.lost_reasons.append(LostReason(number, deal.ours, deal.theirs, position, reason))


def _finish(block: Block, deal: Opportunity) -> None:
	random = block.random
	outcome = {words.WON_STAGE: "Won", words.LOST_STAGE: "Lost"}.get(deal.stage, "Open")
	deal.status = opportunity_status.status_of(outcome, deal.document_status, bool(deal.closed_on))
	deal.weighted = _weighted(deal.base_amount, deal.probability)
	if deal.modified == deal.made:
		deal.modified = block.later(deal.made, 30)
	if random.random() > 0.08:
		around = block.end if outcome == "Open" and random.random() < 0.7 else deal.made
		day = (around + timedelta(days=random.randint(-45, 330))).date()
		deal.expected_closing = max(day, deal.made.date() + timedelta(days=random.randint(5, 60)))


@lru_cache(maxsize=100_000)
def _weighted(amount: float, probability: float) -> float:
	return amounts.weighted(amount, probability)


def proven(documents: list[Document]) -> str:
	"""Our `document_status` by the documents of one opportunity; see `queries/facts.py`."""
	submitted = [document for document in documents if document.docstatus == 1]
	quotations = {document.status for document in submitted if document.kind == "Quotation"}
	quotations -= {"Lost", "Expired", "Cancelled"}
	live = [
		document
		for document in submitted
		if document.kind == "Sales Order" and (document.status != "Closed" or document.per_billed)
	]
	if live:
		return "Ordered" if "Ordered" in quotations else "Partially Ordered"
	return "Quotation" if quotations else ""


def their_status(documents: list[Document]) -> str:
	"""ERPNext's status of an opportunity by its submitted quotations: the partly ordered one stays a Quotation."""
	found = {doc.status for doc in documents if doc.kind == "Quotation" and doc.docstatus == 1}
	if "Ordered" in found:
		return "Converted"
	if found - {"Lost", "Closed"}:
		return "Quotation"
	return "Lost" if found else "Open"


def note_message(topic: Lead | Opportunity, moment: datetime, sent: bool) -> None:
	"""What Frappe and our hook stamp on the record that a message is filed on."""
	_last_contact(topic, moment)
	if sent and (topic.responded_on is None or moment < topic.responded_on):
		topic.responded_on = moment
		topic.response_seconds = int((moment - topic.made).total_seconds())
	if sent and isinstance(topic, Lead):
		topic.fact_status = "Contacted"


def note_touch(topic: Lead | Opportunity, moment: datetime) -> None:
	_last_contact(topic, moment)
	if isinstance(topic, Lead):
		topic.fact_status = "Contacted"


def _last_contact(topic: Lead | Opportunity, moment: datetime) -> None:
	topic.last_contact_on = max(topic.last_contact_on or moment, moment)


def settle_parties(block: Block) -> None:
	"""Statuses of leads and prospects: the higher of what a person chose and what facts prove."""
	parties = {lead.ours: lead for lead in block.leads}
	prospects = {prospect.ours: prospect for prospect in block.prospects}
	with_deals = {deal.lead_number for deal in block.opportunities}
	for deal in block.opportunities:
		fact = _fact_of(deal)
		for name in {deal.party_ours, deal.lead_ours}:
			if name in parties:
				_raise(parties[name], fact, LEAD_RUNGS)
			if name in prospects:
				_raise(prospects[name], {"Converted": "Customer"}.get(fact, fact), PROSPECT_RUNGS)
	ordered = _first_orders(block)
	for lead in block.leads:
		_settle_lead(block, lead, lead.number in with_deals, ordered)
	for prospect in block.prospects:
		prospect.status = prospect.fact_status or "New"
	_settle_theirs(block)


def _fact_of(deal: Opportunity) -> str:
	if deal.document_status in ("Partially Ordered", "Ordered"):
		return "Converted"
	return deal.document_status or ("" if deal.status in DEAD_DEAL else "Opportunity")


def _raise(party, fact: str, rungs: tuple[str, ...]) -> None:
	if rungs.index(fact) > rungs.index(party.fact_status):
		party.fact_status = fact


def _settle_lead(block: Block, lead: Lead, has_deal: bool, ordered: dict[str, datetime]) -> None:
	if has_deal:
		lead.base_status = block.random.choices(("Open", "Qualified"), (50, 50))[0]
	else:
		lead.base_status = block.random.choices(
			("New", "Open", "Qualified", "Disqualified", "Do Not Contact"), (30, 35, 15, 17, 3)
		)[0]
	held = lead.base_status in ("Disqualified", "Do Not Contact")
	rungs = (lead.base_status, lead.fact_status)
	lead.status = lead.base_status if held else max(rungs, key=LEAD_RUNGS.index)
	if lead.status == "Converted":
		lead.converted_on = ordered.get(lead.ours) or block.end


def _first_orders(block: Block) -> dict[str, datetime]:
	"""Lead -> moment of its first live order."""
	leads = {deal.ours: deal.lead_ours for deal in block.opportunities}
	found: dict[str, datetime] = {}
	for document in block.documents:
		lead = leads.get(document.opportunity_ours)
		if document.kind == "Sales Order" and document.docstatus == 1 and lead:
			found[lead] = min(found.get(lead, document.made), document.made)
	return found


def _settle_theirs(block: Block) -> None:
	"""ERPNext's status of a lead: Customer, quotation, opportunity, each if there is one that names it."""
	customers = {customer.lead_theirs for customer in block.customers}
	quoted, lost_quoted, deals = set(), set(), set()
	for document in block.documents:
		if document.kind == "Quotation" and document.docstatus == 1:
			(lost_quoted if document.status == "Lost" else quoted).add(document.party_theirs)
	deals = {deal.party_theirs for deal in block.opportunities if deal.their_status != "Lost"}
	for lead in block.leads:
		own = "Do Not Contact" if lead.base_status == "Do Not Contact" else "Lead"
		if lead.responded_on and own == "Lead":
			own = "Replied"
		for status, names in (
			("Lost Quotation", lost_quoted),
			("Opportunity", deals),
			("Quotation", quoted),
			("Converted", customers),
		):
			own = status if lead.theirs in names else own
		lead.their_status = own
