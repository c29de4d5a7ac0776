"""What the desk knows of our settings from the start (hook `extend_bootinfo`)."""

from __future__ import annotations

import frappe


def extend_bootinfo(bootinfo) -> None:
	"""Add `frappe.boot.dafater_crm`: switches only, nothing that a user of the desk may not know."""
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	bootinfo.dafater_crm = {"show_hijri": settings.show_hijri, "week_start": settings.week_start}
