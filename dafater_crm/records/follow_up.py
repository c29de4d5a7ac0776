"""Reminds owners of their follow-ups: one notification a person, each record and date once, weekly while overdue.

The row of `Dafater Follow Up Reminder` is written first, with a unique key, and committed with the notification. So the job
can run every hour, twice at once, or late after a stop: nobody is reminded of the same thing twice.
"""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import is_notifications_enabled
from frappe.utils import cint, escape_html, formatdate, get_url, get_url_to_form, getdate, now_datetime

from dafater_crm.queries import follow_up
from dafater_crm.records.raw_rows import append_rows

USERS = 50
SHOWN = 20
USUAL_HOUR, USUAL_REPEATS = 8, 3
MY_DAY = "/app/dafater-my-day"
DIGEST_FIELD = "dafater_follow_up_digest"


def run() -> int:
	"""Hourly job. Returns how many people were reminded; nobody before the hour in the settings. Commits per batch."""
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	now = now_datetime()
	# a site that was never asked has the usual values
	hour = USUAL_HOUR if settings.follow_up_hour is None else cint(settings.follow_up_hour)
	if settings.follow_up_reminders == 0 or now.hour < hour:
		return 0
	repeats = USUAL_REPEATS if settings.follow_up_repeats is None else cint(settings.follow_up_repeats)
	users = follow_up.owners_to_remind(getdate(now), now, repeats)
	reminded = 0
	for start in range(0, len(users), USERS):
		reminded += _remind(users[start : start + USERS], now, repeats)
		frappe.db.commit()  # nosemgrep: manual-commit - a job: who was reminded is not reminded again
	return reminded


def _remind(users: list[str], now, repeats: int) -> int:
	due = follow_up.due_for(users, getdate(now), now, repeats)
	won = _note(due, now)
	by_user = defaultdict(list)
	for row in due:
		if row["reminder"] in won:
			by_user[row["user"]].append(row)
	people = _people(list(by_user))
	for user, rows in by_user.items():
		_tell(people[user], rows)
	return len(by_user)


def _note(due: list[dict], now) -> set[str]:
	"""Write the reminders; the answer names those that are ours, not another worker's. Two statements."""
	if not due:
		return set()
	values = []
	for row in due:
		values.append(
			{
				"owner": "Administrator",
				"modified_by": "Administrator",
				"reference_doctype": row["doctype"],
				"reference_name": row["name"],
				"due_date": row["due_date"],
				"round": row["round"],
				"user": row["user"],
				"reminded_on": now,
			}
		)
	names = append_rows(follow_up.REMINDER, values, now, ignore_doubles=True)
	for row, name in zip(due, names, strict=True):
		row["reminder"] = name
	table = frappe.qb.DocType(follow_up.REMINDER)
	return set(frappe.qb.from_(table).select(table.name).where(table.name.isin(names)).run(pluck=True))


def _people(users: list[str]) -> dict[str, dict]:
	rows = frappe.get_all("User", {"name": ("in", users or [""])}, ["name", "email", "language"])
	wanted = set(
		frappe.get_all(
			"Notification Settings", {"name": ("in", users or [""]), DIGEST_FIELD: 1}, pluck="name"
		)
		if frappe.get_meta("Notification Settings").has_field(DIGEST_FIELD)
		else ()
	)
	return {row.name: {**row, "digest": row.name in wanted} for row in rows}


def _tell(person: dict, rows: list[dict]) -> None:
	"""One notification for all, in the person's language; by e-mail as well if the person asked for it."""
	lang = person["language"] or frappe.db.get_default("lang") or "en"
	subject = _subject(rows, lang)
	if is_notifications_enabled(person["name"]):
		one = rows[0] if len(rows) == 1 else None
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"type": "Alert",
				"for_user": person["name"],
				"subject": subject,
				"email_content": _list(rows, lang),
				"document_type": one["doctype"] if one else None,
				"document_name": one["name"] if one else None,
				"link": None if one else MY_DAY,
			}
		).insert(ignore_permissions=True)  # a job writes to the person whom it reminds
	if person["digest"]:
		_mail(person, subject, rows, lang)


def _subject(rows: list[dict], lang: str) -> str:
	if len(rows) == 1:
		return _("Follow-up due: {0}", lang).format(escape_html(rows[0]["title"] or rows[0]["name"]))
	return _("{0} follow-ups are due", lang).format(len(rows))


def _list(rows: list[dict], lang: str) -> str:
	lines = []
	for row in rows[:SHOWN]:
		link = f'<a href="{get_url_to_form(row["doctype"], row["name"])}">{escape_html(row["title"] or row["name"])}</a>'
		note = f": {escape_html(row['note'])}" if row["note"] else ""
		lines.append(f"<li>{link} ({formatdate(row['due_date'])}){note}</li>")
	if len(rows) > SHOWN:
		lines.append(f"<li>{_('and {0} more', lang).format(len(rows) - SHOWN)}</li>")
	return f"<ul>{''.join(lines)}</ul>"


def _mail(person: dict, subject: str, rows: list[dict], lang: str) -> None:
	direction = "rtl" if lang.startswith("ar") else "ltr"
	link = f'<p><a href="{get_url(MY_DAY)}">{_("Open my day", lang)}</a></p>'
	frappe.db.savepoint("follow_up_digest")
	try:
		frappe.sendmail(
			recipients=[person["email"]],
			subject=frappe.utils.strip_html(subject),
			message=f'<div dir="{direction}">{_list(rows, lang)}{link}</div>',
		)
	except frappe.OutgoingEmailError:
		# the notification in the desk has been written; a site without outgoing e-mail sends no digests
		frappe.clear_last_message()
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the whole transaction is gone: the next hour begins anew
	except Exception:
		# one digest that cannot be written must not keep everybody else from being reminded
		frappe.db.rollback(save_point="follow_up_digest")
		frappe.log_error(title=f"Follow-up digest for {person['name']} not sent")
