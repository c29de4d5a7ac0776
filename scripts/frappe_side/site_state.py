"""Tell what a site already has, as JSON: `site_state.py SITE`, from a sites directory."""

import json
import sys

import frappe


def main(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		print(
			json.dumps(
				{"apps": frappe.get_installed_apps(), "companies": frappe.get_all("Company", pluck="name")}
			)
		)
	except Exception as error:
		# ERPNext's tables may be absent: the site exists, without company.
		print(json.dumps({"apps": frappe.get_installed_apps(), "companies": [], "note": str(error)}))
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main(*sys.argv[1:])
