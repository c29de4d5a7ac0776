# Bad and good samples for .semgrep/rules/python.yml. Never imported.
import frappe
from frappe import _, _lt

# ruleid: erpnext-imported-early
import erpnext

# ruleid: site-at-import
COMPANY = frappe.db.get_value("Company", {}, "name")
# ruleid: site-at-import
LABEL = frappe._("Lead")
# ok: site-at-import
LAZY = _lt("Lead")


def company():
	# ok: erpnext-imported-early
	import erpnext

	# ok: site-at-import
	return frappe.db.get_value("Company", {}, "name") or erpnext.get_default_company()


def sql(name):
	# ruleid: raw-sql
	frappe.db.sql("select name from tabUser where name = %s", name)
	# ok: raw-sql
	return frappe.qb.from_("User").select("name").run()


def evaluate(text):
	# ruleid: code-evaluation
	eval(text)
	# ruleid: code-evaluation
	frappe.safe_eval(text)
	# ok: code-evaluation
	return RULES[text]()


def render(contract):
	# ruleid: template-from-user
	frappe.render_template(contract.terms, {})
	# ok: template-from-user
	return frappe.render_template("templates/emails/contract.html", {})


def read(path):
	# ruleid: file-from-request
	open(path)
	# ok: file-from-request
	return open("fixed.txt")


# ruleid: relaxed-guest-method
@frappe.whitelist(allow_guest=True, methods=["POST"])
def book(day: str) -> None:
	return None


# ok: relaxed-guest-method
@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=5, seconds=60)
def book_limited(day: str) -> None:
	return None


def act():
	# ruleid: set-user
	frappe.set_user("Administrator")


class Lead:
	def on_update(self):
		# ruleid: set-after-save
		self.status = "Open"
		# ok: set-after-save
		self.db_set("status", "Open")
		# ok: set-after-save
		self.flags.moved = True

	def validate(self):
		# ok: set-after-save
		self.status = "Open"


def publish(user):
	# ruleid: realtime-to-everyone
	frappe.publish_realtime("lead", {"name": "x"})
	# ok: realtime-to-everyone
	frappe.publish_realtime("lead", {"name": "x"}, user=user)


def store():
	# ruleid: manual-commit
	frappe.db.commit()


def words(name):
	# ruleid: format-before-translate
	_("Hello {0}".format(name))
	# ruleid: format-before-translate
	_(f"Hello {name}")
	# ruleid: format-before-translate
	_("Hello %s" % name)
	# ok: format-before-translate
	return _("Hello {0}").format(name)


def complain(name):
	# ruleid: untranslated-message
	frappe.throw("The phone number is wrong")
	# ruleid: untranslated-message
	frappe.msgprint(f"{name} is wrong")
	# ok: untranslated-message
	frappe.throw(_("The phone number is wrong"))


def swallow():
	# ruleid: exception-swallowed
	try:
		store()
	except Exception:
		pass
	# ok: exception-swallowed
	try:
		store()
	except frappe.DoesNotExistError:
		pass


def fetch(url):
	import requests

	# ruleid: http-without-timeout
	requests.get(url)
	# ok: http-without-timeout
	return requests.get(url, timeout=10)


def patch():
	# ruleid: monkey-patch
	frappe.get_doc = fetch
	# ok: monkey-patch
	frappe.flags.in_import = True
