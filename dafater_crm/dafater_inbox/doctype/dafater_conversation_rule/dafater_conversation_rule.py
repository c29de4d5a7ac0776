# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe import _

from dafater_crm.domain import conversation_rules as rules
from dafater_crm.records.inbox import classification
from dafater_crm.records.record import Record


class DafaterConversationRule(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_inbox.doctype.dafater_conversation_keyword.dafater_conversation_keyword import (
			DafaterConversationKeyword,
		)

		account: DF.Link | None
		channel: DF.Literal["", "WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"]
		conversation_class: DF.Literal["", "Sales", "Support", "Complaint"]
		enabled: DF.Check
		for_customers: DF.Literal["", "Existing Customer", "Known Lead", "Stranger"]
		keywords: DF.Table[DafaterConversationKeyword]
		priority: DF.Int
		set_priority: DF.Literal["", "Low", "Medium", "High", "Urgent"]
		skill: DF.Data | None
		team: DF.Link | None
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.keep_each_keyword_once()
		self.require_something_to_say()
		self.refuse_retired_links()

	def on_update(self) -> None:
		classification.forget()

	def after_delete(self) -> None:
		classification.forget()

	def keep_each_keyword_once(self) -> None:
		"""Two spellings of one word are one keyword. One without letters or digits would never be found."""
		seen = set()
		for row in list(self.keywords):
			row.keyword = (row.keyword or "").strip()
			pattern = tuple(rules.words(row.keyword))
			if not pattern:
				self.throw(
					_("Row {0}: the keyword has no letters. Enter a word or a phrase.").format(row.idx)
				)
			if pattern in seen:
				self.keywords.remove(row)
			seen.add(pattern)
		for number, row in enumerate(self.keywords, 1):
			row.idx = number

	def require_something_to_say(self) -> None:
		if not (self.conversation_class or self.set_priority or self.team or self.skill):
			self.throw(_("The rule changes nothing. Choose a class, a priority, a team or a skill."))
