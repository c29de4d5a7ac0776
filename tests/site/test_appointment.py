"""Appointments: time, agent, double booking, status, permissions, calendar; and the booking settings."""

from __future__ import annotations

import os
import threading
from datetime import date, datetime, time, timedelta

import frappe
import pytest
from frappe.utils import get_datetime, now_datetime

from dafater_crm.api import appointments
from tests.site.factories import make_prospect
from tests.site.people import DEVELOPING, MANAGING, SELLER_A, SELLER_B, STRANGER, SUPPORTING, cast  # noqa: F401


def at(hour: int, minute: int = 0, days: int = 7) -> datetime:
	"""A time next week. Parameters are made before there is a site, so its time zone is not asked."""
	return datetime.combine(date.today(), time.min) + timedelta(days=days, hours=hour, minutes=minute)


def make_appointment(starts_on: datetime | None = None, **values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Appointment",
			"subject": "زيارة تعريفية",
			"contact_name": "سارة القحطاني",
			"starts_on": starts_on or at(10),
			"duration_minutes": 30,
			**values,
		}
	).insert()


@pytest.fixture
def agent() -> str:
	return SELLER_A


def test_end_is_computed_and_reach_is_normalised() -> None:
	doc = make_appointment(
		contact_mobile="٠٥٥١٢٣٤٥٦٧", contact_email=" Sara@Example.COM ", ends_on="2020-01-01"
	)
	assert doc.ends_on == at(10, 30)
	assert (doc.contact_mobile, doc.contact_email) == ("+966551234567", "sara@example.com")


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"contact_mobile": "0551"}, "is not a valid phone number"),
		({"contact_email": "sara@"}, "is not a valid e-mail address"),
		({"duration_minutes": 0}, "duration from 1 to 1440 minutes"),
		({"duration_minutes": 1441}, "duration from 1 to 1440 minutes"),
		({"subject": "<script>x</script>"}, "contains HTML"),
		({"party_name": "x"}, "Choose what kind of record|no longer exist|must be set first"),
		({"status": "Cancelled"}, "cannot begin as .*Cancelled.*Unverified, Scheduled, Completed"),
	],
)
def test_bad_input(values: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_appointment(**values)


def test_contact_comes_from_the_party() -> None:
	prospect = make_prospect(mobile_no="0551234567", email_id="info@nakheel.example")
	doc = make_appointment(party_type="Dafater Prospect", party_name=prospect.name, contact_name=None)
	assert doc.contact_name == prospect.prospect_name
	assert (doc.contact_mobile, doc.contact_email) == ("+966551234567", "info@nakheel.example")


def test_party_that_the_user_cannot_read(as_user, agent: str) -> None:
	prospect = make_prospect()
	with as_user(agent), pytest.raises(frappe.PermissionError, match="You may not read"):
		make_appointment(party_type="Dafater Prospect", party_name=prospect.name)


def test_agent_is_an_enabled_desk_user(agent: str) -> None:
	frappe.db.set_value("User", agent, "enabled", 0)
	with pytest.raises(frappe.ValidationError, match="is not an enabled user of the desk"):
		make_appointment(agent=agent)
	with pytest.raises(frappe.ValidationError, match="is not an enabled user of the desk"):
		make_appointment(agent="Guest")


@pytest.mark.parametrize(
	("starts_on", "minutes", "clashes"),
	[
		(at(10), 30, True),
		(at(9, 45), 30, True),
		(at(10, 15), 5, True),
		(at(9), 180, True),
		(at(9, 30), 30, False),
		(at(10, 30), 30, False),
		(at(10, days=8), 30, False),
		(at(0), 1440, True),
	],
)
def test_double_booking(agent: str, starts_on: datetime, minutes: int, clashes: bool) -> None:
	first = make_appointment(agent=agent)
	make_appointment()  # nobody's appointment holds nobody's time
	if clashes:
		with pytest.raises(frappe.ValidationError, match=rf"already has the appointment .*{first.name}"):
			make_appointment(starts_on, agent=agent, duration_minutes=minutes)
	else:
		assert make_appointment(starts_on, agent=agent, duration_minutes=minutes).name


def test_cancelled_time_is_free_and_reopening_is_checked(agent: str) -> None:
	first = make_appointment(agent=agent)
	appointments.cancel(first.name, "سفر")
	second = make_appointment(agent=agent)
	first.reload()
	first.status = "Scheduled"
	with pytest.raises(frappe.ValidationError, match=rf"already has the appointment .*{second.name}"):
		first.save()


def test_unverified_holds_its_time(agent: str) -> None:
	make_appointment(agent=agent, status="Unverified")
	with pytest.raises(frappe.ValidationError, match="already has the appointment"):
		make_appointment(agent=agent)


def test_past_start_is_for_managers(as_user, agent: str) -> None:
	past = now_datetime() - timedelta(hours=2)
	with as_user(agent):
		with pytest.raises(frappe.ValidationError, match="is in the past"):
			make_appointment(past)
		own = make_appointment(agent=agent)
		with pytest.raises(frappe.ValidationError, match="is in the past"):
			appointments.reschedule(own.name, str(past))
	with as_user(MANAGING):
		assert make_appointment(past, status="Completed").status == "Completed"


def test_status_moves(as_user, agent: str) -> None:
	with as_user(agent):
		doc = make_appointment(agent=agent)
		doc.status = "Completed"
		with pytest.raises(frappe.ValidationError, match="after it has started, or cancel it"):
			doc.save()
		begun = now_datetime().replace(microsecond=0) - timedelta(minutes=10)
		frappe.db.set_value(
			doc.doctype, doc.name, {"starts_on": begun, "ends_on": begun + timedelta(minutes=30)}
		)
		for status in ("No Show", "Completed"):
			doc.reload()
			doc.status = status
			doc.save()
		doc.status = "Unverified"
		with pytest.raises(frappe.ValidationError, match=r"cannot change from .*Completed.* to .*Unverified"):
			doc.save()
		with pytest.raises(frappe.ValidationError, match="was completed"):
			appointments.reschedule(doc.name, str(at(10)))


def test_reschedule_and_cancel(as_user, agent: str) -> None:
	with as_user(agent):
		doc = make_appointment(agent=agent)
		with pytest.raises(frappe.ValidationError, match="Enter why"):
			appointments.cancel(doc.name, "  ")
		assert appointments.cancel(doc.name, "العميل مسافر")["status"] == "Cancelled"
		moved = appointments.reschedule(doc.name, str(at(12)), 45)
		assert (moved["status"], moved["starts_on"], moved["ends_on"]) == ("Scheduled", at(12), at(12, 45))
		doc.reload()
		assert doc.cancel_reason is None
	with as_user(SELLER_B):
		for call in (
			lambda: appointments.cancel(doc.name, "x"),
			lambda: appointments.reschedule(doc.name, str(at(9))),
		):
			with pytest.raises(frappe.PermissionError):
				call()
	assert frappe.db.get_value(doc.doctype, doc.name, "status") == "Scheduled"


def test_calendar_shows_what_the_list_shows(as_user, agent: str) -> None:
	mine, theirs = make_appointment(agent=agent), make_appointment(at(11))
	window = {"start": str(at(0)), "end": str(at(0, days=8))}

	def shown(**more) -> set[str]:
		return {event["name"] for event in appointments.get_events(**{**window, **more})} & {
			mine.name,
			theirs.name,
		}

	assert shown() == {mine.name, theirs.name}
	with as_user(agent):
		assert shown() == {mine.name}
		assert shown(filters='[["Dafater Appointment", "status", "=", "Cancelled", false]]') == set()
		assert shown(filters={"status": "Scheduled"}) == {mine.name}
		assert shown(start=str(at(10, 30))) == set()
		assert shown(start=str(at(10, 29))) == {mine.name}
		with pytest.raises(frappe.ValidationError, match="at most 100 days"):
			shown(end=str(at(0, days=200)))
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		shown()


@pytest.mark.parametrize("user", [DEVELOPING, SUPPORTING])
def test_other_roles_have_their_own(user: str, as_user) -> None:
	theirs = make_appointment()
	with as_user(user):
		doc = make_appointment(agent=user)
		assert frappe.get_list(
			"Dafater Appointment", {"name": ("in", (doc.name, theirs.name))}, pluck="name"
		) == [doc.name]
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("Dafater Appointment", theirs.name).check_permission("read")
		with pytest.raises(frappe.PermissionError):
			doc.delete()


# -- two people at once


class Booker(threading.Thread):
	"""Books in a connection and transaction of its own, as the web server does. Its snapshot is older than the race."""

	def __init__(self, gate: threading.Barrier, agent: str, starts_on: datetime, name: str | None = None):
		super().__init__()
		self.gate, self.agent, self.starts_on, self.moved = gate, agent, starts_on, name
		self.site, self.outcome = frappe.local.site, ""

	def run(self) -> None:
		frappe.init(site=self.site, sites_path=os.curdir)
		frappe.connect()
		frappe.set_user("Administrator")
		try:
			frappe.db.count("Dafater Appointment", {"agent": self.agent})
			self.gate.wait(timeout=30)
			if self.moved:
				appointments.reschedule(self.moved, str(self.starts_on))
			else:
				make_appointment(self.starts_on, agent=self.agent)
			frappe.db.commit()
			self.outcome = "booked"
		except Exception as error:
			frappe.db.rollback()
			self.outcome = f"{type(error).__name__}: {error}"
		finally:
			frappe.destroy()


@pytest.fixture
def committed_agents():
	"""Two agents that other connections see; what was booked for them is removed afterwards."""
	agents = [SELLER_A, SELLER_B]
	yield agents
	frappe.db.rollback()
	for name in frappe.get_all("Dafater Appointment", {"agent": ("in", agents)}, pluck="name"):
		frappe.delete_doc("Dafater Appointment", name)
	frappe.db.commit()


def race(*bookers: Booker) -> list[str]:
	for booker in bookers:
		booker.start()
	for booker in bookers:
		booker.join(timeout=90)
	frappe.db.rollback()  # a new snapshot
	return [booker.outcome for booker in bookers]


def test_one_of_two_at_once_gets_the_agent(committed_agents) -> None:
	agent = committed_agents[0]
	gate = threading.Barrier(3)
	outcomes = race(*(Booker(gate, agent, at(10, minute)) for minute in (0, 10, 20)))
	assert sorted(outcome.split(":")[0] for outcome in outcomes) == [
		"ValidationError",
		"ValidationError",
		"booked",
	]
	assert sum("already has the appointment" in outcome for outcome in outcomes) == 2
	assert frappe.db.count("Dafater Appointment", {"agent": agent}) == 1


def test_neighbours_in_the_index_do_not_deadlock(committed_agents) -> None:
	gate = threading.Barrier(4)
	outcomes = race(*(Booker(gate, agent, at(hour)) for agent in committed_agents for hour in (10, 11)))
	assert outcomes == ["booked"] * 4


def test_moving_and_booking_at_once(committed_agents) -> None:
	agent = committed_agents[0]
	moved = make_appointment(at(8), agent=agent)
	frappe.db.commit()
	gate = threading.Barrier(2)
	outcomes = race(Booker(gate, agent, at(10), moved.name), Booker(gate, agent, at(10)))
	assert sorted(outcome.split(":")[0] for outcome in outcomes) == ["ValidationError", "booked"]
	assert frappe.db.count("Dafater Appointment", {"agent": agent, "starts_on": at(10)}) == 1


# -- booking settings

DAY = "Monday"


def settings(**values):
	doc = frappe.get_doc("Dafater Appointment Booking Settings")
	doc.update({"agents": [], "slots": [], "holidays": [], "enabled": 0, "holiday_list": None, **values})
	return doc


def slot(start: str, end: str, agent: str | None = None, day: str = DAY) -> dict:
	return {"day_of_week": day, "from_time": start, "to_time": end, "agent": agent}


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"slots": [slot("10:00:00", "09:00:00")]}, "ends before it starts"),
		(
			{"slots": [slot("09:00:00", "12:00:00"), slot("11:00:00", "13:00:00")]},
			"rows 1 and 2 overlap on Monday",
		),
		(
			{"slots": [slot("09:00:00", "12:00:00", "Administrator")]},
			"Add .*Administrator.* to the agents first",
		),
		({"agents": [{"user": "Administrator"}, {"user": "Administrator"}]}, "listed twice"),
		({"holidays": [{"holiday_date": "2026-09-23", "description": "اليوم الوطني"}] * 2}, "listed twice"),
		({"allowed_durations": "30, abc"}, "is not a list of durations"),
		({"allowed_durations": "30, 0"}, "is not a list of durations"),
		({"allowed_durations": "20", "default_duration": 30}, "is not one of the allowed durations"),
		({"default_duration": 0}, "default duration from 1"),
		({"horizon_days": 0}, "booking horizon from 1 to 366"),
		({"horizon_days": 1, "lead_time_hours": 24}, "shorter than the booking horizon"),
		({"enabled": 1}, "at least one active agent and one slot"),
	],
)
def test_bad_booking_settings(values: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		settings(**values).save()


def test_booking_settings_per_agent(as_user) -> None:
	one, two = SELLER_A, SELLER_B
	agents = [{"user": one, "active": 1}, {"user": two, "active": 1}]
	same_time = [
		slot("09:00:00", "12:00:00", one),
		slot("09:00:00", "12:00:00", two),
		slot("13:00:00", "00:00:00"),
	]
	with as_user(MANAGING):
		doc = settings(agents=agents, slots=same_time, enabled=1, allowed_durations="60،30, 30")
		doc.save()
		assert doc.allowed_durations == "30, 60"
		doc.append("slots", slot("11:00:00", "13:30:00"))
		with pytest.raises(frappe.ValidationError, match="overlap on Monday"):
			doc.save()
	frappe.db.set_value("User", two, "enabled", 0)
	frappe.clear_document_cache("User", two)
	with pytest.raises(frappe.ValidationError, match=r"is disabled. Untick Active"):
		settings(agents=agents).save()
	with as_user(one), pytest.raises(frappe.PermissionError):
		settings().save()


def test_holidays_and_hours_warn_and_do_not_refuse(as_user, agent: str) -> None:
	day = at(10)
	weekday = day.strftime("%A")
	settings(
		agents=[{"user": agent, "active": 1}],
		slots=[slot("09:00:00", "12:00:00", day=weekday)],
		holidays=[{"holiday_date": at(10, days=8).date(), "description": "إجازة"}],
	).save()

	def warnings() -> str:
		found = " ".join(
			frappe.parse_json(message).get("message", "")
			for message in map(frappe.parse_json, frappe.local.message_log)
		)
		frappe.local.message_log = []
		return found

	warnings()
	with as_user(agent):
		make_appointment(day, agent=agent)
		assert warnings() == ""
		assert make_appointment(at(12, 30), agent=agent).name
		assert "outside the working hours" in warnings()
		doc = make_appointment(at(10, days=8), agent=agent)
		assert "is a holiday" in warnings()
		doc.subject = "موعد في الإجازة"
		doc.save()
		assert warnings() == ""  # said once, not on every save
	assert get_datetime(doc.starts_on) == at(10, days=8)
