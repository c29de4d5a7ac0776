"""`python -m benchmarks.on_site.prepare SITE SIZE`, from a sites directory: fill the site, hold a sample against the controllers."""

from __future__ import annotations

import sys

import frappe

from benchmarks.on_site import fill, honesty


def main(site: str, size: str) -> int:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	before = fill.filled()
	filled = fill.ensure(size)
	fill.use_messages_of("ours")
	if not before:
		print(f"filled in {filled['seconds']} s", flush=True)
	problems = honesty.problems()
	print(
		f"{honesty.checked():,} filled documents held against the controllers: {len(problems)} differ",
		flush=True,
	)
	for problem in problems[:20]:
		print(f"  {problem}")
	return 1 if problems else 0


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
