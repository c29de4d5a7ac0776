"""Call one function on one site: `call.py SITE DOTTED.PATH [JSON KEYWORDS]`, from a sites directory.

Frappe's own `execute` evaluates its arguments as Python and, when the function fails, evaluates its name as well,
which buries the reason; this one shows the traceback, rolls back and exits with 1.
"""

import json
import sys

import frappe


def main(site: str, function: str, keywords: str = "{}") -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		result = frappe.get_attr(function)(**json.loads(keywords))
		frappe.db.commit()
	except BaseException:
		frappe.db.rollback()
		raise
	finally:
		frappe.destroy()
	if result is not None:
		print(result if isinstance(result, str) else json.dumps(result, default=str, ensure_ascii=False))


if __name__ == "__main__":
	main(*sys.argv[1:])
