"""Figures that the documents decide: what the peer shows, what the submitted documents say, what ours shows.

Each figure is read from the peer's and from our report (a forked child each, under the time limit) and counted set-wise from
ERPNext's own documents, or from the staged facts where ERPNext keeps none. Nothing is written down beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from frappe.utils import add_months, flt, get_first_day, getdate

from benchmarks.on_site import documents, runs
from benchmarks.on_site.children import in_child
from benchmarks.on_site.pairs import Pair, all_pairs

NOT_SHOWN = "not shown"


@dataclass
class Figure:
	"""One figure of one report. `read_theirs` and `read_ours` get a report's result and return the number."""

	pair: Pair
	name: str
	truth: Callable[[], float]
	read_theirs: Callable | None
	read_ours: Callable


@dataclass
class Compared:
	report: str
	figure: str
	theirs: float | str
	documents: float
	ours: float | str


def compared(company: str, last_day: date, measured: list[dict], limit: float) -> list[dict]:
	"""The figures of the measured reports. A peer that was too late then is not asked again."""
	late = {pair["key"] for pair in measured if pair.get("theirs", {}).get("outcome") == "late"}
	titles = {pair["title"].split(",")[0] for pair in measured}
	found = []
	for figure in figures(company, last_day, late):
		if figure.pair.title.split(",")[0] not in titles:
			continue
		theirs = (
			"too late" if figure.pair.key in late else _read(figure.pair, "theirs", figure.read_theirs, limit)
		)
		ours = _read(figure.pair, "ours", figure.read_ours, runs.OUR_LIMIT)
		row = Compared(figure.pair.title, figure.name, theirs, flt(figure.truth(), 2), ours)
		found.append(asdict(row))
		print(
			f"  {row.report}: {row.figure}: theirs {row.theirs}, documents {row.documents}, ours {row.ours}",
			flush=True,
		)
	runs.forget_rates()
	return found


def _read(pair: Pair, side: str, reader: Callable | None, limit: float) -> float | str:
	if reader is None:
		return NOT_SHOWN
	outcome = in_child(_figure, pair, side, reader, limit=limit)
	if outcome.kind == "ok":
		return flt(outcome.value, 2)
	return outcome.error if outcome.kind == "error" else "too late"


def _figure(pair: Pair, side: str, reader: Callable) -> float:
	runs.forget_rates()
	runs.as_new_request("Administrator", side)
	return reader(pair.execute(side)(pair.filters(side)))


def figures(company: str, last_day: date, late: set[str]) -> list[Figure]:
	pairs = {pair.key: pair for pair in all_pairs(company, last_day)}
	found = []
	for key, column in (("campaign", "campaign_name"), ("owner", "lead_owner")):
		found += _efficiency(pairs[key], column)
	found += _conversion(pairs["conversion"])
	found += _leads(pairs["details"], last_day if "details" in late else None)
	found += _opportunities(pairs)
	return found + _pipeline(pairs["pipeline"], last_day) + _engaged(pairs["engaged"], last_day)


def _efficiency(pair: Pair, column: str) -> list[Figure]:
	"""Sums over all campaigns or owners; leads without one are left out, as the peer does."""
	period = pair.ours["from_date"], pair.ours["to_date"]
	by = "campaign" if column == "campaign_name" else column

	def ours(field: str) -> Callable:
		return lambda result: sum(flt(row[field]) for row in result[1] if row[by])

	def theirs(field: str) -> Callable:
		return lambda result: sum(flt(row[field]) for row in result[1])

	names = (
		("Opportunities of these leads", "opportunities", "opp_count", "opportunities"),
		("Quotations: submitted ones", "quotations", "quot_count", "quotations"),
		("Orders: submitted Sales Orders, none closed unfulfilled", "orders", "order_count", "orders"),
		("Order value: net total of these orders", "value", "order_value", "order_value"),
	)
	return [
		Figure(
			pair, name, lambda kind=kind: documents.brought(kind, column, *period), theirs(peer), ours(own)
		)
		for name, kind, peer, own in names
	]


def _conversion(pair: Pair) -> list[Figure]:
	period = pair.ours["from_date"], pair.ours["to_date"]
	return [
		Figure(
			pair,
			"Leads that ordered for the first time in the period",
			lambda: documents.conversions(*period)[0],
			# the last row is the average
			lambda result: len(result[1]) - 1,
			lambda result: len(result[1]),
		),
		Figure(
			pair,
			"Average days from lead to order",
			lambda: round(documents.conversions(*period)[1], 1),
			lambda result: result[1][-1][2],
			lambda result: result[4][1]["value"],
		),
	]


def _leads(pair: Pair, week_to: date | None) -> list[Figure]:
	"""Over the year, or over one week where a year takes the peer too long."""
	period = {"from_date": pair.ours["from_date"], "to_date": pair.ours["to_date"]}
	if week_to:
		period = {"from_date": str(week_to - timedelta(days=6)), "to_date": str(week_to)}
	asked = Pair("details-rows", pair.report, pair.title, {**pair.ours, **period}, {**pair.theirs, **period})
	return [
		Figure(
			asked,
			f"Leads created {'in one week' if week_to else 'in the period'}: one row each",
			lambda: documents.leads(*period.values()),
			lambda result: len(result[1]),
			lambda result: result[4][0]["value"],
		)
	]


def _opportunities(pairs: dict[str, Pair]) -> list[Figure]:
	response, lost, amounts = pairs["response"], pairs["lost"], pairs["stages-amount"]
	owners = pairs["stages"]
	period = lost.ours["from_date"], lost.ours["to_date"]

	def card(result: tuple, label: str) -> float:
		return next(found["value"] for found in result[4] if found["label"] == label)

	return [
		Figure(
			response,
			"Opportunities that nobody answered",
			lambda: documents.unanswered(*period),
			None,
			lambda result: card(result, "Unanswered"),
		),
		Figure(
			lost,
			"Opportunities lost in the period, by the day they were lost",
			lambda: documents.lost(*period),
			lambda result: len(result[1]),
			lambda result: card(result, "Lost Opportunities"),
		),
		Figure(
			owners,
			"Sum over owners: opportunities of the period",
			lambda: documents.dated(*period)[0],
			_cells,
			lambda result: sum(row["total"] for row in result[1]),
		),
		Figure(
			amounts,
			"Amount at each opportunity's own exchange rate",
			lambda: documents.dated(*period)[1],
			_cells,
			lambda result: sum(flt(row["total"]) for row in result[1]),
		),
	]


def _cells(result: tuple) -> float:
	"""Sum of a peer's table: everything in a row but its heading, which is text."""
	return sum(flt(value) for row in result[1] for value in row.values() if not isinstance(value, str))


def _pipeline(pair: Pair, last_day: date) -> list[Figure]:
	first = getdate(get_first_day(last_day))
	end = getdate(add_months(first, 18)) - timedelta(days=1)
	year = pair.theirs["from_date"], pair.theirs["to_date"]
	longer = {"from_date": str(first), "to_date": str(end)}
	long_pair = Pair(
		"pipeline-18",
		pair.report,
		"Sales Pipeline Analytics",
		{**pair.ours, **longer},
		{**pair.theirs, **longer},
	)

	def dated(result: tuple) -> float:
		return sum(row["total"] - row["period_none"] for row in result[1])

	return [
		Figure(
			pair,
			"Counted more than once: sum over owners less the opportunities themselves",
			lambda: 0,
			lambda result: _cells(result) - documents.closing_theirs(*year),
			lambda result: dated(result) - documents.closing(*year),
		),
		Figure(
			long_pair,
			"Opportunities at work that close within 18 months",
			lambda: documents.closing(*longer.values()),
			_cells,
			dated,
		),
	]


def _engaged(pair: Pair, last_day: date) -> list[Figure]:
	"""One lead at a time, since the peer needs a scan of all messages for each lead."""
	found = []
	for name, listed, ours, theirs in documents.engaged_examples(last_day):
		one = Pair(
			"engaged-one",
			pair.report,
			pair.title,
			{**pair.ours, "lead": ours, "minimum_interactions": 1, "minimum_age": 60},
			{"lead": theirs, "no_of_interaction": 1, "lead_age": 60},
		)
		found.append(
			Figure(one, name, lambda listed=listed: listed, lambda r: len(r[1]), lambda r: len(r[1]))
		)
	return found
