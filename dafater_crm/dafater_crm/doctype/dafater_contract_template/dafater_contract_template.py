# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe import _

from dafater_crm.domain import text
from dafater_crm.records.contract_terms import LANGUAGES, TEXTS, check_text
from dafater_crm.records.master import Master
from dafater_crm.records.rules import explained


class DafaterContractTemplate(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_contract_template_obligation.dafater_contract_template_obligation import (
			DafaterContractTemplateObligation,
		)

		contract_kind: DF.Literal[
			"", "Sale", "Service", "Maintenance", "Supply", "Employment", "Confidentiality", "Other"
		]
		disabled: DF.Check
		language: DF.Literal["Arabic", "English", "Both"]
		obligations: DF.Table[DafaterContractTemplateObligation]
		terms_ar: DF.TextEditor | None
		terms_en: DF.TextEditor | None
		title: DF.Data
	# end: auto-generated types

	NAME_FIELD = "title"

	def validate(self) -> None:
		self.keep_name()
		self.check_texts()
		self.check_obligations()

	def check_texts(self) -> None:
		"""The texts of the chosen language are there, and every text can be rendered."""
		for field in LANGUAGES[self.language]:
			if not (self.get(field) or "").strip():
				self.throw(
					_("Write the text in the field {0}, or choose another language.").format(
						self.label_of(field)
					),
					title=self.label_of("language"),
				)
		for field in TEXTS:
			check_text(self, field)

	def check_obligations(self) -> None:
		for row in self.obligations:
			with explained(_("Row {0}").format(row.idx)):
				row.requirement = text.plain(row.requirement)
			if (row.due_in_days or 0) < 0:
				self.throw(
					_(
						"The obligation in row {0} is due before the contract starts. Enter 0 or more days."
					).format(row.idx)
				)
