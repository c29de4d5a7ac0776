"""Names in code are English, in ASCII; Arabic belongs in texts and in translations/ar.csv."""

from __future__ import annotations

import re
import tokenize

from checks.javascript import code_only
from checks.source import Problem, Source, line_of

FOREIGN_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f\W][\w]*")
REGEX_LITERAL = re.compile(r"(?<=[=(,:!&|?{};\n])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*")


def check(source: Source) -> list[Problem]:
	problems = []
	for path in sorted(source.package.rglob("*")):
		if not path.name.isascii():
			problems.append(source.problem(path, 1, "the file's name is not ASCII"))
	for path in source.files(".py"):
		with tokenize.open(path) as file:
			for token in tokenize.generate_tokens(file.readline):
				if token.type == tokenize.NAME and not token.string.isascii():
					problems.append(
						source.problem(path, token.start[0], f"the name {token.string} is not English")
					)
	for path in source.files(".js"):
		text = REGEX_LITERAL.sub(" ", code_only(path.read_text(encoding="utf-8")))
		for match in FOREIGN_WORD.finditer(text):
			problems.append(
				source.problem(path, line_of(text, match.start()), f"the name {match.group()} is not English")
			)
	return problems
