"""Frappe's web application with its static files, for a server that runs without nginx in front."""

import frappe.app

application = frappe.app.application_with_statics()
