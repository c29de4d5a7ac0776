"""The status of leads and prospects: what a person chose, and what the documents show.

Three columns carry it. `status` is what everybody sees. `base_status` is the last one that a person set.
`fact_status` is the highest rung that submitted documents prove. Documents move the status only when the facts
themselves change (`domain.ladder.settle`), so a person's choice made in between is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.records import history


@dataclass(frozen=True)
class Ladder:
	"""The rungs of one DocType in order, those that only documents set, and those that only a person sets."""

	rungs: tuple[str, ...]
	by_documents: frozenset[str]
	held: frozenset[str]


LADDERS = {
	"Dafater Lead": Ladder(
		rungs=("New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation", "Converted"),
		by_documents=frozenset({"Opportunity", "Quotation", "Converted"}),
		held=frozenset({"Disqualified", "Do Not Contact"}),
	),
	"Dafater Prospect": Ladder(
		rungs=("New", "Active", "Opportunity", "Quotation", "Customer"),
		by_documents=frozenset({"Opportunity", "Quotation", "Customer"}),
		held=frozenset({"Inactive"}),
	),
}


class StatusMixin:
	"""Steps for the controllers of records whose status has a ladder."""

	def take_person_status(self) -> None:
		"""Keep what the person chose; refuse a status that only documents can give."""
		if self.is_new():
			self.fact_status = ""
			self._refuse_document_status()
			self.base_status = self.status
			self.status_changed_on = self.moment()
		elif self.has_value_changed("status"):
			self._refuse_document_status()
			if self.status not in LADDERS[self.doctype].by_documents:
				self.base_status = self.status
			self.status_changed_on = now_datetime()

	def _refuse_document_status(self) -> None:
		ladder = LADDERS[self.doctype]
		if self.status not in ladder.by_documents:
			return
		proven = ladder.rungs.index(self.fact_status) if self.fact_status else -1
		if ladder.rungs.index(self.status) > proven:
			self.throw(
				_(
					"The status {0} follows the documents. Create the opportunity, quotation or order, "
					"and the status will change by itself."
				).format(frappe.bold(_(self.status)))
			)

	def keep_status_history(self) -> None:
		"""One row of history when the status of this save differs from the stored one."""
		before = self.get_doc_before_save()
		if before is None:
			history.append_status(self, None, self.status, None)
		elif before.status != self.status:
			history.append_status(self, before.status, self.status, before.status_changed_on)
