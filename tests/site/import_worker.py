"""A worker of an import as a process of its own, so that it can be killed. Arguments: site, import."""

import sys

import frappe

from dafater_crm.records import import_run

if __name__ == "__main__":
	site, name = sys.argv[1:3]
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	import_run.work(name)
