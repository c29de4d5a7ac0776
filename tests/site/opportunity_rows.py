"""Opportunities written straight into the table, with the figures, dates and owners that a report test counts by hand."""

from __future__ import annotations

from itertools import count

import frappe

from tests.site.factories import AE, COMPANY, MANAGER, make_user

BOSS, MINE, OTHER = "boss@opprows.example", "mine@opprows.example", "other@opprows.example"
REGIONAL, NOBODY = "regional@opprows.example", "nobody@opprows.example"
CAST = {BOSS: (MANAGER,), MINE: (AE,), OTHER: (AE,), REGIONAL: (MANAGER,), NOBODY: ("Stock User",)}
numbers = count(1)


def make_cast() -> None:
	for email, roles in CAST.items():
		make_user(email, *roles)


def add(rows: list[dict]) -> list[str]:
	"""Insert opportunities; a row gives what differs from an open one of 100 at 50 %. Returns their names."""
	names = [f"DOPP-ROWS-{next(numbers):06d}" for _row in rows]
	defaults = {
		"creation": "2031-01-01 08:00:00",
		"modified": "2031-01-01 08:00:00",
		"owner": "Administrator",
		"modified_by": "Administrator",
		"title": "فرصة",
		"party_type": "Dafater Prospect",
		"party_name": "DPRO-DELETED",
		"party_title": "شركة محذوفة",
		"company": COMPANY,
		"status": "Open",
		"sales_stage": "Proposal",
		"opportunity_owner": None,
		"opportunity_type": None,
		"source": None,
		"territory": None,
		"transaction_date": "2031-01-10",
		"expected_closing": None,
		"lost_on": None,
		"won_on": None,
		"currency": "SAR",
		"conversion_rate": 1,
		"base_opportunity_amount": 100,
		"weighted_amount": 50,
		"_assign": None,
	}
	values = [tuple({**defaults, **row}.values()) for row in rows]
	fields = ["name", *defaults]
	frappe.db.bulk_insert(
		"Dafater Opportunity", fields, [(name, *row) for name, row in zip(names, values, strict=True)]
	)
	return names


def add_children(doctype: str, table: str, link: str, of: dict[str, list[str]]) -> None:
	"""Rows of a child table: opportunity -> linked names, in this order."""
	fields = ["name", "parent", "parenttype", "parentfield", "idx", link]
	rows = [
		(frappe.generate_hash(length=12), parent, "Dafater Opportunity", table, idx, value)
		for parent, values in of.items()
		for idx, value in enumerate(values, 1)
	]
	frappe.db.bulk_insert(doctype, fields, rows)


def add_reasons(of: dict[str, list[str]]) -> None:
	add_children("Dafater Opportunity Lost Reason Detail", "lost_reasons", "lost_reason", of)


def add_competitors(of: dict[str, list[str]]) -> None:
	add_children("Dafater Opportunity Competitor", "competitors", "competitor", of)


def make_territories() -> tuple[str, str, str]:
	"""A new region, a city in it and a territory beside them."""
	root = frappe.db.get_value("Territory", {"lft": 1}, "name")
	return _territory("منطقة", root, group=1), _territory("مدينة", "منطقة"), _territory("بجوار", root)


def _territory(name: str, parent: str, group: int = 0) -> str:
	return (
		frappe.get_doc(
			{"doctype": "Territory", "territory_name": name, "parent_territory": parent, "is_group": group}
		)
		.insert()
		.name
	)


def permit(user: str, allow: str, value: str) -> None:
	frappe.get_doc({"doctype": "User Permission", "user": user, "allow": allow, "for_value": value}).insert()
	frappe.clear_cache(user=user)


def add_company_in(currency: str, name: str = "Dafater Rows Abroad") -> str:
	"""A second company, as far as a report looks at it."""
	frappe.db.bulk_insert(
		"Company", ["name", "company_name", "abbr", "default_currency"], [(name, name, "DRA", currency)]
	)
	return name
