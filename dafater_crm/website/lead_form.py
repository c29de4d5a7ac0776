"""The public page of a lead form: /dafater-form/<address>. HTTP alone: what is sent becomes a lead in `records.form_intake`.

The page is complete without JavaScript, cookies and anything from outside. It is a page renderer of its own because it
sets its own security headers (who may frame it) and because an unknown address must not be remembered as missing, as
Frappe's 404 page does: the form may be published a minute later.
"""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlencode

import frappe
from frappe.rate_limiter import rate_limit
from werkzeug.wrappers import Response

from dafater_crm.domain import form_tokens, urls
from dafater_crm.records import form_intake, form_lead
from dafater_crm.website import lead_form_view as view

PREFIX = "dafater-form/"
FORM = "Dafater Lead Form"
MAX_BYTES = 64 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"
# posts an hour: of one address to one form, and of all addresses to one form
PER_ADDRESS, PER_FORM = 20, 2000
HOUR = 60 * 60


class LeadFormPage:
	"""Hook `page_renderer`: Frappe asks each path whether we render it."""

	def __init__(self, path: str | None = None, http_status_code: int | None = None):
		self.path = (path or "").strip("/ ")

	def can_render(self) -> bool:
		return f"{self.path}/".startswith(PREFIX)

	def render(self) -> Response:
		form = published_form(self.path[len(PREFIX) :])
		if form is None:
			return respond(view.message_page(_languages_of_site(), "missing"), 404)
		posted = frappe.request.method == "POST"
		frappe.local.lang = view.language(form, _argument("lang"))
		if not posted:
			return show(form, view.blank(form, frappe.request.args, frappe.request.headers.get("Referer")))
		if frappe.request.mimetype != FORM_TYPE:
			return respond(view.message_page([frappe.local.lang], "type"), 415)
		if (frappe.request.content_length or 0) > MAX_BYTES:
			return respond(view.message_page([frappe.local.lang], "size"), 413)
		return answer(form, view.typed(form, frappe.request.form))


def published_form(slug: str):
	"""Return the form with this address, or None when there is none or it is not published. Open to guests."""
	if not view.SLUG.fullmatch(slug) or not frappe.db.exists(FORM, slug):
		return None
	form = frappe.get_cached_doc(FORM, slug)
	return form if form.published else None


def answer(form, page: view.Page) -> Response:
	"""Answer a POST: another language, a mistake to correct, or thanks."""
	if frappe.request.form.get("switch"):
		return show(form, page)
	try:
		count_post(form.name)
	except frappe.RateLimitExceededError:
		frappe.clear_messages()
		return show(form, page.refused({"": view.text("rate")}), 429)
	verdict = form_tokens.check(form_lead.signing_key(), form.name, page.token, int(time.time()))
	if verdict.state != "ok":
		# a page opened seconds ago keeps its token, so that the next press succeeds
		return show(form, page.refused({"": view.text(verdict.state)}, verdict.state == "too_fast"), 422)
	mistakes = view.mistakes(form, page)
	if mistakes:
		return show(form, page.refused(mistakes, keep_token=True), 422)
	try:
		outcome = form_intake.receive(form, view.sent(page, verdict.nonce))
	except form_intake.AlreadySent:
		return show(form, page.refused({"": view.text("used")}), 409)
	if outcome.messages:
		return show(form, page.refused(outcome.messages, keep_token=True), 422)
	return redirect(
		form.redirect_url or f"/{PREFIX}{form.name}?{urlencode({'sent': 1, 'lang': frappe.local.lang})}"
	)


def count_post(slug: str) -> None:
	"""Count this post for its address and for the form. Raises `frappe.RateLimitExceededError` above the limits."""
	frappe.local.form_dict.dafater_lead_form = slug
	_count_address()
	_count_form()


@rate_limit(key="dafater_lead_form", limit=PER_ADDRESS, seconds=HOUR)
def _count_address() -> None:
	"""Frappe's counter by address and form."""


@rate_limit(key="dafater_lead_form", limit=PER_FORM, seconds=HOUR, ip_based=False)
def _count_form() -> None:
	"""Frappe's counter by form."""


def show(form, page: view.Page, status: int = 200) -> Response:
	"""The page itself. Embedding is allowed to the form's own websites only."""
	if not page.token:
		page.token = form_tokens.issue(
			form_lead.signing_key(), form.name, int(time.time()), secrets.token_hex(16)
		)
	if frappe.session.user != "Guest":
		# a colleague who is logged in: Frappe asks her posts for the token of her session
		page.csrf_token = frappe.sessions.get_csrf_token()
	return respond(view.form_page(form, page), status, form)


def respond(html: str, status: int, form=None) -> Response:
	"""A response with the headers that a page open to everyone needs."""
	origins = view.origins(form) if form else []
	targets = [urls.origin_of(form.redirect_url)] if form and form.redirect_url else []
	policy = {
		"default-src": ["'none'"],
		"img-src": ["data:"],
		"style-src": [f"'nonce-{view.style_nonce()}'"],
		# Chromium applies form-action to where a sent form is redirected as well
		"form-action": ["'self'", *targets],
		"frame-ancestors": ["'self'", *origins],
		"base-uri": ["'none'"],
	}
	response = Response(html, status=status, content_type="text/html; charset=utf-8")
	response.headers["Content-Security-Policy"] = "; ".join(
		" ".join([name, *values]) for name, values in policy.items()
	)
	if not origins:
		response.headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers before frame-ancestors
	response.headers["Cache-Control"] = "no-store"
	response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
	response.headers["X-Content-Type-Options"] = "nosniff"
	return response


def redirect(target: str) -> Response:
	"""303: the browser fetches the target, and a reload of it sends nothing again."""
	response = Response(status=303)
	response.headers["Location"] = target
	response.headers["Cache-Control"] = "no-store"
	return response


def _argument(name: str) -> str:
	return (
		frappe.request.form.get("switch")
		or frappe.request.form.get(name)
		or frappe.request.args.get(name)
		or ""
	)


def _languages_of_site() -> list[str]:
	return ["ar", "en"]
