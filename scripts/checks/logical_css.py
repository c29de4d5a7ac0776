"""Style in logical directions only: the same sheet serves Arabic and English.

Where a physical direction is meant (an e-mail client, a map), say why on the same line: `/* physical: reason */`.
A rule that sets `direction` needs `/*rtl:ignore*/` before it, or Frappe's build mirrors it on right-to-left pages.
"""

from __future__ import annotations

import re
from pathlib import Path

from checks.javascript import strings
from checks.source import Problem, Source, line_of

PROPERTY = re.compile(
	r"(?<![\w-])(?:"
	r"(?:scroll-)?(?:margin|padding)-(?:left|right)"
	r"|border(?:-(?:top|bottom))?-(?:left|right)(?:-(?:width|style|color|radius))?"
	r"|text-align\s*:\s*(?:left|right)"
	r"|float\s*:\s*(?:left|right)"
	r"|clear\s*:\s*(?:left|right)"
	r")(?![\w])"
)
# At the beginning of a declaration only: "Time left: 5 days" is a text.
OFFSET = re.compile(r"(?:^|[;{\"'])\s*(?:left|right)\s*:\s*(?:[-.\d]|auto|calc|var|\$)", re.M)
SCRIPT_PROPERTY = re.compile(
	r"\.style\.(?:left|right|cssFloat)\b|\b(?:margin|padding|border)(?:Left|Right)\b|\btextAlign\b\s*[:=]\s*[\"'](?:left|right)"
)
REASON = re.compile(r"physical:\s*\S")
DIRECTION = re.compile(r"(?<![\w-])direction\s*:")
KEPT = "rtl:ignore"
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def check(source: Source) -> list[Problem]:
	problems = []
	for path in source.files(".css", ".scss", ".js", ".html", ".vue"):
		text = path.read_text(encoding="utf-8")
		lines = text.splitlines()
		for offset, found in findings(path, text):
			number = line_of(text, offset)
			if not REASON.search(lines[number - 1]):
				problems.append(
					source.problem(
						path, number, f"{found.strip()!r} is a physical direction: use the logical one"
					)
				)
		if path.suffix in (".css", ".scss"):
			text_of = "Frappe's build mirrors `direction`: put /*rtl:ignore*/ before the rule"
			problems += [source.problem(path, line_of(text, at), text_of) for at in mirrored(text)]
	return problems


def mirrored(text: str) -> list[int]:
	"""Where a rule sets a direction that right-to-left pages would get the other way round."""
	styles = BLOCK_COMMENT.sub(lambda m: m.group() if KEPT in m.group() else " " * len(m.group()), text)
	found = [match.start() for match in DIRECTION.finditer(styles)]
	return [at for at in found if KEPT not in styles[styles.rfind("}", 0, at) + 1 : at]]


def findings(path: Path, text: str) -> list[tuple[int, str]]:
	if path.suffix in (".js", ".vue"):
		return in_script(text)
	styles = BLOCK_COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
	return [(m.start(), m.group()) for pattern in (PROPERTY, OFFSET) for m in pattern.finditer(styles)]


def in_script(text: str) -> list[tuple[int, str]]:
	"""In scripts only strings hold style, apart from the style properties of elements."""
	found = [(m.start(), m.group()) for m in SCRIPT_PROPERTY.finditer(text)]
	for offset, value in strings(text):
		for pattern in (PROPERTY, OFFSET):
			found += [
				(offset + 1 + value.count("\n", 0, m.start()), m.group()) for m in pattern.finditer(value)
			]
	return found
