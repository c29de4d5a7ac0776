"""A hundred leads and everything that became of them, drawn from one random stream: the pure part of the filling.

`make(number, seed, last_day)` gives the same block for the same arguments, whatever the size it is part of. Statuses are
worked out afterwards by `outcome.py`, documents are drawn by `paperwork.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from benchmarks import outcome, paperwork, talk, words
from benchmarks.rows import (
	Activity,
	Assignment,
	Customer,
	Document,
	Issue,
	Lead,
	Line,
	LostReason,
	Message,
	Opportunity,
	Prospect,
	ProspectLead,
)
from benchmarks.sizes import BLOCK, PER_BLOCK

MONTHS_BACK = 24
# how many opportunities the leads of a block have: 5 have three, 5 two, 25 one, 65 none
OPPORTUNITIES = [3] * 5 + [2] * 5 + [1] * 25 + [0] * 65


@dataclass
class Block:
	number: int
	random: Random
	# the last moment at which anything happened
	end: datetime
	leads: list[Lead] = field(default_factory=list)
	prospects: list[Prospect] = field(default_factory=list)
	prospect_leads: list[ProspectLead] = field(default_factory=list)
	customers: list[Customer] = field(default_factory=list)
	opportunities: list[Opportunity] = field(default_factory=list)
	assignments: list[Assignment] = field(default_factory=list)
	lost_reasons: list[LostReason] = field(default_factory=list)
	messages: list[Message] = field(default_factory=list)
	activities: list[Activity] = field(default_factory=list)
	issues: list[Issue] = field(default_factory=list)
	documents: list[Document] = field(default_factory=list)
	lines: list[Line] = field(default_factory=list)

	def numbers(self, kind: str, position: int) -> int:
		"""A number that no other block gives to a row of this kind, beginning with 1."""
		return self.number * PER_BLOCK[kind] + position + 1

	def later(self, moment: datetime, days: float) -> datetime:
		"""Some time after `moment`, `days` on average, never after the end."""
		found = moment + timedelta(days=self.random.expovariate(1 / days), seconds=60)
		if found <= self.end:
			return found.replace(microsecond=0)
		left = max((self.end - moment).total_seconds(), 0)
		return (moment + timedelta(seconds=int(left * self.random.random()))).replace(microsecond=0)

	def rows(self) -> list[list]:
		return [
			self.leads,
			self.prospects,
			self.prospect_leads,
			self.customers,
			self.opportunities,
			self.assignments,
			self.lost_reasons,
			self.messages,
			self.activities,
			self.issues,
			self.documents,
			self.lines,
		]


def make(number: int, seed: int, last_day: date) -> Block:
	"""Block `number` (from 0). Nothing in it is later than the end of `last_day`."""
	end = datetime.combine(last_day, time(23, 0))
	block = Block(number, Random(seed * 1_000_003 + number), end)
	_leads(block)
	_prospects(block)
	deals = _opportunities(block)
	paperwork.draw(block, deals)
	outcome.settle_opportunities(block)
	_assignments(block)
	talk.draw(block)
	_issues(block)
	outcome.settle_parties(block)
	return block


def _leads(block: Block) -> None:
	random = block.random
	for position in range(BLOCK):
		number = block.numbers("leads", position)
		made = block.end - timedelta(seconds=random.randrange(MONTHS_BACK * 365 * 86400 // 12))
		person = f"{random.choice(words.FIRST)} {random.choice(words.FAMILY)}"
		firm = f"{random.choice(words.COMPANY_KINDS)} {random.choice(words.COMPANY_NAMES)} {random.choice(words.COMPANY_TRADES)}"
		city = words.skewed(random, words.CITIES)
		block.leads.append(
			Lead(
				number,
				f"DLEAD-{made.year}-{number:07d}",
				f"CRM-LEAD-{made.year}-{number:07d}",
				person,
				words.search_key(person),
				firm,
				words.search_key(firm),
				f"lead{number}@market.example",
				f"+96655{number:07d}",
				made.replace(microsecond=0),
				words.skewed(random, words.SELLERS) if random.random() > 0.03 else None,
				words.skewed(random, words.CAMPAIGNS) if random.random() > 0.25 else None,
				city if random.random() > 0.05 else None,
				words.skewed(random, words.SOURCES),
				random.choice(words.SEGMENTS),
				city,
				random.choices((0, 1, 2), (65, 30, 5))[0],
			)
		)


def _prospects(block: Block) -> None:
	"""Four companies of two leads each; the earlier lead brought the company in."""
	members = iter(block.random.sample(block.leads, 2 * PER_BLOCK["prospects"]))
	for position, pair in enumerate(zip(members, members, strict=True)):
		number = block.numbers("prospects", position)
		first, second = sorted(pair, key=lambda lead: lead.made)
		name = f"{first.organisation} {number}"
		prospect = Prospect(
			number,
			f"DPRO-{first.made.year}-{number:07d}",
			name,
			words.search_key(name),
			first.made,
			first.owner,
			first.territory,
			first.source,
			first.segment,
		)
		block.prospects.append(prospect)
		for index, lead in enumerate((first, second)):
			lead.prospect = prospect.ours
			block.prospect_leads.append(ProspectLead(number * 2 + index, index + 1, name, lead.theirs))


def _opportunities(block: Block) -> list[list[Opportunity]]:
	"""The block's opportunities, grouped by lead, those with most first. Second leads of a prospect have none."""
	random = block.random
	brought = {row.lead_theirs: row.prospect_theirs for row in block.prospect_leads if row.position == 1}
	second = {row.lead_theirs for row in block.prospect_leads if row.position == 2}
	# business through a prospect is one deal, so that three-deal leads are plain ones
	plain = [lead for lead in block.leads if lead.theirs not in brought and lead.theirs not in second]
	chosen = random.sample(plain, 31)
	leads = chosen[:10] + [lead for lead in block.leads if lead.theirs in brought] + chosen[10:]
	prospects = {prospect.theirs: prospect for prospect in block.prospects}
	deals = []
	for lead, count in zip(leads, OPPORTUNITIES, strict=False):
		prospect = prospects.get(brought.get(lead.theirs))
		deals.append([_opportunity(block, lead, prospect) for _ in range(count)])
	return deals


def _opportunity(block: Block, lead: Lead, prospect: Prospect | None) -> Opportunity:
	random = block.random
	number = block.numbers("opportunities", len(block.opportunities))
	made = block.later(lead.made, 15)
	amount = min(round(random.lognormvariate(9.5, 1) / 50) * 50, 3_000_000)
	currency = random.choices(("SAR", "USD", "EUR"), (88, 8, 4))[0]
	rate = {"SAR": 1.0, "USD": words.USD_RATE, "EUR": words.euro_rate(made.year, made.month)}[currency]
	owner = lead.owner if random.random() > 0.1 else words.skewed(random, words.SELLERS)
	found = Opportunity(
		number,
		f"DOPP-{made.year}-{number:07d}",
		f"CRM-OPP-{made.year}-{number:07d}",
		lead.number,
		"Prospect" if prospect else "Lead",
		prospect.ours if prospect else lead.ours,
		prospect.theirs if prospect else lead.theirs,
		prospect.theirs if prospect else lead.person,
		# half of the deals of a prospect were made from the lead, half from the prospect
		lead.ours if not prospect or random.random() < 0.5 else None,
		made,
		made,
		owner,
		None,
		random.choices(words.TYPES, (80, 8, 12))[0],
		lead.source,
		lead.campaign,
		lead.territory,
		lead.segment,
		lead.email,
		lead.mobile,
		currency,
		rate,
		float(amount),
		outcome.to_base(amount, rate),
		None,
	)
	block.opportunities.append(found)
	return found


def _assignments(block: Block) -> None:
	"""Most are assigned to their owner, some to two people; some assignments were closed, some never made."""
	random = block.random
	for deal in block.opportunities:
		draw = random.random()
		users = [deal.owner] if deal.owner else []
		if users and draw < 0.1:
			other = words.skewed(random, words.SELLERS)
			users += [other] if other != deal.owner else []
		if draw > 0.95 or not users:
			deal.assigned = "" if draw > 0.98 else None
			continue
		deal.assigned = json.dumps(users)
		for index, user in enumerate(users):
			block.assignments.append(
				Assignment(deal.number * 2 + index, deal.ours, deal.theirs, user, deal.made)
			)


def _issues(block: Block) -> None:
	for position in range(PER_BLOCK["issues"]):
		lead = block.random.choice(block.leads)
		number = block.numbers("issues", position)
		made = block.later(lead.made, 60)
		block.issues.append(
			Issue(number, f"ISS-{made.year}-{number:07d}", lead.ours, lead.theirs, lead.email, made)
		)
