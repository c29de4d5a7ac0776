"""Masters of both CRMs under the same names: territories, campaigns, sources, stages, reasons, items, people."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import get_first_day

from benchmarks import words

ROLES = {
	words.MANAGER: (
		"Dafater Sales Manager",
		"Sales Manager",
		"Sales User",
		"Sales Master Manager",
		"Employee",
	),
	words.EXECUTIVE: ("Dafater Account Executive", "Sales User", "Employee"),
}


def make(company: str, last_day: date) -> None:
	"""Everything that a filled row links to. Through the controllers: there are few of them."""
	frappe.flags.in_import = True
	_territories()
	_campaigns(company, last_day)
	for source in words.SOURCES:
		_ensure("Lead Source", source, source_name=source)
	for kind in words.TYPES:
		_ensure("Opportunity Type", kind, name=kind)
	for stage in words.STAGES:
		_ensure("Sales Stage", stage, stage_name=stage)
	for reason in words.REASONS:
		_ensure("Opportunity Lost Reason", reason, lost_reason=reason)
	for segment in words.SEGMENTS:
		_ensure("Market Segment", segment, market_segment=segment)
	_items()
	_rates(last_day)
	_people()
	frappe.flags.in_import = False
	frappe.db.commit()


def _ensure(doctype: str, known: str, /, **values) -> None:
	if not frappe.db.exists(doctype, known):
		frappe.get_doc({"doctype": doctype, **values}).insert()


def _territories() -> None:
	root = frappe.db.get_value("Territory", {"lft": 1})
	for region, cities in words.REGIONS.items():
		_ensure("Territory", region, territory_name=region, parent_territory=root, is_group=1)
		for city in cities:
			_ensure("Territory", city, territory_name=city, parent_territory=region)


def _campaigns(company: str, last_day: date) -> None:
	start = last_day.replace(year=last_day.year - 2)
	for name in words.CAMPAIGNS:
		_ensure("Campaign", name, campaign_name=name, naming_series="SAL-CAM-.YYYY.-")
		_ensure(
			"Dafater Campaign",
			name,
			campaign_name=name,
			company=company,
			start_date=start,
			status="Active",
		)


def _items() -> None:
	group = frappe.db.get_value("Item Group", {"is_group": 0})
	for code in words.ITEMS:
		_ensure(
			"Item", code, item_code=code, item_name=code, item_group=group, stock_uom="Nos", is_stock_item=0
		)


def _rates(last_day: date) -> None:
	"""One rate a month for each foreign currency, so that the peer finds them without asking an outside service."""
	for month in range(26):
		year, index = divmod(last_day.year * 12 + last_day.month - 1 - month, 12)
		first = get_first_day(date(year, index + 1, 1))
		for currency, rate in (("USD", words.USD_RATE), ("EUR", words.euro_rate(year, index + 1))):
			values = {"date": first, "from_currency": currency, "to_currency": "SAR"}
			if not frappe.db.exists("Currency Exchange", values):
				frappe.get_doc(
					{
						"doctype": "Currency Exchange",
						"exchange_rate": rate,
						"for_selling": 1,
						"for_buying": 1,
						**values,
					}
				).insert()


def _people() -> None:
	"""Forty sellers; two people with roles, one of them limited to one region by a User Permission."""
	frappe.flags.in_import = True
	for email in (*words.SELLERS, words.MANAGER):
		_ensure(
			"User",
			email,
			email=email,
			first_name=email.split("@")[0],
			send_welcome_email=0,
			user_type="System User",
		)
	for email, roles in ROLES.items():
		user = frappe.get_doc("User", email)
		user.set("roles", [{"role": role} for role in roles])
		user.save()
	permission = {"user": words.MANAGER, "allow": "Territory", "for_value": words.MANAGERS_REGION}
	if not frappe.db.exists("User Permission", permission):
		frappe.get_doc({"doctype": "User Permission", **permission}).insert()
