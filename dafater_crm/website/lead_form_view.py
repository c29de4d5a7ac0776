"""What the public page of a lead form shows: fields, choices and texts in the visitor's language, values as typed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import frappe
from frappe import _

from dafater_crm.domain import urls
from dafater_crm.domain.characters import one_line, strip_invisible
from dafater_crm.records import capture, form_choices
from dafater_crm.records.form_intake import Sent

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGES = {"Arabic": ("ar",), "English": ("en",), "Arabic and English": ("ar", "en")}
DIRECTION = {"ar": "rtl", "en": "ltr"}
OWN_NAME = {"ar": "العربية", "en": "English"}
TRAP = "branch_ref"  # people do not see it; its name tells a program nothing
FIELD = "f_"  # so that no field of ours is taken for one of Frappe's ("cmd", "csrf_token")
MAX_LINE = 140
INPUT = {
	"mobile_no": {"type": "tel", "autocomplete": "tel", "dir": "ltr"},
	"phone": {"type": "tel", "autocomplete": "tel", "dir": "ltr"},
	"whatsapp_no": {"type": "tel", "autocomplete": "tel", "dir": "ltr"},
	"email_id": {"type": "email", "autocomplete": "email", "dir": "ltr"},
	"website": {"type": "text", "autocomplete": "url", "dir": "ltr", "inputmode": "url"},
	"lead_name": {"type": "text", "autocomplete": "name"},
	"organisation_name": {"type": "text", "autocomplete": "organization"},
	"job_title": {"type": "text", "autocomplete": "organization-title"},
	"city": {"type": "text", "autocomplete": "address-level2"},
	"cr_number": {"type": "text", "inputmode": "numeric", "dir": "ltr"},
	"vat_number": {"type": "text", "inputmode": "numeric", "dir": "ltr"},
}


@dataclass
class Page:
	"""One rendering: values and tracking as typed, mistakes by field ("" for the whole form)."""

	values: dict[str, str]
	tracking: dict[str, str]
	consent: bool = False
	trapped: bool = False
	token: str = ""
	csrf_token: str = ""
	done: bool = False
	messages: dict[str, str] = field(default_factory=dict)

	def refused(self, messages: dict[str, str], keep_token: bool = False) -> Page:
		"""The same page with messages; without `keep_token` it gets a new token."""
		return replace(self, messages=messages, token=self.token if keep_token else "")


def text(key: str) -> str:
	"""A message of the page in the visitor's language."""
	return {
		"missing": _("This form does not exist or is closed."),
		"type": _("The form was not sent as a form. Open the page again and send it from there."),
		"size": _("The form is too large. Shorten the texts and send it again."),
		"rate": _("Too many forms were sent from your network. Please wait an hour, then press Send again."),
		"too_fast": _("That was very quick. Please check what you entered, then press Send again."),
		"expired": _("This page was open for a long time. Nothing is lost: press Send again."),
		"forged": _("This page could not be verified. Nothing is lost: press Send again."),
		"used": _("This page was sent before. To send a new request, press Send again."),
		"required": _("Fill in this field."),
		"long": _("This text is too long."),
		"website": _("Write the address of the website like www.example.com."),
		"choice": _("Choose one of the listed options."),
	}[key]


def language(form, asked: str) -> str:
	"""The language asked for if the form has it; else the browser's; else the form's first."""
	offered = LANGUAGES[form.languages]
	for candidate in (asked, (frappe.local.lang or "")[:2]):
		if candidate in offered:
			return candidate
	return offered[0]


def blank(form, arguments: Mapping[str, str], referer: str | None) -> Page:
	"""The page as it is opened; tracking comes from the address, put there by an ad or by the embedding website."""
	tracking = {name: arguments.get(name, "")[: capture.MAX_ADDRESS] for name in capture.TRACKING_FIELDS}
	tracking["landing_page"] = tracking["landing_page"] or frappe.request.url[: capture.MAX_ADDRESS]
	tracking["referrer"] = tracking["referrer"] or (referer or "")[: capture.MAX_ADDRESS]
	return Page({}, {k: v for k, v in tracking.items() if v}, done=bool(arguments.get("sent")))


def typed(form, posted: Mapping[str, str]) -> Page:
	"""The page with what was typed. Fields that the form does not show are dropped."""
	names = [capture.FORM_FIELDS[row.lead_field] for row in form.form_fields]
	values = {name: strip_invisible(posted.get(FIELD + name, "")).strip() for name in names}
	tracking = {
		name: posted[FIELD + name][: capture.MAX_ADDRESS]
		for name in capture.TRACKING_FIELDS
		if posted.get(FIELD + name)
	}
	return Page(
		{name: value for name, value in values.items() if value},
		tracking,
		consent=bool(form.ask_consent and posted.get("consent") == "1"),
		trapped=bool(posted.get(TRAP)),
		token=posted.get("token", "")[:200],
	)


def mistakes(form, page: Page) -> dict[str, str]:
	"""What can be said without the controller: missing, too long, not among the choices."""
	found = {}
	for row in form.form_fields:
		name = capture.FORM_FIELDS[row.lead_field]
		value = page.values.get(name, "")
		choices = form_choices.of_field(name, row.shown_options)
		if not value:
			if row.required:
				found[name] = text("required")
		elif len(value) > max_length(name):
			found[name] = text("long")
		elif choices is not None and value not in choices:
			found[name] = text("choice")
		elif name == "website" and not urls.is_website(capture.with_scheme(page.values)["website"]):
			found[name] = text("website")
	return found


def sent(page: Page, nonce: str) -> Sent:
	"""What the intake takes."""
	request = frappe.request
	return Sent(
		values=page.values,
		tracking=page.tracking,
		language=frappe.local.lang,
		nonce=nonce,
		consent=page.consent,
		trapped=page.trapped,
		ip_address=frappe.local.request_ip or "",
		user_agent=request.headers.get("User-Agent", ""),
	)


def max_length(name: str) -> int:
	return capture.MAX_TEXT if name == "request" else MAX_LINE


def form_page(form, page: Page) -> str:
	"""The HTML of the form, or of the thanks. Every value is escaped by the template."""
	lang = frappe.local.lang
	others = [code for code in LANGUAGES[form.languages] if code != lang]
	return _render(
		{
			"form": form,
			"page": page,
			"heading": form.get(f"heading_{lang}") or form.title,
			"intro": form.get(f"intro_{lang}") or "",
			"thanks": form.get(f"success_{lang}")
			or _("Thank you. We have received your request and will contact you soon."),
			"consent_wording": form.get(f"consent_{lang}") if form.ask_consent else "",
			"others": [(code, OWN_NAME[code]) for code in others],
			"fields": [_field(row, page, lang) for row in form.form_fields],
			"action": f"/dafater-form/{form.name}",
			"trap": TRAP,
			"prefix": FIELD,
		},
		lang,
	)


def message_page(languages: list[str], key: str) -> str:
	"""A page with one message, in each of the languages."""
	before, lines = frappe.local.lang, []
	for lang in languages:
		frappe.local.lang = lang
		lines.append((lang, DIRECTION[lang], text(key)))
	frappe.local.lang = before
	return _render({"lines": lines}, languages[0])


def style_nonce() -> str:
	"""One nonce a request, in the policy and on the style element."""
	if not frappe.local.flags.dafater_style_nonce:
		frappe.local.flags.dafater_style_nonce = secrets.token_urlsafe(16)
	return frappe.local.flags.dafater_style_nonce


def origins(form) -> list[str]:
	return (form.allowed_origins or "").split()


def _field(row, page: Page, lang: str) -> dict:
	name = capture.FORM_FIELDS[row.lead_field]
	values = form_choices.of_field(name, row.shown_options)
	choices = [(value, _(value)) for value in values or []]
	if not row.shown_options and frappe.get_meta(capture.LEAD).get_field(name).fieldtype == "Link":
		choices.sort(key=lambda choice: choice[1].casefold())  # names in the order of the language shown
	kind = "select" if values is not None else "textarea" if name == "request" else "input"
	return {
		"name": name,
		"label": one_line(row.get(f"label_{lang}")) or _(row.lead_field),
		"required": row.required,
		"kind": kind,
		"choices": choices,
		"value": page.values.get(name, ""),
		"message": page.messages.get(name, ""),
		"max_length": max_length(name),
		"attributes": INPUT.get(name, {"type": "text"}),
	}


def _render(context: dict, lang: str) -> str:
	return frappe.render_template(
		"dafater_crm/templates/lead_form.html",
		{
			**context,
			"lang": lang,
			"dir": DIRECTION[lang],
			"nonce": style_nonce(),
		},
	)
