"""A report's answer whole, as a reader meets it: every visible cell, and every figure of the summary."""

from __future__ import annotations

from collections.abc import Callable

from dafater_crm.queries import granted

FIGURES = ("Int", "Currency")


def table(result: tuple) -> list[tuple]:
	"""The rows, each with its visible columns from first to last."""
	names = [column["fieldname"] for column in result[0] if not column.get("hidden")]
	return [tuple(row[name] for name in names) for row in result[1]]


def crosstab(result: tuple) -> list[tuple[str, dict[str, float]]]:
	"""The rows of a report with a column for each stage or month: label, and heading -> figure without the zeros."""
	headings = {c["fieldname"]: c["label"] for c in result[0] if c["fieldtype"] in FIGURES}
	return [
		(row["label"], {headings[name]: row[name] for name in headings if row[name]}) for row in result[1]
	]


def summary(result: tuple) -> list[tuple]:
	return [(card["label"], card["value"]) for card in result[4] or []]


def read_as(as_user, reader: str, run: Callable[[], tuple]) -> tuple:
	"""What `run` gives the reader. Shares are kept for one request only, so another reader begins without them."""
	granted.forget()
	with as_user(reader):
		return run()
