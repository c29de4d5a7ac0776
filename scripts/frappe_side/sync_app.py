"""Bring an installed app's metadata up to the source: `sync_app.py SITE`, from a sites directory.

What `migrate` does, for our app only: patches, DocTypes, fixtures, jobs and our own after_migrate hooks. Seconds
instead of a minute, since ERPNext is not walked through. For development sites; a real site uses `migrate`.
"""

import sys

import frappe

APP = "dafater_crm"


def main(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		frappe.clear_cache()
		# The list of modules is cached per site and may be older than this source.
		frappe.setup_module_map(include_all_apps=True)
		sync()
		frappe.db.commit()
		frappe.clear_cache()
	finally:
		frappe.destroy()


def sync() -> None:
	from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from frappe.installer import add_module_defs
	from frappe.model.sync import sync_for
	from frappe.modules.patch_handler import PatchType
	from frappe.modules.utils import sync_customizations
	from frappe.utils.dashboard import sync_dashboards
	from frappe.utils.fixtures import sync_fixtures

	frappe.flags.in_migrate = True
	add_module_defs(APP, ignore_if_duplicate=True)
	run_patches(PatchType.pre_model_sync)
	sync_for(APP)
	run_patches(PatchType.post_model_sync)
	sync_jobs()
	sync_fixtures(APP)
	sync_customizations(APP)
	sync_dashboards(APP)
	for hook in frappe.get_hooks("after_migrate", app_name=APP):
		frappe.get_attr(hook)()
	frappe.flags.in_migrate = False


def run_patches(patch_type) -> None:
	from frappe.modules.patch_handler import get_patches_from_app, run_single

	done = set(frappe.get_all("Patch Log", filters={"skipped": 0}, pluck="patch"))
	for patch in get_patches_from_app(APP, patch_type=patch_type):
		if patch not in done:
			run_single(patchmodule=patch)


if __name__ == "__main__":
	main(*sys.argv[1:])
