"""Hijri dates, always from the Umm al-Qura table of hijridate (facts: saudi.md 4.8).

Browsers and Java disagree with that table before 2000 and from August 2029 on, so the server alone converts.
"""

from __future__ import annotations

from datetime import date

from hijridate import Gregorian, Hijri

from .errors import RuleError

MONTHS_AR = (
	"محرم",
	"صفر",
	"ربيع الأول",
	"ربيع الآخر",
	"جمادى الأولى",
	"جمادى الآخرة",
	"رجب",
	"شعبان",
	"رمضان",
	"شوال",
	"ذو القعدة",
	"ذو الحجة",
)
MONTHS_EN = (
	"Muharram",
	"Safar",
	"Rabi al-Awwal",
	"Rabi al-Akhir",
	"Jumada al-Ula",
	"Jumada al-Akhirah",
	"Rajab",
	"Shaban",
	"Ramadan",
	"Shawwal",
	"Dhu al-Qadah",
	"Dhu al-Hijjah",
)


def to_hijri(day: date | None) -> tuple[int, int, int] | None:
	"""Return (year, month, day) of a Gregorian date or datetime.

	None for None and outside the table: 1343-01-01 AH (1924-08-01) to 1500-12-30 AH (2077-11-16).
	"""
	if day is None:
		return None
	try:
		return Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
	except OverflowError:
		return None


def from_hijri(year: int, month: int, day: int) -> date:
	"""Return the Gregorian date of a Hijri one.

	Raises RuleError "hijri_date_invalid" outside the years 1343 to 1500 and for a day that the month lacks:
	whether a month has 29 or 30 days differs from year to year.
	"""
	try:
		gregorian = Hijri(year, month, day).to_gregorian()
	except (ValueError, OverflowError):
		raise RuleError("hijri_date_invalid", year=year, month=month, day=day) from None
	return date(gregorian.year, gregorian.month, gregorian.day)


def format_hijri(day: date | None, lang: str = "ar") -> str:
	"""Return e.g. "1 رمضان 1446 هـ" for a language code that begins with "ar", else "1 Ramadan 1446 AH".

	Digits are 0-9 in both, as elsewhere in the desk. "" for None and outside the table.
	"""
	hijri = to_hijri(day)
	if hijri is None:
		return ""
	year, month, number = hijri
	if lang.startswith("ar"):
		return f"{number} {MONTHS_AR[month - 1]} {year} هـ"
	return f"{number} {MONTHS_EN[month - 1]} {year} AH"
