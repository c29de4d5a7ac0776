"""All checks, in the order in which they are run."""

from __future__ import annotations

from checks import (
	doctypes,
	hook_paths,
	identifiers,
	js_methods,
	leftovers,
	logical_css,
	permissions,
	reasons,
	translations,
	whitelisted,
)
from checks.source import Problem, Source

CHECKS = {
	"hooks and patches": hook_paths.check,
	"methods named in JavaScript": js_methods.check,
	"whitelisted methods": whitelisted.check,
	"DocTypes and reports": doctypes.check,
	"Arabic translations": translations.check,
	"logical style": logical_css.check,
	"English identifiers": identifiers.check,
	"permissions": permissions.check,
	"leftovers of an uninstall": leftovers.check,
	"reasons beside suppressions": reasons.check,
}


def run_all(source: Source) -> dict[str, list[Problem]]:
	return {name: check(source) for name, check in CHECKS.items()}
