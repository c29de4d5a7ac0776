"""One batch of an import: rows become leads, fill up known ones, or are refused with the reason.

Nothing is committed here. A batch writes its leads, their keys and history, the pairs in doubt and one row of outcome
for each row of the file, in a fixed number of statements, so that the whole of it is stored or none of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.domain.contact_evidence import reached_otherwise
from dafater_crm.domain.matching import DUPLICATE, Match
from dafater_crm.domain.profiles import Profile
from dafater_crm.intake.ahead import Prepared
from dafater_crm.intake.rows import PHONES, CleanRow
from dafater_crm.queries import duplicates as known
from dafater_crm.records import duplicates
from dafater_crm.records.bulk import NewDocuments
from dafater_crm.records.bulk_update import KnownDocuments
from dafater_crm.records.import_file import LEAD, values_of
from dafater_crm.records.import_texts import known_as, not_taken, said
from dafater_crm.records.log_texts import message_of
from dafater_crm.records.raw_rows import append_rows

ROW = "Dafater Lead Import Row"
CREATED, FILLED, SKIPPED, REFUSED = "Created", "Filled Up", "Skipped", "Refused"
FILL, SKIP = "Fill Empty Fields", "Skip the Row"

# What is said of a value that was put right on the way; anything else is a wrong value.
# What stood beside a phone or an address is kept with the row.
MENDED = frozenset(
	(
		*("cell_invisible_characters", "cell_emoji", "cell_formula", "cell_markup", "cell_merged"),
		*("phone_with_text", "email_with_text"),
	)
)
MARK = "#"
DEFAULTS = ("company", "source", "campaign", "market_segment", "territory", "lead_owner")


@dataclass
class Outcome:
	"""What became of one row. `lead` is the lead it made or met; `doubles` those that it may be as well."""

	ready: Prepared
	outcome: str = CREATED
	reasons: list[str] = field(default_factory=list)
	lead: str | None = None
	doc: object = None
	before: dict = field(default_factory=dict)
	doubles: list[tuple[str, Match]] = field(default_factory=list)
	# it shares with its lead what one person alone has
	identified: bool = False

	@property
	def row(self) -> CleanRow:
		return self.ready.row

	def refuse(self, *reasons: str) -> None:
		self.outcome, self.reasons = REFUSED, [*self.reasons, *reasons]


class BatchWriter:
	"""Turns clean rows into outcomes and stores them. One for a run: it remembers which links exist."""

	def __init__(self, doc, dry: bool = False):
		self.doc = doc
		self.dry = dry
		self.leads = NewDocuments(LEAD)
		self.known = KnownDocuments(self.leads)
		self.frequencies = known.stored_frequencies()
		self.defaults = {name: doc.get(name) for name in DEFAULTS if doc.get(name)}
		# rows of this run are compared in memory; None: compare with everything that is stored
		self.own: known.OwnKeys | None = known.OwnKeys(frappe.session.user, now_datetime())
		# profiles of stored leads that were met: worked out once
		self.met: dict[str, Profile] = {}
		# leads that rows met by name and employer alone, and those rows
		self.placed: dict[str, list[Profile]] = defaultdict(list)
		# what the rows of this run became: number -> lead, or the mark of a row that has no name yet
		self.made: dict[int, str] = {}
		# the same the other way round
		self.rows_of_leads: dict[str, int] = {}

	def write(self, rows: list[Prepared]) -> tuple[list[Outcome], Counter]:
		"""Handle rows; returns the outcomes and how many of each kind."""
		outcomes = [Outcome(ready) for ready in rows]
		self._refuse_wrong(outcomes)
		self._meet_known(outcomes)
		self._make_leads(outcomes)
		if not self.dry:
			self._store(outcomes)
		counts = Counter(outcome.outcome for outcome in outcomes)
		counts["doubtful"] = sum(1 for outcome in outcomes if outcome.outcome == CREATED and outcome.doubles)
		return outcomes, counts

	def _refuse_wrong(self, outcomes: list[Outcome]) -> None:
		refuse_all = self.doc.when_wrong != "Leave the Value Out"
		for outcome in outcomes:
			for problem in outcome.row.problems:
				outcome.reasons.append(said(problem))
				if problem.code == "row_without_name" or (refuse_all and problem.code not in MENDED):
					outcome.outcome = REFUSED

	def _meet_known(self, outcomes: list[Outcome]) -> None:
		"""Compare with the leads of the site in two statements; the rows of the file have been compared with each other.

		Leads of this run are left to the latter: what a row says of its neighbours may be more than the lead kept.
		"""
		waiting = {_mark(outcome): outcome for outcome in outcomes if outcome.outcome == CREATED}
		profiles = {mark: outcome.ready.profile for mark, outcome in waiting.items()}
		keys = {mark: outcome.ready.keys for mark, outcome in waiting.items()}
		found = known.matches(profiles, self.met, self.frequencies, keys, self.own)
		for mark, outcome in waiting.items():
			neighbours = ((self.made.get(number), match) for number, match in outcome.ready.alike)
			outcome.doubles = found.get(mark, []) + [pair for pair in neighbours if pair[0]]
			outcome.doubles.sort(key=lambda pair: -pair[1].score)
			self._decide(outcome)
			if outcome.outcome == CREATED:
				self.made[outcome.row.number] = mark
				self.rows_of_leads[mark] = outcome.row.number

	def _decide(self, outcome: Outcome) -> None:
		sure = self._sure(outcome)
		if not sure or self.doc.when_known not in (FILL, SKIP):
			return
		outcome.lead, match = sure
		outcome.identified = match.identified
		outcome.outcome = FILLED if self.doc.when_known == FILL else SKIPPED
		outcome.reasons.append(known_as(outcome.lead, self.rows_of_leads.get(outcome.lead), match))
		if not match.identified:
			self.placed[outcome.lead].append(outcome.ready.profile)

	def _sure(self, outcome: Outcome) -> tuple[str, Match] | None:
		"""The lead that the row is; by name and employer alone only where no second one could be meant."""
		known = [pair for pair in outcome.doubles if pair[1].decision == DUPLICATE]
		identified = next((pair for pair in known if pair[1].identified), None)
		if identified or len(known) != 1:
			return identified
		# A lead without contacts may be one of two namesakes in its company, but not both.
		others = self.placed.get(known[0][0], ())
		return None if any(reached_otherwise(outcome.ready.profile, other) for other in others) else known[0]

	def _make_leads(self, outcomes: list[Outcome]) -> None:
		new = [outcome for outcome in outcomes if outcome.outcome == CREATED]
		values = [
			{**self.defaults, **values_of(outcome.row), "captured_through": "Import"} for outcome in new
		]
		self.leads.know_links(values)
		for outcome, one in zip(new, values, strict=True):
			try:
				outcome.doc = self._make(one, outcome.ready)
			except frappe.ValidationError as error:
				outcome.refuse(message_of(error))
				del self.made[outcome.row.number]

	def _make(self, values: dict, ready: Prepared):
		"""The lead; a link that does not exist is left out where the import says so, and kept as text."""
		while True:
			try:
				return self.leads.make(
					values,
					captured_through="Import",
					dafater_keys=ready.keys,
					worked_out=ready.worked_out,
				)
			except frappe.LinkValidationError as error:
				fieldname = getattr(error, "fieldname", None)
				if self.doc.when_wrong != "Leave the Value Out" or fieldname not in values:
					raise
				frappe.clear_messages()
				label, value = frappe.get_meta(LEAD).get_label(fieldname), values.pop(fieldname)
				values["request"] = "\n".join(filter(None, (values.get("request"), f"{_(label)}: {value}")))

	def _store(self, outcomes: list[Outcome]) -> None:
		made = [outcome for outcome in outcomes if outcome.doc]
		self.leads.insert_all([outcome.doc for outcome in made])
		for outcome in made:
			outcome.lead = self.made[outcome.row.number] = outcome.doc.name
			self.rows_of_leads[outcome.lead] = outcome.row.number
			if _mark(outcome) in self.placed:
				self.placed[outcome.lead] = self.placed.pop(_mark(outcome))
		self._settle_places(outcomes)
		self._fill_up([outcome for outcome in outcomes if outcome.outcome == FILLED])
		pairs = {outcome.lead: outcome.doubles for outcome in made if outcome.doubles}
		duplicates.store_pairs(pairs, duplicates.IMPORT)
		self._store_rows(outcomes)

	def _settle_places(self, outcomes: list[Outcome]) -> None:
		"""Rows of this batch were called by their mark while their leads had no names."""
		names = {_mark(outcome): outcome.lead for outcome in outcomes}
		for outcome in outcomes:
			if outcome.lead and outcome.lead.startswith(MARK):
				outcome.lead = names[outcome.lead]
			outcome.doubles = [
				(names[text] if text.startswith(MARK) else text, match) for text, match in outcome.doubles
			]
			outcome.doubles = [pair for pair in outcome.doubles if pair[0]]

	def _fill_up(self, outcomes: list[Outcome]) -> None:
		"""Empty fields of known leads get what the file has, through the lead's own controller, as the user may. What finds its place
		taken is named in the row's outcome, so that nothing of the file is lost.

		They are loaded in one statement; most rows of a file that came before bring nothing new.
		"""
		leads = self.known.load([outcome.lead for outcome in outcomes if outcome.lead])
		for outcome in outcomes:
			if not outcome.lead:
				outcome.refuse(_("The row that it repeats was refused."))
				continue
			lead = leads[outcome.lead]
			new, left = _new_and_left(lead, values_of(outcome.row), outcome.identified)
			if new:
				self._fill(outcome, lead, new)
			if left and outcome.outcome == FILLED:
				outcome.reasons.append(not_taken(left))
		self.known.finish()

	def _fill(self, outcome: Outcome, lead, new: dict) -> None:
		if not lead.has_permission("write"):
			outcome.outcome = SKIPPED
			outcome.reasons.append(_("The known lead belongs to somebody else."))
			return
		self.met.pop(outcome.lead, None)
		frappe.db.savepoint("fill_up")
		try:
			self.known.change(lead, new)
			outcome.before = {key: lead.get(key) for key in new}
		except frappe.ValidationError as error:
			frappe.db.rollback(save_point="fill_up")
			outcome.refuse(message_of(error))

	def _store_rows(self, outcomes: list[Outcome]) -> None:
		append_rows(
			ROW,
			[
				{
					"lead_import": self.doc.name,
					"row_no": outcome.row.number,
					"outcome": outcome.outcome,
					"lead": outcome.lead,
					"reasons": _json(outcome.reasons),
					"before": _json(outcome.before),
					"cells": _json(outcome.ready.cells if outcome.outcome == REFUSED else None),
				}
				for outcome in outcomes
			],
		)


def _new_and_left(lead, values: dict[str, str], identified: bool) -> tuple[dict[str, str], dict[str, str]]:
	"""What fills an empty field of a known lead, and what does not because another value stands there.

	A number that the lead has in another field is nothing new; a second number goes where one is still free, if what the
	row shares with the lead is more than a name and an employer: a namesake's number is not the lead's.
	"""
	numbers = {lead.get(name) for name in PHONES}
	values = {
		name: value
		for name, value in values.items()
		if name != "lead_type" and not (name in PHONES and value in numbers)
	}
	new = {name: value for name, value in values.items() if not lead.get(name)}
	left = {
		name: value
		for name, value in values.items()
		if lead.get(name) and str(lead.get(name)).casefold() != value.casefold()
	}
	for name in [name for name in PHONES if name in left]:
		if identified and not (lead.get("phone") or new.get("phone")):
			new["phone"] = left[name]
		if left[name] in new.values():
			del left[name]
	return new, left


def _mark(outcome: Outcome) -> str:
	"""A row is called by its number while it is no lead."""
	return f"{MARK}{outcome.row.number}"


def _json(value) -> str | None:
	return frappe.as_json(value, indent=None) if value else None
