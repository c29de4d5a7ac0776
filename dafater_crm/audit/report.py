"""The report of an audit: one HTML file, nothing loaded from elsewhere, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path

from dafater_crm import __version__
from dafater_crm.domain import phones, profiles
from dafater_crm.intake.table import Table

from .analysis import Analysis, RowResult
from .catalogue import counted, general_sentence, listed, text
from .style import STYLE

SHOWN_GROUPS = 300
SHOWN_PAIRS = 150
SHOWN_ROWS = 20
_SHOWN_CHARACTERS = 80
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class Report:
	"""Builds the report of one file in one language ("ar" or "en")."""

	def __init__(self, language: str, source: Path, cleaned: Path, table: Table, analysis: Analysis) -> None:
		self.language = language
		self.source = source.name
		self.cleaned = cleaned.name
		self.table = table
		self.analysis = analysis

	def html(self) -> str:
		"""Return the whole page."""
		# in a title no tag counts, so the name of the file stands there bare
		title = escape(text(self.language, "title", self.source))
		sections = (self._summary(), self._columns(), self._problems(), self._duplicates(), self._possible())
		direction = "rtl" if self.language == "ar" else "ltr"
		made = self.text("made_by", __version__, date.today().isoformat())
		return (
			f'<!DOCTYPE html>\n<html lang="{self.language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
			'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
			f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{self.text('title', self.source)}</h1>\n"
			f"{''.join(sections)}<footer>{made}</footer>\n</body>\n</html>\n"
		)

	def text(self, key: str, *args: object) -> str:
		"""Return a text of the catalogue as HTML, its values escaped and shielded from the direction around them."""
		return text(self.language, key, *(_value(arg) for arg in args))

	def _summary(self) -> str:
		analysis = self.analysis
		surplus = sum(len(group) - 1 for group in analysis.groups)
		figures = (
			("rows", len(analysis.rows)),
			("persons", analysis.kinds[profiles.PERSON]),
			("companies", analysis.kinds[profiles.COMPANY]),
			("unnamed", analysis.kinds[profiles.UNNAMED]),
			("entities", len(analysis.rows) - surplus),
			("groups", len(analysis.groups)),
			("surplus", surplus),
			("rows_with_problems", sum(bool(row.problems) for row in analysis.rows)),
			("with_mobile", sum(bool(row.mobile) for row in analysis.rows)),
			("with_email", sum(bool(row.email) for row in analysis.rows)),
		)
		tiles = "".join(f"<li>{self.text(key)} <b>{figure:,}</b></li>" for key, figure in figures)
		facts = "".join(
			f"<li>{self.text(key)}: {_value(value)}</li>" for key, value in self._facts() if value
		)
		cleaned = self.text("cleaned_file", self.cleaned)
		return (
			f'<section><h2>{self.text("summary")}</h2><ul class="tiles">{tiles}</ul>'
			f'<ul class="facts">{facts}</ul><p>{cleaned}</p></section>\n'
		)

	def _facts(self) -> Iterable[tuple[str, object]]:
		table = self.table
		separator = _SEPARATORS.get(table.delimiter)
		return (
			("fact_format", table.format.upper()),
			("fact_encoding", table.encoding),
			("fact_delimiter", text(self.language, f"separator_{separator}") if separator else ""),
			("fact_sheet", table.sheet),
			("fact_other_sheets", listed(self.language, table.other_sheets)),
			("fact_heading_row", table.heading_row),
		)

	def _columns(self) -> str:
		rows = []
		for column in self.table.columns:
			heading = _value(column.heading) if column.heading else self.text("no_heading")
			meant = self.text(f"field_{column.field}") if column.field else "–"
			sure = f"{round(column.confidence * 100)} %" if column.field else ""
			rows.append((column.index + 1, heading, meant, self.text(f"how_{column.how}"), sure))
		titles = ("column", "heading", "field", "how", "confidence")
		return f"<section><h2>{self.text('columns')}</h2>{self._table(titles, rows)}</section>\n"

	def _problems(self) -> str:
		analysis = self.analysis
		rows = []
		for code, count in analysis.problem_counts.most_common():
			explained = f"{general_sentence(self.language, code)}<br><code>{escape(code)}</code>"
			rows.append((explained, f"{count:,}", self._examples(code)))
		if not rows:
			body = f"<p>{self.text('no_problems')}</p>"
		else:
			body = self._table(("problem", "count", "examples"), rows)
		return f"<section><h2>{self.text('problems')}</h2>{body}</section>\n"

	def _examples(self, code: str) -> str:
		shown = []
		for example in self.analysis.examples[code]:
			row = self.text("example_row", example.row)
			shown.append(f"<li>{row}{': ' + _value(_cut(example.value)) if example.value else ''}</li>")
		return f'<ul class="examples">{"".join(shown)}</ul>'

	def _duplicates(self) -> str:
		groups = sorted(self.analysis.groups, key=lambda group: (-len(group), group))
		if not groups:
			body = f"<p>{self.text('no_duplicates')}</p>"
		else:
			body = "".join(
				self._group(number, group) for number, group in enumerate(groups[:SHOWN_GROUPS], 1)
			)
		if len(groups) > SHOWN_GROUPS:
			body = f"<p>{self.text('groups_shown', SHOWN_GROUPS, len(groups), self.cleaned)}</p>{body}"
		return f"<section><h2>{self.text('duplicates')}</h2>{body}</section>\n"

	def _group(self, number: int, group: list[int]) -> str:
		reasons = self._reasons(self.analysis.reasons(group))
		rows = [self._row(self.analysis.rows[place]) for place in group[:SHOWN_ROWS]]
		return (
			f'<div class="group"><h3>{self.text("group", number, counted(self.language, "count_rows", len(group)))}</h3>'
			f"<p>{self.text('because', '')}{reasons}</p>{self._table(_ROW_TITLES, rows)}</div>\n"
		)

	def _possible(self) -> str:
		pairs = self.analysis.possible()
		if not pairs:
			return ""
		body = [f"<p>{self.text('possible_note', self.cleaned)}</p>"]
		if len(pairs) > SHOWN_PAIRS:
			body.append(f"<p>{self.text('possible_shown', SHOWN_PAIRS, len(pairs))}</p>")
		for one, other, match in pairs[:SHOWN_PAIRS]:
			rows = [self._row(self.analysis.rows[place]) for place in (one, other)]
			likely = f"{self.text('likelihood')}: {round(match.score * 100)} %"
			body.append(
				f'<div class="group"><p>{likely}. {self._reasons(match.reasons)}</p>{self._table(_ROW_TITLES, rows)}</div>\n'
			)
		return f"<section><h2>{self.text('possible')}</h2>{''.join(body)}</section>\n"

	def _reasons(self, codes: Iterable[str]) -> str:
		return listed(self.language, [self.text(f"reason_{code}") for code in codes])

	def _row(self, row: RowResult) -> tuple[object, ...]:
		reach = (
			f'<span dir="ltr">{escape(phones.display(number))}</span>' for number in (row.mobile, row.phone)
		)
		texts = (_value(_cut(value)) for value in (row.name, row.organisation))
		return (row.number, *texts, *reach, _value(row.email), _value(_cut(row.city)))

	def _table(self, titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
		"""Return a table; titles are keys of the catalogue, cells are HTML already."""
		head = "".join(f'<th scope="col">{self.text(title)}</th>' for title in titles)
		body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
		return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>'


_ROW_TITLES = ("row", "name", "organisation", "mobile", "phone", "email", "city")


def _value(value: object) -> str:
	"""A value from outside: escaped, and kept from turning the text around it."""
	if isinstance(value, int):
		return f"{value:,}"
	return f"<bdi>{escape(str(value))}</bdi>" if value else ""


def _cut(value: str) -> str:
	return value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 1] + "…"
