"""Frappe 16's desk: a Workspace Sidebar and a Desktop Icon lead to each workspace of ours. Frappe 15 has neither."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.setup import sidebars

OURS = {"Dafater CRM", "Dafater CRM Setup", "Dafater Sales Management", "Dafater Support"}


@pytest.fixture(autouse=True)
def _frappe_16() -> None:
	if not frappe.db.table_exists(sidebars.SIDEBAR):
		pytest.skip("this Frappe opens workspaces without a Workspace Sidebar")


def test_the_installation_left_a_sidebar_and_an_icon_for_each_workspace() -> None:
	assert set(frappe.get_all("Workspace", {"module": "Dafater CRM", "public": 1}, pluck="name")) == OURS
	assert set(frappe.get_all(sidebars.SIDEBAR, pluck="title")) >= OURS
	icons = frappe.get_all(sidebars.ICON, {"link_type": sidebars.SIDEBAR}, pluck="link_to")
	assert set(icons) >= OURS


def test_a_dashboard_is_among_the_items() -> None:
	items = frappe.get_all(
		sidebars.ITEM, {"parent": "Dafater CRM", "link_type": "Dashboard"}, pluck="link_to"
	)
	assert items == ["Dafater My Sales"]


def test_what_the_site_named_after_its_own_workspace_stays() -> None:
	"""An uninstall removes our workspaces first; one that the site made under a similar name is still there."""
	make_sidebar("Dafater of ours")
	make_sidebar("Dafater of the site")
	doc = {
		"doctype": "Workspace",
		"label": "Dafater of the site",
		"title": "Dafater of the site",
		"content": "[]",
	}
	frappe.get_doc(doc).insert()
	sidebars.remove_sidebars()
	left = frappe.get_all(sidebars.SIDEBAR, {"title": ("like", "Dafater of%")}, pluck="title")
	assert left == ["Dafater of the site"]
	assert set(frappe.get_all(sidebars.SIDEBAR, pluck="title")) >= OURS


def make_sidebar(title: str) -> None:
	item = {"label": "Leads", "type": "Link", "link_type": "DocType", "link_to": "Dafater Lead"}
	frappe.get_doc({"doctype": sidebars.SIDEBAR, "title": title, "items": [item]}).insert()
