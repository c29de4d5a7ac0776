"""Jobs that score leads without a save: after a rule changed, after leads did something, and daily for decay.

Set-based, BATCH leads at a time, each batch committed. What is still to do is told by `scored_on`, so a job that was
stopped goes on where it was, and two of them at once do no harm. `modified` stays: a form that is open keeps working, and its
save takes the score from the database.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import frappe
from frappe.utils import add_days, cint, get_datetime, now_datetime
from pypika import Case

from dafater_crm.domain import scoring
from dafater_crm.queries import score_events, score_leads
from dafater_crm.records import jobs, lead_score, learnt, score_rules

LEAD = "Dafater Lead"
BATCH = 500
# rows in one UPDATE: each is compared with every other in its CASE
WRITTEN_AT_ONCE = 100
SINCE_KEY, SINCE_KEPT = "dafater_rescore_since", 7 * 24 * 3600
OPEN_JOB = "dafater_crm.records.rescoring.rescore_open"
NAMED_JOB = "dafater_crm.records.rescoring.rescore"


def rules_changed() -> None:
	"""A rule, or a setting that scores depend on, was changed: all open leads are scored again after the commit."""
	score_rules.changed()
	if frappe.flags.in_install:
		return  # there are no leads yet
	waiting = getattr(frappe.local, "dafater_rescore_noted", False)
	if not waiting:
		frappe.local.dafater_rescore_noted = True
		frappe.db.after_commit.add(_request)
		frappe.db.after_rollback.add(_forget_request)


def request_rescore() -> None:
	"""Score all open leads again, in the background. A job that runs already sees the later moment and does them too."""
	since = now_datetime()
	frappe.cache.set_value(SINCE_KEY, str(since), expires_in_sec=SINCE_KEPT)
	jobs.soon(OPEN_JOB, queue="long", job_id="dafater-rescore", deduplicate=True, since=str(since))


def _request() -> None:
	_forget_request()
	request_rescore()


def _forget_request() -> None:
	frappe.local.dafater_rescore_noted = False


def leads_did_something(names: Collection[str]) -> None:
	"""Score these leads again after the commit. Nothing happens where no rule looks at behaviour."""
	noted = getattr(frappe.local, "dafater_leads_to_score", None)
	if not noted:
		noted = frappe.local.dafater_leads_to_score = set()
		frappe.db.after_commit.add(_request_named)
		frappe.db.after_rollback.add(_forget_named)
	noted.update(names)


def _request_named() -> None:
	names = sorted(frappe.local.dafater_leads_to_score)
	_forget_named()
	if not names or not frappe.get_cached_doc("Dafater CRM Settings").scoring_on:
		return
	if score_rules.active().events:
		# one lead at a time is the usual case: ten messages in a row make one job
		one = {"job_id": f"dafater-score-lead-{names[0]}", "deduplicate": True} if len(names) == 1 else {}
		jobs.soon(NAMED_JOB, names=names, **one)


def _forget_named() -> None:
	frappe.local.dafater_leads_to_score = set()


def daily() -> None:
	"""Daily job: points decay, windows pass, and what was changed past the controllers is caught up with."""
	mark_broken_rules()
	frappe.db.commit()  # nosemgrep: manual-commit - a job: its two parts do not depend on each other
	rescore_open(now_datetime())


def mark_broken_rules() -> list[str]:
	"""Note on each rule why it is broken, or that it no longer is. Returns the names of the broken ones."""
	broken = []
	for row in frappe.get_all(score_rules.RULE, fields=[*score_rules.STORED, "problem"], limit=0):
		problem = score_rules.problem_of(row)
		if problem:
			broken.append(row.name)
		if problem != (row.problem or ""):
			frappe.db.set_value(score_rules.RULE, row.name, "problem", problem, update_modified=False)
	return broken


def rescore_open(since: datetime | str) -> int:
	"""Job: score every open lead that was not scored since that moment. Returns how many it scored."""
	done = 0
	while True:
		in_pass, last, moment = 0, "", _wanted_since(since)
		# a long job would otherwise go on with the rules, settings and models that it read first
		frappe.local.cache.clear()
		work = Work.prepared()
		while rows := score_leads.waiting(work.fields, moment, last, BATCH):
			work.score(rows)
			frappe.db.commit()  # nosemgrep: manual-commit - a job: batches that are done stay done
			in_pass, last = in_pass + len(rows), rows[-1].name
			if _wanted_since(since) > moment:
				break  # rules changed meanwhile: begin again with the new ones
		done += in_pass
		if _wanted_since(since) <= moment:
			return done


def _wanted_since(since: datetime | str) -> datetime:
	# what expires is read from Redis each time, not from this process's own copy
	later = frappe.cache.get_value(SINCE_KEY, expires=True)
	return max(get_datetime(since), get_datetime(later)) if later else get_datetime(since)


def rescore(names: list[str]) -> int:
	"""Job: score these leads if they are open; what happens at the threshold happens. Returns how many were open."""
	work, done = Work.prepared(), 0
	for start in range(0, len(names), BATCH):
		rows = score_leads.named(work.fields, names[start : start + BATCH])
		work.score(rows, react=True)
		frappe.db.commit()  # nosemgrep: manual-commit - a job: batches that are done stay done
		done += len(rows)
	return done


class Work:
	"""Rules, settings and what is read of each lead; prepared once for a job. `read_on` becomes `scored_on`."""

	def __init__(self, rules: score_rules.Rules, settings, read_on: datetime) -> None:
		self.rules, self.settings, self.read_on = rules, settings, read_on
		self.types = {rule.event_type for rule in rules.events}
		windows = [rule.within for rule in rules.events]
		self.window = max(windows) if windows and all(windows) else 0
		own = {*lead_score.OWN_FIELDS, "name", "qualification_status"}
		self.fields = sorted({field for rule in rules.fields for field in rule.fields} | own)

	@classmethod
	def prepared(cls) -> Work:
		# before anything is read: what changes from now on makes these scores out of date
		read_on = now_datetime()
		return cls(score_rules.active(), frappe.get_cached_doc("Dafater CRM Settings"), read_on)

	def score(self, rows: list[dict], react: bool = False) -> None:
		"""Compute and write one batch: at most seven reads of events, one of interactions, and the updates."""
		if not rows:
			return
		names = [row.name for row in rows]
		changed = {}
		computed = self._points(rows, names)
		for name, values in learnt.values_of_many(rows, self.settings).items():
			computed.setdefault(name, {}).update(values)
		for row in rows:
			values = computed.get(row.name, {})
			if react and "score" in values:
				self._react(row, values)
			if any(row.get(field) != value for field, value in values.items()):
				changed[row.name] = values
		write(changed)
		table = frappe.qb.DocType(LEAD)
		frappe.qb.update(table).set(table.scored_on, self.read_on).where(table.name.isin(names)).run()
		for name in changed:
			frappe.clear_document_cache(LEAD, name)

	def _points(self, rows: list[dict], names: list[str]) -> dict[str, dict]:
		if not self.settings.scoring_on:
			return {}
		since = add_days(now_datetime(), -self.window - 1) if self.window else None
		events = score_events.events_of(names, self.types, since)
		return {
			row.name: lead_score.points(
				scoring.field_reasons(self.rules.fields, row.get)
				+ scoring.event_reasons(self.rules.events, events.get(row.name, ())),
				self.settings,
			)
			for row in rows
		}

	def _react(self, row: dict, values: dict) -> None:
		if not lead_score.crossed(cint(row.score), values["score"], self.settings):
			return
		marks = self.settings.at_threshold == lead_score.NOTIFY_AND_MARK
		if marks and row.qualification_status == "Unqualified":
			values["qualification_status"] = "In Process"
		lead_score.notify_later(row.name)


def write(changed: dict[str, dict]) -> None:
	"""Store {lead: values}; every lead has the same fields or leaves out some. One statement for WRITTEN_AT_ONCE leads."""
	names = list(changed)
	for start in range(0, len(names), WRITTEN_AT_ONCE):
		_write_some({name: changed[name] for name in names[start : start + WRITTEN_AT_ONCE]})


def _write_some(changed: dict[str, dict]) -> None:
	table = frappe.qb.DocType(LEAD)
	query = frappe.qb.update(table).where(table.name.isin(list(changed)))
	for field in sorted({field for values in changed.values() for field in values}):
		case = Case()
		for name, values in changed.items():
			if field in values:
				case = case.when(table.name == name, values[field])
		query = query.set(table[field], case.else_(table[field]))
	query.run()
