"""A rule that is switched off on a line has its reason on that line: `# noqa: B008 - made once on purpose`."""

from __future__ import annotations

import re

from checks.permissions import comments_of
from checks.source import Problem, Source

SUPPRESSION = re.compile(r"#\s*(?:noqa|nosemgrep|type:\s*ignore)\b")
# What may follow without being a reason: names of rules and punctuation.
RULES_ONLY = re.compile(
	r"#\s*(?:noqa|nosemgrep|type:\s*ignore)\b[:\s]*(?:\[[\w, -]*\]|[\w.-]+(?:\s*,\s*[\w.-]+)*)?\s*$"
)


def check(source: Source) -> list[Problem]:
	return [
		source.problem(path, line, "say why the rule does not apply here: `# nosemgrep: rule - reason`")
		for path in source.files(".py")
		for line, comment in comments_of(path.read_text(encoding="utf-8")).items()
		if SUPPRESSION.search(comment) and RULES_ONLY.search(comment)
	]
