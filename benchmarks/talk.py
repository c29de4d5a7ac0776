"""Messages, calls and planned activities of a block, on its leads and opportunities."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from benchmarks import outcome, words
from benchmarks.rows import Activity, Lead, Message, Opportunity
from benchmarks.sizes import PER_BLOCK

if TYPE_CHECKING:
	from benchmarks.block import Block


def draw(block: Block) -> None:
	"""Messages and calls: a third of the leads never wrote, few write a lot; two in five are on an opportunity."""
	random = block.random
	talkers = random.sample(block.leads, 65)
	weights = [1 / (position + 2) for position in range(len(talkers))]
	deals = {}
	for deal in block.opportunities:
		deals.setdefault(deal.lead_number, []).append(deal)
	for position in range(PER_BLOCK["messages"]):
		lead = random.choices(talkers, weights)[0]
		_message(block, position, lead, _topic(random, lead, deals))
	for position in range(PER_BLOCK["activities"]):
		done = position % 2
		lead = random.choice(block.leads) if done else None
		topic = _topic(random, lead, deals) if lead else random.choice(block.opportunities)
		_activity(block, position, topic, done)


def _topic(random: Random, lead: Lead, deals: dict) -> Lead | Opportunity:
	own = deals.get(lead.number)
	return random.choice(own) if own and random.random() < 0.6 else lead


def _message(block: Block, position: int, lead: Lead, topic: Lead | Opportunity) -> None:
	random = block.random
	moment = block.later(topic.made, 25)
	sent = random.random() < 0.45
	seller = topic.owner or words.MAILBOX
	# the desk's dialog writes "Name <address>", imported mail the bare address
	address = lead.email if random.random() < 0.8 else f"{lead.person} <{lead.email}>"
	block.messages.append(
		Message(
			block.numbers("messages", position),
			"Opportunity" if isinstance(topic, Opportunity) else "Lead",
			topic.ours,
			topic.theirs,
			"Sent" if sent else "Received",
			random.choices(("Email", "Chat", "SMS"), (80, 15, 5))[0],
			moment,
			seller if sent else lead.email,
			address if sent else words.MAILBOX,
		)
	)
	outcome.note_message(topic, moment, sent)


def _activity(block: Block, position: int, topic: Lead | Opportunity, done: int) -> None:
	random = block.random
	moment = block.later(topic.made, 20)
	kind = random.choice(words.TOUCHES) if done else random.choice(("Call", "Meeting", "Document"))
	on_deal = isinstance(topic, Opportunity)
	block.activities.append(
		Activity(
			block.numbers("activities", position),
			"Opportunity" if on_deal else "Lead",
			topic.ours,
			kind,
			done,
			moment,
			topic.owner,
			topic.stage if on_deal and not done else None,
		)
	)
	if done:
		outcome.note_touch(topic, moment)
