"""Every text that a user can see has its Arabic line in translations/ar.csv, with the same placeholders.

As a program: `python3 scripts/checks/translations.py --missing` prints the missing ones as CSV lines to fill in;
`--unused` prints lines that no text of the app asks for any more.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
	# Started as a file: make its own package importable.
	sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks.source import Problem, Source
from checks.strings import Message, messages

PLACEHOLDER = re.compile(r"\{(\w*)\}|%\((\w+)\)s")
LANGUAGE = "ar"


@dataclass(frozen=True)
class Line:
	number: int
	text: str
	translation: str
	context: str = ""

	@property
	def key(self) -> tuple[str, str]:
		return self.text, self.context


def check(source: Source) -> list[Problem]:
	path = table_path(source)
	lines, problems = read_table(source, path)
	known = {line.key: line for line in lines}
	reported = set()
	for message in messages(source):
		if message.key in reported:
			continue
		reported.add(message.key)
		if fault := message_fault(message, known):
			problems.append(source.problem(message.path, message.line, fault))
	problems += [source.problem(path, line.number, text) for line in lines if (text := line_fault(line))]
	return problems


def table_path(source: Source) -> Path:
	return source.package / "translations" / f"{LANGUAGE}.csv"


def read_table(source: Source, path: Path) -> tuple[list[Line], list[Problem]]:
	"""Lines of the table. Frappe refuses the whole file for one line that is not two or three columns."""
	lines, problems, seen = [], [], {}
	if not path.exists():
		return lines, problems
	with path.open(encoding="utf-8", newline="") as file:
		reader = csv.reader(file)
		for row in reader:
			if not row:
				continue
			if len(row) not in (2, 3):
				problems.append(
					source.problem(path, reader.line_num, f"{len(row)} columns instead of 2 or 3")
				)
				continue
			line = Line(reader.line_num, row[0], row[1].strip(), row[2] if len(row) == 3 else "")
			if line.key in seen:
				problems.append(
					source.problem(path, line.number, f"{line.text!r} stands on line {seen[line.key]} too")
				)
			seen[line.key] = line.number
			lines.append(line)
	return lines, problems


def message_fault(message: Message, known: dict[tuple[str, str], Line]) -> str | None:
	# Without a line for its context Frappe falls back on the plain text.
	line = known.get(message.key) or known.get((message.text, ""))
	if line is None:
		return f"no Arabic line for {message.text!r}" + (f" ({message.context})" if message.context else "")
	return None


def line_fault(line: Line) -> str | None:
	if not line.translation:
		return f"the Arabic of {line.text!r} is empty"
	wanted, given = placeholders(line.text), placeholders(line.translation)
	if wanted != given:
		return (
			f"placeholders differ: {sorted(wanted)} in English, {sorted(given)} in Arabic, for {line.text!r}"
		)
	return None


def placeholders(text: str) -> Counter:
	return Counter(first or second for first, second in PLACEHOLDER.findall(text))


def missing(source: Source) -> list[tuple[str, str]]:
	"""Texts without a line, each once, in the order of the source."""
	known = {line.key: line for line in read_table(source, table_path(source))[0] if line.translation}
	return list(dict.fromkeys(m.key for m in messages(source) if message_fault(m, known)))


def unused(source: Source) -> list[Line]:
	asked = {key for message in messages(source) for key in (message.key, (message.text, ""))}
	return [line for line in read_table(source, table_path(source))[0] if line.key not in asked]


def main(arguments: list[str]) -> int:
	source = Source(Path(__file__).resolve().parents[2])
	writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\n")
	if "--missing" in arguments:
		for text, context in missing(source):
			writer.writerow([text, "", context] if context else [text, ""])
		return 0
	if "--unused" in arguments:
		for line in unused(source):
			writer.writerow([line.text, line.translation])
		return 0
	problems = check(source)
	for problem in problems:
		print(problem)
	return 1 if problems else 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
