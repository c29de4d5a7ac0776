"""Names, reach and numbers of people and companies: the steps that Lead and Prospect share.

Whatever the path (desk, REST, import, web form), `validate` runs these, so that a phone is stored once as E.164,
a name carries no markup, and the hidden search keys always match the visible fields.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from frappe import _
from frappe.utils import getdate

from dafater_crm.domain import amounts, emails, phones, saudi_ids, text
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained

PHONE_FIELDS = ("mobile_no", "phone", "whatsapp_no")

NUMBER_RULES = {
	"cr_number": saudi_ids.validate_cr,
	"vat_number": saudi_ids.validate_vat,
	"national_id": saudi_ids.validate_national_id,
	"postal_code": saudi_ids.validate_postal_code,
	"building_no": saudi_ids.validate_building_number,
	"secondary_no": saudi_ids.validate_secondary_number,
	"short_address": saudi_ids.validate_short_address,
}


class PartyRecord(Record):
	"""A record that stands for a person or a company."""

	# subclasses: visible one-line texts, and hidden key -> (normaliser, visible fields it is made of)
	TEXT_FIELDS: tuple[str, ...] = ()
	SEARCH_KEYS: dict[str, tuple] = {}

	def clean_texts(self) -> None:
		"""One-line texts without markup, control characters or spreadsheet formulas."""
		for field in self.TEXT_FIELDS:
			value = self.get(field)
			if value:
				with explained(partial(self._label, field)):
					self.set(field, text.plain(value))

	def normalise_reach(self) -> None:
		"""Phones to E.164, e-mail to lower case; a wrong one is refused with the accepted forms."""
		for field in PHONE_FIELDS:
			if self.get(field):
				with explained(partial(self._label, field)):
					self.set(field, self._worked_out(phones.to_e164, self.get(field)))
		if self.email_id:
			with explained(partial(self._label, "email_id")):
				self.email_id = emails.normalise(self.email_id)

	def normalise_numbers(self) -> None:
		"""CR, VAT, national id and the parts of the national address."""
		for field, rule in NUMBER_RULES.items():
			if self.get(field):
				with explained(partial(self._label, field)):
					self.set(field, rule(self.get(field)))

	def check_amounts(self, *fields: str) -> None:
		"""Refuse negative, infinite and non-numeric amounts."""
		for field in fields:
			value = self.get(field)
			# nobody filled it in: to look its label up costs more than the check
			if value is None or (value == 0 and type(value) in (int, float)):
				continue
			with explained(partial(self._label, field)):
				self.set(field, amounts.finite_amount(value, self._label(field)))

	def check_follow_up(self) -> None:
		"""A newly chosen follow-up date lies today or later; an old one may stay."""
		if not self.next_follow_up or not self.has_value_changed("next_follow_up"):
			return
		if getdate(self.next_follow_up) < getdate():
			self.throw(
				_("The next follow-up {0} is in the past. Choose today or a later date.").format(
					self.get_formatted("next_follow_up")
				)
			)

	def set_search_keys(self) -> None:
		"""Hidden keys by which duplicates are found and names are searched."""
		for key, (normaliser, fields) in self.SEARCH_KEYS.items():
			source = next((self.get(field) for field in fields if self.get(field)), "")
			self.set(key, self._worked_out(normaliser, source)[:140])

	def _worked_out(self, rule: Callable[[str], str], text: str) -> str:
		"""What a pure rule makes of a text. An import has the answers for its texts from the process that read the file."""
		known = self.flags.worked_out
		found = known.get((rule.__name__, text)) if known else None
		return rule(text) if found is None else found

	def _label(self, field: str) -> str:
		return _(self.meta.get_label(field))
