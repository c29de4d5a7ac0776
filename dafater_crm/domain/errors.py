"""The one error that a rule raises, and the English sentence behind each of its codes."""

from __future__ import annotations

from .characters import one_line

SHOWN_CHARACTERS = 60

# Whole sentences: each says what to do next. {0}, {1} … are the parameters in the order in which the rule
# names them. A *_label parameter arrives already translated; every other one is a value.
MESSAGES: dict[str, str] = {
	"amount_below_minimum": "{0} must be at least {1}. Enter a larger amount.",
	"amount_negative": "{0} cannot be negative. Enter zero or a positive amount.",
	"amount_not_number": "{0} must be a number. Write it like 1250.50 or 1,250.50.",
	"amount_too_large": "{0} is larger than the system can store. Enter an amount below {1}.",
	"building_number_invalid": "{0} is not a valid building number. Write its 4 digits, like 2929.",
	"cr_invalid": (
		"{0} is not a valid commercial registration number. "
		"Write its 10 digits, or the unified number of 10 digits that begins with 7."
	),
	"date_range_reversed": "The end date {1} is before the start date {0}. Choose an end date on or after it.",
	"email_invalid": (
		"{0} is not a valid e-mail address. Write one address like name@example.com, at most 140 characters."
	),
	"hijri_date_invalid": (
		"Day {2} of month {1} of year {0} is not in the Umm al-Qura calendar. "
		"Enter a year from 1343 to 1500, a month from 1 to 12 and a day which that month has."
	),
	"national_id_invalid": (
		"This is not a valid national ID or Iqama number. "
		"Write its 10 digits, beginning with 1 for a citizen or 2 for a resident."
	),
	"origin_invalid": (
		"{0} is not the address of a website. Write it like https://www.example.com, without a page behind it."
	),
	"page_invalid": "{0} is not the address of a page. Write it in full, beginning with https://.",
	"percent_out_of_range": "{0} must be between 0 and 100. Enter a percentage in that range.",
	"phone_has_extension": (
		"{0} holds an extension. Write the phone number alone and keep the extension in a note."
	),
	"phone_invalid": (
		"{0} is not a valid phone number. Write it like 0551234567, 551234567, +966551234567 or 011 4123456."
	),
	"postal_code_invalid": "{0} is not a valid postal code. Write its 5 digits, like 12345.",
	"rate_not_positive": "{0} is not a valid exchange rate. Enter a number greater than zero.",
	"secondary_number_invalid": "{0} is not a valid secondary number. Write its 4 digits, like 8118.",
	"short_address_invalid": (
		"{0} is not a valid short address. Write its 4 Latin letters and 4 digits, like RRRD2929."
	),
	"slot_end_before_start": (
		"The slot from {0} to {1} ends before it starts. "
		"Enter a later end, or split a slot that runs past midnight in two."
	),
	"slot_minutes_invalid": "{0} is not a valid slot length. Enter a whole number of minutes, 1 or more.",
	"text_has_markup": "{0} contains HTML. Remove the part between the angle brackets and save again.",
	"text_is_formula": (
		"{0} would run as a formula when it is exported to a spreadsheet. "
		"Remove the sign at its beginning and save again."
	),
	"text_too_long": "This text has {0} characters. Shorten it to {1} characters or fewer.",
	"vat_invalid": "{0} is not a valid VAT number. Write its 15 digits, beginning and ending with 3.",
}


class RuleError(ValueError):
	"""A value breaks a rule of the business.

	``code`` is stable and is a key of MESSAGES; ``params`` holds the values by name, in placeholder order.
	The Frappe side translates ``MESSAGES[code]`` and formats it with ``args_for_message``. The values are what
	a user typed: escape them before they reach HTML. A mistake of the programmer is a plain ValueError instead.
	"""

	def __init__(self, code: str, **params: object) -> None:
		# args holds the code alone, so that pickle and copy, which call RuleError(*args), restore the rest.
		super().__init__(code)
		self.code = code
		self.params = params

	@property
	def args_for_message(self) -> tuple[object, ...]:
		"""The parameters in placeholder order; a text is one line, without bidi controls, and cut when long."""
		return tuple(_shown(value) for value in self.params.values())

	def __str__(self) -> str:
		return MESSAGES[self.code].format(*self.args_for_message)


def _shown(value: object) -> object:
	if not isinstance(value, str):
		return value
	text = one_line(value)
	return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
