"""What an uninstall has to take along by name, since its DocType is gone by then: values of Singles, counters of series."""

from __future__ import annotations

import ast

from checks.source import Problem, Source, parse

MODULE = "dafater_crm.setup.uninstall"
SINGLES, SERIES = "OUR_SINGLES", "NAMING_SERIES"


def check(source: Source) -> list[Problem]:
	"""Every shipped Single and every naming series of a shipped DocType is named in the module that uninstalls."""
	path = source.module_file(MODULE)
	if path is None:
		return []
	named = _constants(parse(path))
	problems = []
	for json_path, record in source.of_type("DocType"):
		if record.get("issingle") and record["name"] not in named.get(SINGLES, ()):
			text = f"{record['name']} is a Single and not in {SINGLES} of {MODULE}: its values outlive an uninstall"
			problems.append(source.problem(json_path, 1, text))
		for prefix in sorted(_series(record) - set(named.get(SERIES, ()))):
			text = f"series {prefix} is not in {SERIES} of {MODULE}: its counter outlives an uninstall"
			problems.append(source.problem(json_path, 1, text))
	return problems


def _series(record: dict) -> set[str]:
	"""The fixed beginnings of the series that a DocType offers."""
	offered = "\n".join(
		field.get("options") or ""
		for field in record.get("fields", [])
		if field.get("fieldname") == "naming_series"
	)
	return {line.split(".")[0] for line in offered.split("\n") if line.strip()}


def _constants(tree: ast.Module) -> dict[str, tuple]:
	"""Tuples of texts that a module gives a name."""
	return {
		node.targets[0].id: ast.literal_eval(node.value)
		for node in tree.body
		if isinstance(node, ast.Assign)
		and isinstance(node.targets[0], ast.Name)
		and node.targets[0].id in (SINGLES, SERIES)
	}
