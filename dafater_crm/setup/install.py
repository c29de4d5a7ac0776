"""What happens when the app is installed, migrated, or meets an ERPNext that has just been set up.

Frappe runs these hooks as Administrator. Every step can run any number of times. Steps that put rows on the site ask `ledger` first, so that what a person renamed,
disabled or deleted stays as that person left it.
"""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.setup import boards, desk_search, ledger, masters, roles, sidebars

# labour law, article 98: eight hours a day; the hour between is the break
WORKING_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")


def before_install() -> None:
	"""Hook `before_install`: refuse a site that has no ERPNext."""
	refuse_site_without_erpnext()


def after_install() -> None:
	"""Hook `after_install`. The tables are new, so a ledger that an earlier, broken uninstall left behind is void."""
	ledger.forget()
	furnish()
	set_settings_defaults()
	sidebars.load_dashboards()


def after_migrate() -> None:
	"""Hook `after_migrate`: the same steps; each adds only what is missing and was never there."""
	furnish()


def after_app_install(app_name: str) -> None:
	"""Hook `after_app_install`: an app that came later brought DocTypes that some of our fields wait for, or another desk search."""
	if app_name != "dafater_crm":
		furnish_erpnext()
		desk_search.ensure_searched()


def after_setup_wizard(args: dict | None = None) -> None:
	"""Hook `setup_wizard_complete`: now there is a company to take defaults from."""
	set_settings_defaults()


def furnish() -> None:
	"""Roles, profiles, masters and boards of ours, our place in the desk's search, our fields on ERPNext's documents."""
	roles.ensure_roles()
	roles.ensure_role_profiles()
	roles.ensure_grants()
	fill_new_settings()
	masters.seed_masters()
	seed_working_hours()
	boards.ensure_boards()
	desk_search.ensure_searched()
	furnish_erpnext()


def furnish_erpnext() -> None:
	"""Custom fields and indexes on ERPNext's documents, and our names in the Quotation's party selector."""
	from dafater_crm.erpnext import custom_fields, indexes, quotation_party

	custom_fields.install()
	indexes.install()
	quotation_party.install()


def fill_new_settings() -> None:
	"""Give fields that a release added to the settings their defaults on a site whose settings were saved before.

	A save of the settings stores every field, so one without a row is new; Frappe would read it as 0.
	"""
	doctype = "Dafater CRM Settings"
	singles = frappe.qb.DocType("Singles")
	stored = frappe.qb.from_(singles).select(singles.field).where(singles.doctype == doctype).run(pluck=True)
	if not stored:
		return
	for field in frappe.get_meta(doctype).fields:
		if field.default and field.fieldname not in stored:
			frappe.db.set_single_value(doctype, field.fieldname, field.default, update_modified=False)


def refuse_site_without_erpnext() -> None:
	"""Throw when ERPNext is not installed on this site."""
	if "erpnext" not in frappe.get_installed_apps():
		frappe.throw(
			_(
				"Dafater CRM needs ERPNext on the same site. Install ERPNext first, then install Dafater CRM again."
			),
			title=_("ERPNext Is Missing"),
		)


def seed_working_hours() -> None:
	"""The working week of Saudi labour law, once: Sunday to Thursday. Nobody's own hours are touched."""
	key = "Working Hours"
	if key in ledger.seeded():
		return
	settings = frappe.get_doc("Dafater CRM Settings")
	if not settings.working_hours:
		rows = [{"weekday": day, "from_time": "08:00:00", "to_time": "17:00:00"} for day in WORKING_DAYS]
		settings.extend("working_hours", rows)
		settings.save()
	ledger.remember({key})


def set_settings_defaults() -> None:
	"""Fill the empty defaults of the settings from ERPNext's own. Runs at install and after the setup wizard only."""
	settings = frappe.get_doc("Dafater CRM Settings")
	found = {
		"default_company": _default_company(),
		"default_territory": _home_territory(),
		"default_customer_group": _default_customer_group(),
	}
	missing = {field: value for field, value in found.items() if value and not settings.get(field)}
	if missing:
		settings.update(missing)
		settings.save()


def _default_company() -> str | None:
	company = frappe.db.get_single_value("Global Defaults", "default_company")
	if company and frappe.db.exists("Company", company):
		return company
	companies = frappe.get_all("Company", {"is_group": 0}, pluck="name", limit=2)
	return companies[0] if len(companies) == 1 else None


def _home_territory() -> str | None:
	"""ERPNext's selling territory, else the one named after the company's country."""
	territory = frappe.db.get_single_value("Selling Settings", "territory")
	if territory and _is_leaf("Territory", territory):
		return territory
	company = _default_company()
	return _leaf_named("Territory", frappe.db.get_value("Company", company, "country")) if company else None


def _default_customer_group() -> str | None:
	"""ERPNext's selling group, else the one that its setup wizard calls "Commercial"."""
	group = frappe.db.get_single_value("Selling Settings", "customer_group")
	return (
		group if group and _is_leaf("Customer Group", group) else _leaf_named("Customer Group", "Commercial")
	)


def _is_leaf(doctype: str, name: str) -> bool:
	return frappe.db.get_value(doctype, name, "is_group") == 0


def _leaf_named(doctype: str, english: str | None) -> str | None:
	"""A leaf of a tree by its English name: ERPNext's wizard names masters in the language it was run in."""
	if not english:
		return None
	names = list({english, _(english), _(english, lang="ar")})
	found = frappe.get_all(doctype, {"name": ("in", names), "is_group": 0}, pluck="name")
	return found[0] if found else None
