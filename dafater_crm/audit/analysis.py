"""Everything that is known about a file once all its rows are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from dafater_crm.domain import duplicates
from dafater_crm.domain.matching import Match
from dafater_crm.domain.profiles import Profile, profile
from dafater_crm.intake.problems import Problem
from dafater_crm.intake.rows import CleanRow, RowCleaner
from dafater_crm.intake.table import Table

EXAMPLES = 8

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RowResult:
	"""What the outputs need of one row; its cells are read again from the file."""

	number: int
	name: str
	organisation: str
	mobile: str
	phone: str
	email: str
	city: str
	problems: tuple[str, ...]


@dataclass(slots=True)
class Example:
	row: int
	problem: Problem
	value: str


@dataclass(slots=True)
class Analysis:
	"""Rows by their place, groups and pairs of places, problems by code."""

	rows: list[RowResult] = field(default_factory=list)
	groups: list[list[int]] = field(default_factory=list)
	matches: dict[tuple[int, int], Match] = field(default_factory=dict)
	problem_counts: Counter[str] = field(default_factory=Counter)
	examples: dict[str, list[Example]] = field(default_factory=lambda: defaultdict(list))
	kinds: Counter[str] = field(default_factory=Counter)

	def entities(self) -> list[int]:
		"""Return for each place the row number that names its entity: that of the first row of its group."""
		found = [row.number for row in self.rows]
		for group in self.groups:
			for place in group:
				found[place] = self.rows[group[0]].number
		return found

	def possible(self) -> list[tuple[int, int, Match]]:
		"""Return the pairs worth a look that are not in one group, likeliest first."""
		group_of = {place: number for number, group in enumerate(self.groups) for place in group}
		apart = (
			(one, other, match)
			for (one, other), match in self.matches.items()
			if one not in group_of or group_of[one] != group_of.get(other)
		)
		return sorted(apart, key=lambda pair: (-pair[2].score, pair[0], pair[1]))

	def reasons(self, group: list[int]) -> list[str]:
		"""Return the reasons for which the rows of a group are one, the most frequent first."""
		codes: Counter[str] = Counter()
		for place, one in enumerate(group):
			for other in group[place + 1 :]:
				match = self.matches.get((one, other))
				codes.update(match.reasons if match else ())
		return [code for code, _count in codes.most_common()]


def analyse(table: Table, region: str, read: Progress, compared: Progress) -> Analysis:
	"""Read, clean and compare all rows; the two callbacks are told how many rows are read and compared."""
	found = Analysis()
	cleaner = RowCleaner(table.columns, region)
	headings = {column.field: column.index for column in reversed(table.columns) if column.field}
	profiles: list[Profile] = []
	for count, row in enumerate(table.rows(), start=1):
		clean = cleaner.clean(row)
		_note_problems(found, clean, row.cells, headings)
		found.rows.append(_result(clean))
		profiles.append(profile(clean.record()))
		found.kinds[profiles[-1].kind] += 1
		if count % 200 == 0:
			read(count)
	result = duplicates.find(profiles, compared)
	found.groups, found.matches = result.groups, result.pairs
	return found


def _note_problems(found: Analysis, clean: CleanRow, cells: list[str], headings: dict[str, int]) -> None:
	for code, problem in {problem.code: problem for problem in clean.problems}.items():
		found.problem_counts[code] += 1
		if len(found.examples[code]) < EXAMPLES:
			place = headings.get(problem.field)
			found.examples[code].append(
				Example(clean.number, problem, cells[place] if place is not None else "")
			)


def _result(clean: CleanRow) -> RowResult:
	get = clean.values.get
	return RowResult(
		clean.number,
		get("lead_name", "") or get("lead_name_latin", ""),
		get("organisation_name", "") or get("organisation_name_latin", ""),
		get("mobile_no", ""),
		get("phone", ""),
		get("email_id", ""),
		get("city", ""),
		tuple(dict.fromkeys(_label(problem) for problem in clean.problems)),
	)


def _label(problem: Problem) -> str:
	return f"{problem.field}: {problem.code}" if problem.field else problem.code
