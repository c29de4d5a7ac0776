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
	"cell_emoji": (
		"This text had emoji or symbols, which were left out of the name. "
		"Enter it again if they belong to it."
	),
	"cell_error": (
		"This cell holds an error of the spreadsheet such as #N/A. Enter its value and save the file again."
	),
	"cell_formula_unknown": (
		"This cell holds a formula without its result. "
		"Open the file in Excel and save it again, or enter the value."
	),
	"cell_invisible_characters": (
		"This text had invisible characters, which were left out. Enter it again if it looks wrong."
	),
	"cell_letters_lost": (
		"Some letters of this text are damaged in the file and were left out. Enter it again in full."
	),
	"channel_only_heart": "Instagram takes a heart alone as a reaction. Choose ❤.",
	"channel_without_files": "Files cannot be sent through this channel. Choose WhatsApp or e-mail for them.",
	"channel_without_reactions": "This channel takes no reactions. Write an answer instead.",
	"channel_without_templates": "Only WhatsApp has message templates. Write the message as text.",
	"condition_needs_value": "The condition on {0} has no value. Enter what the field is compared with.",
	"condition_not_check": "{0} is neither yes nor no. Enter 1 for ticked or 0 for not ticked.",
	"condition_not_date": "{0} is not a date. Write it as year-month-day, like 2026-01-31.",
	"condition_not_number": "{0} is not a number. Write it in digits, like 50 or 1250.5.",
	"condition_one_value": "The condition on {0} takes one value. Choose “is one of” to name several.",
	"condition_operator_wrong": "The field {0} cannot be compared with “{1}”. Choose another operator.",
	"conditions_never_match": (
		"No record can ever meet all conditions on {0}: they exclude each other. Remove or change one of them."
	),
	"conversation_not_new": (
		"A conversation that somebody has looked at cannot become New again. Choose Open, Pending, Snoozed or Resolved."
	),
	"cr_invalid": (
		"{0} is not a valid commercial registration number. "
		"Write its 10 digits, or the unified number of 10 digits that begins with 7."
	),
	"date_range_reversed": (
		"The end date {1} is before the start date {0}. Choose an end date on or after it."
	),
	"email_invalid": (
		"{0} is not a valid e-mail address. Write one address like name@example.com, at most 140 characters."
	),
	"email_with_text": (
		"This cell holds text beside the e-mail address, which was taken. Write the text in a column of its own."
	),
	"emails_in_one_cell": (
		"This cell holds several e-mail addresses and the first was taken. Write each in a column of its own."
	),
	"file_empty": ("The file is empty. Choose a file with a row of headings and at least one row below it."),
	"file_encrypted": (
		"The file is protected by a password. Remove the password in Excel, save it and try again."
	),
	"file_not_text": "The file is neither a text file nor an Excel workbook. Choose a CSV or XLSX file.",
	"file_not_workbook": (
		"The file cannot be opened as an Excel workbook. Open it in Excel and save it as XLSX or CSV."
	),
	"file_old_excel": (
		"The file is in the format of Excel 97-2003. Open it in Excel and save it as XLSX or CSV."
	),
	"file_quote_open": (
		"A quotation mark that opens near row {0} is never closed. "
		"Open the file in a text editor and close it."
	),
	"file_sheet_missing": "The workbook has no sheet named {0}. Choose one of these: {1}.",
	"file_too_large": "The file has {0} MB and at most {1} MB can be read. Split it into smaller files.",
	"file_too_long": "The file has more than {0} rows. Split it into smaller files.",
	"file_too_wide": (
		"The file has {0} columns and at most {1} can be read. Remove the columns that are not needed."
	),
	"file_unpacks_too_large": (
		"The workbook is too large when it is unpacked. "
		"Open it in Excel, remove what is not needed and save it again."
	),
	"file_without_headings": (
		"The file has no row of headings. Enter one above the data, for example Name, Mobile, E-mail."
	),
	"file_without_rows": "The file has headings but no rows below them. Enter at least one row.",
	"hijri_date_invalid": (
		"Day {2} of month {1} of year {0} is not in the Umm al-Qura calendar. "
		"Enter a year from 1343 to 1500, a month from 1 to 12 and a day which that month has."
	),
	"message_buttons_too_many": "A message has at most {0} buttons here. Remove some of them.",
	"message_buttons_alike": "Two buttons say the same. Write something else on one of them.",
	"message_button_too_long": "The button {0} is too long. Shorten it to {1} characters or fewer.",
	"message_empty": "The message is empty. Write a text or choose a file.",
	"message_too_long": "The message has {0} characters and this channel takes {1}. Shorten it or send it in parts.",
	"message_too_long_in_bytes": (
		"The message takes {0} bytes and this channel takes {1}; an Arabic letter takes 2. "
		"Shorten it or send it in parts."
	),
	"national_id_invalid": (
		"This is not a valid national ID or Iqama number. "
		"Write its 10 digits, beginning with 1 for a citizen or 2 for a resident."
	),
	"number_rounded": (
		"The spreadsheet shortened this number to {0} and its last digits are lost. "
		"Enter it again in a cell formatted as text."
	),
	"nurture_branch_backward": (
		"Step {0} branches to step {1}, which does not come after it. Choose the number of a later step, or 0 to end."
	),
	"nurture_branch_idle": (
		"Step {0} asks for a reply, but this sequence stops on a reply. "
		"Remove the step, or clear the box that stops the sequence on a reply."
	),
	"nurture_branch_target": (
		"Step {0} branches to step {1}, which does not exist. Choose the number of a later step, or 0 to end."
	),
	"nurture_no_steps": "The sequence has no steps. Enter at least one.",
	"nurture_too_many_steps": "A sequence has at most {0} steps. Remove some, and put them into a second sequence.",
	"nurture_unreachable_step": (
		"No path leads to step {0}. Remove it, or let an earlier step or branch lead to it."
	),
	"nurture_wait_without_time": "Step {0} waits for time or for a reply, but leaves no time for it. Enter days or hours.",
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
	"phone_rounded": (
		"The spreadsheet shortened this phone to {0} and its last digits are lost. "
		"Enter it again in a cell formatted as text."
	),
	"phone_with_text": (
		"This cell holds text beside the phone number, which was taken. Write the text in a column of its own."
	),
	"phones_in_one_cell": (
		"This cell holds several phone numbers, which were separated. Write each in a column of its own."
	),
	"postal_code_invalid": "{0} is not a valid postal code. Write its 5 digits, like 12345.",
	"rate_not_positive": "{0} is not a valid exchange rate. Enter a number greater than zero.",
	"row_without_name": "This row names neither a person nor an organisation. Enter one of them.",
	"score_bands_disordered": (
		"Grade A begins at {0}, B at {1}, C at {2} points. Enter points that fall from grade to grade."
	),
	"score_between_incomplete": "A bound is missing. Enter the smallest and the largest value.",
	"score_between_reversed": "Nothing lies between {0} and {1}. Enter the smaller value first.",
	"score_days_out_of_range": "This number of days is not possible. Enter days from 0 to {0}.",
	"score_decay_days_missing": "The days of the decay are missing. Enter over how many days the points decay: 1 or more.",
	"score_limit_too_small": (
		"The limit of {0} points is below the {1} points of a single event. Enter a larger limit, or 0 for none."
	),
	"score_no_range_fits": (
		"No choice of this field lies wholly within these bounds, so the rule would never match. Choose bounds around one of these: {0}."
	),
	"score_operator_unfit": "This comparison does not fit this kind of field. Choose another one.",
	"score_points_too_many": "A rule gives or takes at most {0} points. Enter fewer.",
	"score_points_zero": "A rule with 0 points changes nothing. Enter points above or below 0.",
	"score_times_out_of_range": "This number of times is not possible. Enter a number from 1 to {0}.",
	"score_too_many_values": "This comparison takes one value. Enter one line, or choose Is One Of.",
	"score_unknown_choice": "This field never holds {0}, so the rule would never match. Choose one of these: {1}.",
	"score_value_missing": "The value is missing. Enter what the field is compared with.",
	"score_value_not_date": "{0} is not a date. Write it like 2026-03-31.",
	"score_value_not_number": "{0} is not a number. Write it like 1250 or 1250.50.",
	"score_value_not_yes_no": "This field is a tick. Write Yes or No instead of {0}.",
	"score_zero_is_unset": "An empty number is stored as 0. Choose Is Not Set instead of comparing with 0.",
	"secondary_number_invalid": "{0} is not a valid secondary number. Write its 4 digits, like 8118.",
	"short_address_invalid": (
		"{0} is not a valid short address. Write its 4 Latin letters and 4 digits, like RRRD2929."
	),
	"slot_end_before_start": (
		"The slot from {0} to {1} ends before it starts. "
		"Enter a later end, or split a slot that runs past midnight in two."
	),
	"slot_minutes_invalid": ("{0} is not a valid slot length. Enter a whole number of minutes, 1 or more."),
	"snooze_in_the_past": "This moment is past. Choose a later one until which the conversation is snoozed.",
	"snooze_without_end": "The conversation is snoozed without an end. Choose until when.",
	"text_has_markup": "{0} contains HTML. Remove the part between the angle brackets and save again.",
	"text_is_formula": (
		"{0} would run as a formula when it is exported to a spreadsheet. "
		"Remove the sign at its beginning and save again."
	),
	"text_too_long": "This text has {0} characters. Shorten it to {1} characters or fewer.",
	"vat_invalid": "{0} is not a valid VAT number. Write its 15 digits, beginning and ending with 3.",
	"window_closed": (
		"This person last wrote too long ago, and the channel allows no answer any more. "
		"Write an e-mail or call instead."
	),
	"window_needs_template": (
		"This person last wrote more than 24 hours ago. Choose an approved template to write again."
	),
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
