"""Roles, role profiles and the few rights on ERPNext's masters without which a role of ours could not fill in its forms.

Nobody gets a role from here: a person assigns them. A profile joins our role with the ERPNext roles that the job needs.
"""

from __future__ import annotations

import frappe
from frappe.permissions import add_permission, update_permission_property

from dafater_crm.setup import ledger

SALES_MANAGER = "Dafater Sales Manager"
ACCOUNT_EXECUTIVE = "Dafater Account Executive"
DEVELOPMENT_REP = "Dafater Sales Development Rep"
OPERATIONS = "Dafater Sales Operations"
SUPPORT_AGENT = "Dafater Support Agent"

# role -> the workspace at which it begins
ROLES = {
	SALES_MANAGER: "/app/dafater-sales-management",
	ACCOUNT_EXECUTIVE: "/app/dafater-crm",
	DEVELOPMENT_REP: "/app/dafater-crm",
	OPERATIONS: "/app/dafater-crm-setup",
	SUPPORT_AGENT: "/app/dafater-support",
}

# A profile replaces all roles of its user, so "Employee" is named: ERPNext gives it to whoever has an Employee record,
# and the reporting line is made of those.
PROFILES = {
	SALES_MANAGER: (SALES_MANAGER, "Sales Manager", "Sales User", "Sales Master Manager", "Employee"),
	ACCOUNT_EXECUTIVE: (ACCOUNT_EXECUTIVE, "Sales User", "Employee"),
	DEVELOPMENT_REP: (DEVELOPMENT_REP, "Employee"),
	OPERATIONS: (
		OPERATIONS,
		"Sales Master Manager",
		"Newsletter Manager",
		"Report Manager",
		"Dashboard Manager",
		"Employee",
	),
	SUPPORT_AGENT: (SUPPORT_AGENT, "Support Team", "Employee"),
}

# DocType -> {role: rights}. ERPNext gives these to its Sales User only, who may also write quotations.
GRANTS = {
	"Company": {DEVELOPMENT_REP: ("select",), SUPPORT_AGENT: ("select",)},
	"Contact": {SUPPORT_AGENT: ("select", "read")},
	"Customer": {SUPPORT_AGENT: ("select", "read")},
	"Customer Group": {DEVELOPMENT_REP: ("select",)},
	# ERPNext 15.46 lets nobody below Sales Master Manager read these, and "Set as Lost" then fails for the seller.
	"Quotation Lost Reason": {ACCOUNT_EXECUTIVE: ("select", "read")},
	"Industry Type": {DEVELOPMENT_REP: ("select",), OPERATIONS: ("select",)},
	"Territory": {DEVELOPMENT_REP: ("select",)},
}
RIGHTS = ("select", "read", "write", "create", "delete", "report", "export", "share", "print", "email")


def ensure_roles() -> None:
	"""Make our roles where they are missing, and give those that were never ours to set their start page."""
	known = ledger.seeded()
	for role, home in ROLES.items():
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert()
		if _key("Role", role) not in known:
			frappe.db.set_value("Role", role, {"desk_access": 1, "home_page": home})
	ledger.remember({_key("Role", role) for role in ROLES})


def ensure_role_profiles() -> None:
	"""Make the profiles this site never had. ERPNext roles that the site does not know are left out."""
	known = ledger.seeded()
	for profile, roles in PROFILES.items():
		if _key("Role Profile", profile) in known or frappe.db.exists("Role Profile", profile):
			continue
		present = frappe.get_all("Role", {"name": ("in", roles), "disabled": 0}, pluck="name")
		frappe.get_doc(
			{
				"doctype": "Role Profile",
				"role_profile": profile,
				"roles": [{"role": role} for role in roles if role in present],
			}
		).insert()
	ledger.remember({_key("Role Profile", profile) for profile in PROFILES})


def ensure_grants() -> None:
	"""Add our roles to the permissions of ERPNext's masters, once for each site; a person may take them away."""
	known = ledger.seeded()
	for doctype, roles in GRANTS.items():
		if not frappe.db.exists("DocType", doctype):
			continue
		for role, rights in roles.items():
			if _key("Permission", f"{doctype}/{role}") in known:
				continue
			_grant(doctype, role, rights)
			ledger.remember({_key("Permission", f"{doctype}/{role}")})


def remove_grants() -> None:
	"""Take our roles out of every DocType's custom permissions.

	Where what remains is what ERPNext ships, the custom rows go altogether, so that the DocType follows ERPNext again.
	"""
	doctypes = frappe.get_all("Custom DocPerm", {"role": ("in", list(ROLES))}, pluck="parent", distinct=True)
	for doctype in doctypes:
		frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", list(ROLES))})
		if _permissions("Custom DocPerm", doctype) == _permissions("DocPerm", doctype):
			frappe.db.delete("Custom DocPerm", {"parent": doctype})
		frappe.clear_cache(doctype=doctype)


def remove_roles() -> None:
	"""Delete our profiles and roles, and take them from the users who had them."""
	for profile in PROFILES:
		_detach_profile(profile)
		frappe.delete_doc("Role Profile", profile, force=True, ignore_missing=True)
	_forget_role_rows()
	for role in ROLES:
		frappe.delete_doc("Role", role, force=True, ignore_missing=True)
	frappe.clear_cache()


def _grant(doctype: str, role: str, rights: tuple[str, ...]) -> None:
	if not frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": role, "permlevel": 0}):
		add_permission(doctype, role, 0)
	for right in RIGHTS:
		update_permission_property(doctype, role, 0, right, int(right in rights), validate=False)


def _permissions(table: str, doctype: str) -> set[tuple]:
	"""The permission rows of a DocType as comparable tuples."""
	fields = ["role", "permlevel", "if_owner", *RIGHTS, "import", "submit", "cancel", "amend"]
	rows = frappe.get_all(table, {"parent": doctype}, fields)
	return {
		tuple(row[field] if field == "role" else int(row[field] or 0) for field in fields) for row in rows
	}


def _detach_profile(profile: str) -> None:
	"""Users of the profile keep their other roles: only the link to the profile goes."""
	frappe.db.set_value("User", {"role_profile_name": profile}, "role_profile_name", None)
	if frappe.db.table_exists("User Role Profile"):  # v16: several profiles a user
		frappe.db.delete("User Role Profile", {"role_profile": profile})


def _forget_role_rows() -> None:
	"""Remove our roles from users, reports, pages, workspaces; a report's custom role list that held only ours goes."""
	ours = {"role": ("in", list(ROLES))}
	touched = set(frappe.get_all("Has Role", {**ours, "parenttype": "Custom Role"}, pluck="parent"))
	frappe.db.delete("Has Role", ours)
	still_used = set(frappe.get_all("Has Role", {"parenttype": "Custom Role"}, pluck="parent"))
	for name in touched - still_used:
		frappe.delete_doc("Custom Role", name, force=True)


def _key(kind: str, name: str) -> str:
	return f"{kind}: {name}"
