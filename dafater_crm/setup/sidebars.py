"""The way to our workspaces in Frappe 16, whose desk opens a workspace through a Desktop Icon and a Workspace Sidebar.

Frappe makes both from the workspaces of an app when it is installed. It does so before it loads the app's dashboards, and
a workspace with a shortcut to one of them would get neither. When the app goes, it leaves both behind: what it made bears no
app. Frappe 15 knows neither; there this module does nothing.
"""

from __future__ import annotations

import frappe

from dafater_crm.setup.pointers import PREFIX

SIDEBAR, ITEM, ICON = "Workspace Sidebar", "Workspace Sidebar Item", "Desktop Icon"


def load_dashboards() -> None:
	"""Load our dashboards now, in `after_install`: Frappe makes the sidebars next, and its own load comes after that."""
	if not frappe.db.table_exists(SIDEBAR):
		return
	from frappe.utils.dashboard import sync_dashboards

	sync_dashboards("dafater_crm")


def remove_sidebars() -> None:
	"""After an uninstall: the sidebars that are named after workspaces of ours, and the icons that open them.

	One that has our prefix while its workspace is still there is the site's own. Rows are deleted without their documents'
	`on_trash`, which asks for a role and, in developer mode, for files.
	"""
	if not frappe.db.table_exists(SIDEBAR):
		return
	titled = frappe.get_all(SIDEBAR, {"title": ("like", f"{PREFIX}%")}, ["name", "title"])
	left = set(frappe.get_all("Workspace", {"name": ("like", f"{PREFIX}%")}, pluck="name"))
	gone = [row for row in titled if row.title not in left]
	if not gone:
		return
	names = [row.name for row in gone]
	frappe.db.delete(ITEM, {"parenttype": SIDEBAR, "parent": ("in", names)})
	frappe.db.delete(SIDEBAR, {"name": ("in", names)})
	frappe.db.delete(ICON, {"link_type": SIDEBAR, "link_to": ("in", names)})
