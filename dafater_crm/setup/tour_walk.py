"""What the tour carries from step to step: its company, the sheet's leads and the documents made so far."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import frappe

from dafater_crm.setup.demo import acting_as
from dafater_crm.setup.masters import DATA

LEAD, PROSPECT, OPPORTUNITY = "Dafater Lead", "Dafater Prospect", "Dafater Opportunity"


@dataclass
class Journey:
	"""One lead of the sheet and what became of it. `documents`: label of the plan -> (DocType, name)."""

	key: str
	sheet: dict[str, str]
	plan: dict
	documents: dict[str, tuple[str, str]] = field(default_factory=dict)
	done: list[str] = field(default_factory=list)

	@property
	def lead(self) -> str:
		return self.name("lead")

	def name(self, label: str) -> str:
		return self.documents[label][1]

	def get(self, label: str):
		return frappe.get_doc(*self.documents[label])

	def keep(self, label: str, doc) -> None:
		self.documents[label] = (doc.doctype, doc.name)

	def of_kind(self, doctype: str) -> list[str]:
		return [name for kind, name in self.documents.values() if kind == doctype]


@dataclass
class Walk:
	"""The whole tour. `mark` is 1 on a fresh site; a later run on the same site marks its names with its number."""

	company: frappe._dict
	plan: dict
	mark: int
	journeys: dict[str, Journey] = field(default_factory=dict)
	steps_of: dict[str, int] = field(default_factory=dict)
	existing_customer: str | None = None
	customers_before: int = 0

	@contextmanager
	def step(self, who: str) -> Iterator[None]:
		"""One step of one person, committed at its end: statuses follow the commit."""
		acting_as(self.company.users.get(who, who))
		yield
		frappe.db.commit()  # nosemgrep: manual-commit - a script, and what the tour shows happens after the commit
		self.steps_of[who] = self.steps_of.get(who, 0) + 1


def read_sheet(mark: int) -> dict[str, dict[str, str]]:
	"""The rows of tour_leads.csv by number, as typed. A second run on one site gets people of its own."""
	with (DATA / "tour_leads.csv").open(encoding="utf-8", newline="") as file:
		rows = {row.pop("no"): row for row in csv.DictReader(file)}
	if mark > 1:
		for row in rows.values():
			_mark_row(row, mark)
	return rows


def _mark_row(row: dict[str, str], mark: int) -> None:
	for name in ("lead_name", "organisation_name"):
		if row[name]:
			row[name] = f"{row[name]} {mark}"
	row["email_id"] = row["email_id"].replace("@", f"+{mark}@")
	if row["vat_number"]:
		row["vat_number"] = f"3{int(row['vat_number'][1:14]) + mark:013d}3"
