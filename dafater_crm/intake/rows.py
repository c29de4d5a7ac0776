"""From a row of cells to the values of a lead: the one way, for the import on the site and for the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dafater_crm.domain import characters, phones, saudi_ids
from dafater_crm.domain.headings import Column
from dafater_crm.domain.names import looks_like_company
from dafater_crm.domain.profiles import Record, is_personal_phone

from . import cells
from .blanks import SPREADSHEET_ERRORS
from .name_parts import PARTS, join_names
from .problems import Problem
from .table import Row

PERSON, ORGANISATION = "Person", "Organisation"

NAMES = ("lead_name", "lead_name_latin", "organisation_name", "organisation_name_latin")
PHONES = ("mobile_no", "phone", "whatsapp_no")
NUMBERS: dict[str, Callable[[str], str]] = {
	"cr_number": saudi_ids.validate_cr,
	"vat_number": saudi_ids.validate_vat,
	"national_id": saudi_ids.validate_national_id,
	"postal_code": saudi_ids.validate_postal_code,
	"building_no": saudi_ids.validate_building_number,
	"secondary_no": saudi_ids.validate_secondary_number,
	"short_address": saudi_ids.validate_short_address,
}
LONG_TEXTS = ("notes", "request")
_LONGEST_TEXT = 10_000


@dataclass(slots=True)
class CleanRow:
	"""A row as it can be stored.

	``values`` holds fields of the lead, none of them blank; ``phones`` and ``emails`` all that were found, the lead's own
	among them; ``unread`` numbers that no country has assigned, which the same person may have given twice; ``left_over`` what could not be stored in its field, as (heading, text), so that nothing is lost.
	"""

	number: int
	values: dict[str, str] = field(default_factory=dict)
	phones: list[str] = field(default_factory=list)
	emails: list[str] = field(default_factory=list)
	unread: list[str] = field(default_factory=list)
	left_over: list[tuple[str, str]] = field(default_factory=list)
	problems: list[Problem] = field(default_factory=list)

	def record(self) -> Record:
		"""Return what duplicates are found by."""
		get = self.values.get
		return Record(
			name=get("lead_name", ""),
			name_latin=get("lead_name_latin", ""),
			organisation=get("organisation_name", ""),
			organisation_latin=get("organisation_name_latin", ""),
			phones=(*self.phones, *self.unread),
			emails=tuple(self.emails),
			cr_number=get("cr_number", ""),
			vat_number=get("vat_number", ""),
			national_id=get("national_id", ""),
			city=get("city", ""),
		)


class RowCleaner:
	"""Cleans the rows of one table. ``region`` is the country (ISO 3166 alpha-2) of numbers without a + or 00."""

	def __init__(self, columns: Sequence[Column], region: str = "SA") -> None:
		self.columns = [column for column in columns if column.field]
		self.fields = {column.index: column.field for column in columns}
		self.region = region

	def clean(self, row: Row) -> CleanRow:
		"""Return the clean values of one row; nothing is refused, every problem is said."""
		result = CleanRow(row.number)
		result.problems += [Problem(code, self.fields.get(index, "")) for index, code in row.problems]
		raw: dict[str, list[tuple[str, str]]] = {}
		for column in self.columns:
			if column.index < len(row.cells) and (text := row.cells[column.index]):
				if text[0] == "#" and text in SPREADSHEET_ERRORS:
					# a workbook marks its own; in a text they are texts
					result.problems.append(Problem("cell_error", column.field))
					continue
				raw.setdefault(column.field, []).append((column.heading, text))
		self._reach(raw, result)
		self._names(raw, result)
		for name, entries in raw.items():
			if name not in _DONE:
				self._other(name, entries, result)
		return result

	def _reach(self, raw: dict[str, list[tuple[str, str]]], result: CleanRow) -> None:
		"""Phones go where their kind belongs, whichever column held them; what is beyond three is left over."""
		found: dict[str, list[str]] = {}
		for name in PHONES:
			for heading, text in raw.get(name, ()):
				numbers, problems = cells.clean_phones(text, name, self.region)
				found.setdefault(name, []).extend(numbers)
				if not numbers and (unread := cells.unassigned_phone(text)):
					result.unread.append(unread)
				self._note(result, heading, text, problems, keep=_holds_more(problems))
		result.phones = list(dict.fromkeys(number for name in PHONES for number in found.get(name, ())))
		result.values |= _places(found, result.phones)
		extra = [number for number in result.phones if number not in result.values.values()]
		result.left_over += [("", number) for number in extra]
		for heading, text in raw.get("email_id", ()):
			addresses, problems = cells.clean_emails(text, "email_id")
			result.emails += [address for address in addresses if address not in result.emails]
			self._note(result, heading, text, problems, keep=_holds_more(problems))
		if result.emails:
			result.values["email_id"] = result.emails[0]
			result.left_over += [("", address) for address in result.emails[1:]]

	def _names(self, raw: dict[str, list[tuple[str, str]]], result: CleanRow) -> None:
		if not raw.keys().isdisjoint(PARTS):
			result.left_over += join_names(raw)
		for name in NAMES:
			for heading, text in raw.get(name, ())[:1]:
				value, problems = cells.clean_name(text, name)
				self._note(result, heading, text, problems, keep=bool(problems))
				if value:
					result.values[name] = value
		self._company_in_place_of_person(result)
		if not any(result.values.get(name) for name in NAMES):
			result.problems.append(Problem("row_without_name"))

	def _company_in_place_of_person(self, result: CleanRow) -> None:
		"""A name such as "شركة النور" is the organisation's; a row without a person is its own."""
		name = result.values.get("lead_name", "")
		if name and "organisation_name" not in result.values and looks_like_company(name):
			result.values["organisation_name"] = result.values.pop("lead_name")
		if not any(result.values.get(key) for key in NAMES[:2]) and result.values.get("organisation_name"):
			result.values["lead_type"] = ORGANISATION

	def _other(self, name: str, entries: list[tuple[str, str]], result: CleanRow) -> None:
		if name in LONG_TEXTS:
			result.values[name] = _long_text(entries)
			return
		heading, text = entries[0]
		if name in NUMBERS:
			value, problems = cells.clean_number(text, name, NUMBERS[name])
		else:
			value, problems = cells.clean_line(text, name)
		self._note(result, heading, text, problems, keep=bool(problems))
		if value:
			result.values[name] = value

	def _note(self, result: CleanRow, heading: str, text: str, problems: list[Problem], keep: bool) -> None:
		result.problems += problems
		if problems and keep:
			result.left_over.append((heading, text))


def _holds_more(problems: Sequence[Problem]) -> bool:
	"""Tell whether a cell of phones or addresses held anything that was not taken from it."""
	return any(problem.code not in _ALL_TAKEN for problem in problems)


_ALL_TAKEN = frozenset(("phones_in_one_cell", "emails_in_one_cell"))
_DONE = frozenset((*PHONES, "email_id", *NAMES, *PARTS))


def _places(found: dict[str, list[str]], numbers: Sequence[str]) -> dict[str, str]:
	"""Choose the lead's mobile, phone and WhatsApp number among those found."""
	values: dict[str, str] = {}
	if found.get("whatsapp_no"):
		values["whatsapp_no"] = found["whatsapp_no"][0]
	named = [*found.get("mobile_no", ()), *found.get("phone", ())]
	mobiles = [number for number in named if _kind(number) == "mobile"]
	if not mobiles:
		# Numbers of countries that do not tell mobiles apart stay in the column that they stood in; a company's 9200 and 800 do not.
		mobiles = [
			number
			for number in found.get("mobile_no", ())
			if is_personal_phone(number) and _kind(number) == "other"
		]
	if mobiles:
		values["mobile_no"] = mobiles[0]
	rest = [number for number in named if number != values.get("mobile_no")]
	if rest:
		values["phone"] = next((number for number in rest if number not in mobiles), rest[0])
	return values


def _kind(number: str) -> str:
	"""``phones.kind`` without parsing a Saudi number, which was valid a moment ago, a second time."""
	if number.startswith("+966"):
		return {"5": "mobile", "1": "fixed"}.get(number[4:5], "other")
	return phones.kind(number)


def _long_text(entries: list[tuple[str, str]]) -> str:
	"""Join the cells of several columns, the heading before each when there are several."""
	if len(entries) == 1:
		return _kept_lines(entries[0][1])
	return "\n".join(f"{heading}: {_kept_lines(text)}" for heading, text in entries)[:_LONGEST_TEXT]


def _kept_lines(text: str) -> str:
	return "\n".join(characters.one_line(line) for line in text.splitlines()).strip()[:_LONGEST_TEXT]
