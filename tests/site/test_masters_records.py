"""Masters, sales stages, activities, the consent ledger and the CRM settings."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from dafater_crm.records.record import is_retired
from tests.site.factories import (
	make_lead,
	make_opportunity,
	make_prospect,
	unique,
)
from tests.site.people import DEVELOPING, EXECUTIVE, MANAGING, OPERATING, SELLER_A, SELLER_B, cast  # noqa: F401

NAMES = {
	"Dafater Region": "region_name",
	"Dafater Market Segment": "segment_name",
	"Dafater Opportunity Type": "type_name",
	"Dafater Opportunity Lost Reason": "reason",
	"Dafater Lead Source": "source_name",
	"Dafater Competitor": "competitor_name",
	"Dafater Sales Stage": "stage_name",
	"Dafater Team": "team_name",
}


def make_master(doctype: str, name: str | None = None, **values):
	return frappe.get_doc({"doctype": doctype, NAMES[doctype]: name or unique("اختبار"), **values}).insert()


def make_stage(outcome: str = "Open", **values):
	return make_master("Dafater Sales Stage", outcome=outcome, **{"sequence": 90, **values})


@pytest.mark.parametrize("doctype", NAMES)
@pytest.mark.parametrize(
	("name", "message"), [("=HYPERLINK(1)", "would run as a formula"), ("<b>اسم</b>", "contains HTML")]
)
def test_bad_names_are_refused(doctype: str, name: str, message: str) -> None:
	values = {"sequence": 90} if doctype == "Dafater Sales Stage" else {}
	with pytest.raises(frappe.ValidationError, match=message):
		make_master(doctype, name, **values)
	assert not frappe.db.exists(doctype, name)


def test_name_is_cleaned_before_it_becomes_the_key() -> None:
	assert make_master("Dafater Lead Source", "  معرض \u202e الرياض ").name == "معرض الرياض"


def test_renaming_cleans_too_and_moves_the_links(as_user) -> None:
	source = make_master("Dafater Lead Source")
	lead = make_lead(source=source.name)
	with as_user(OPERATING):
		with pytest.raises(frappe.ValidationError, match="would run as a formula"):
			frappe.rename_doc("Dafater Lead Source", source.name, "=1+1", show_alert=False)
		new = frappe.rename_doc("Dafater Lead Source", source.name, unique(" معرض  جدة"), show_alert=False)
	assert new.startswith("معرض جدة")
	assert frappe.db.get_value("Dafater Lead", lead.name, "source") == new


def test_name_field_alone_cannot_change() -> None:
	segment = make_master("Dafater Market Segment")
	segment.segment_name = "غير ذلك"
	with pytest.raises(frappe.ValidationError, match="choose Rename"):
		segment.save()


def test_disabled_master_cannot_be_chosen_but_stays_where_it_is() -> None:
	source = make_master("Dafater Lead Source")
	lead = make_lead(source=source.name)
	source.disabled = 1
	source.save()
	assert is_retired("Dafater Lead Source", source.name)
	lead.reload()
	lead.save()
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		make_lead(source=source.name)


def test_used_master_cannot_be_deleted() -> None:
	source = make_master("Dafater Lead Source")
	make_lead(source=source.name)
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Dafater Lead Source", source.name)


@pytest.mark.parametrize("user", [EXECUTIVE, DEVELOPING])
def test_sellers_read_masters_and_do_not_write_them(user: str, as_user) -> None:
	with as_user(user):
		for doctype in NAMES:
			assert frappe.has_permission(doctype, "read")
			with pytest.raises(frappe.PermissionError):
				make_master(doctype, sequence=90)


@pytest.mark.parametrize("cost", [-1, float("nan"), float("inf")])
def test_cost_per_lead_is_a_finite_amount(cost: float) -> None:
	with pytest.raises(frappe.ValidationError, match="Cost per Lead"):
		make_master("Dafater Lead Source", cost_per_lead=cost)


def test_iso_code_of_a_region() -> None:
	assert make_master("Dafater Region", iso_code=" xx-9 ").iso_code == "XX-9"
	with pytest.raises(frappe.ValidationError, match="Write it like SA-01"):
		make_master("Dafater Region", iso_code="Riyadh")
	first, second = make_master("Dafater Region"), make_master("Dafater Region", iso_code="")
	assert first.iso_code is None and second.iso_code is None  # a blank is no duplicate


# -- sales stages


def test_outcome_fixes_the_probability() -> None:
	assert make_stage("Won", probability=30).probability == 100
	assert make_stage("Lost", probability=30).probability == 0
	assert make_stage("Open", probability=30).probability == 30


@pytest.mark.parametrize("probability", [-1, 101, float("nan")])
def test_probability_of_an_open_stage(probability: float) -> None:
	with pytest.raises(frappe.ValidationError, match="Probability must be"):
		make_stage(probability=probability)


def test_sequence_is_not_negative() -> None:
	with pytest.raises(frappe.ValidationError, match=r"a whole number, 0 or more|cannot be negative"):
		make_stage(sequence=-1)


@pytest.mark.parametrize("outcome", ["Open", "Won", "Lost"])
def test_last_stage_of_an_outcome_stays(outcome: str, as_user) -> None:
	last = make_stage(outcome)
	frappe.db.set_value("Dafater Sales Stage", {"name": ("!=", last.name), "outcome": outcome}, "disabled", 1)
	with as_user(MANAGING):
		stage = frappe.get_doc("Dafater Sales Stage", last.name)
		stage.disabled = 1
		with pytest.raises(frappe.ValidationError, match="is the last enabled stage with the outcome"):
			stage.save()
		stage.reload()
		stage.outcome = "Won" if outcome != "Won" else "Lost"
		with pytest.raises(frappe.ValidationError, match="is the last enabled stage"):
			stage.save()
		with pytest.raises(frappe.ValidationError, match="is the last enabled stage"):
			frappe.delete_doc("Dafater Sales Stage", last.name)
		other = make_stage(outcome)
		stage.reload()
		stage.disabled = 1
		stage.save()
		frappe.delete_doc("Dafater Sales Stage", stage.name)
	assert frappe.db.exists("Dafater Sales Stage", other.name)


# -- activities


def make_activity(**values):
	return frappe.get_doc({"doctype": "Dafater Activity", "subject": "اتصال متابعة", **values}).insert()


def test_done_has_a_time_and_reopening_takes_it_away() -> None:
	activity = make_activity(status="Done")
	assert abs((now_datetime() - activity.done_on).total_seconds()) < 60
	activity.status = "Open"
	activity.save()
	assert activity.done_on is None


def test_done_in_the_future_is_refused() -> None:
	with pytest.raises(frappe.ValidationError, match="cannot be done in the future"):
		make_activity(status="Done", done_on=add_to_date(now_datetime(), hours=1))


def test_activity_on_a_record_that_the_user_cannot_read(as_user) -> None:
	prospect = make_prospect()
	with as_user(SELLER_A):
		with pytest.raises(frappe.PermissionError, match="You may not read"):
			make_activity(reference_doctype="Dafater Prospect", reference_name=prospect.name)
		own = make_prospect()
		assert make_activity(reference_doctype="Dafater Prospect", reference_name=own.name).name
		assert make_activity(reference_doctype="Dafater Prospect").reference_doctype is None


def test_activity_is_seen_by_owner_assignee_and_manager_only(as_user) -> None:
	assignee, outsider = SELLER_A, SELLER_B
	manager = MANAGING
	activity = make_activity(assigned_to=assignee)
	for user, seen in ((assignee, True), (manager, True), (outsider, False)):
		with as_user(user):
			assert bool(frappe.get_list("Dafater Activity", {"name": activity.name})) is seen
			assert frappe.has_permission("Dafater Activity", "read", doc=activity.name) is seen


def test_disabled_user_gets_no_activity() -> None:
	user = SELLER_A
	frappe.db.set_value("User", user, "enabled", 0)
	frappe.clear_document_cache("User", user)
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		make_activity(assigned_to=user)


# -- consent


def make_consent(party, action: str = "Granted", **values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Consent Entry",
			"party_type": party.doctype,
			"party_name": party.name,
			"action": action,
			"given_on": now_datetime(),
			**values,
		}
	).insert()


def consent_of(party) -> str:
	return frappe.db.get_value(party.doctype, party.name, "marketing_consent", cache=False)


@pytest.mark.parametrize("make", [make_lead, make_prospect])
def test_latest_consent_shows_on_the_party(make, as_user) -> None:
	with as_user(SELLER_A):
		party = make()
		modified = frappe.db.get_value(party.doctype, party.name, "modified")
		assert consent_of(party) == "Unknown"
		make_consent(party, "Withdrawn", given_on=add_to_date(now_datetime(), days=-2))
		assert consent_of(party) == "Withdrawn"
		make_consent(party, "Granted")
		make_consent(party, "Withdrawn", given_on=add_to_date(now_datetime(), days=-1))  # paper found later
		make_consent(party, "Withdrawn", purpose="Profiling")
		assert consent_of(party) == "Granted"
		assert frappe.db.get_value(party.doctype, party.name, "modified") == modified


def test_consent_entries_are_never_changed_nor_deleted() -> None:
	entry = make_consent(make_lead())
	entry.action = "Withdrawn"
	with pytest.raises(frappe.ValidationError, match="cannot be changed"):
		entry.save()
	with pytest.raises(frappe.ValidationError, match="cannot be deleted"):
		frappe.delete_doc("Dafater Consent Entry", entry.name)
	assert frappe.db.get_value("Dafater Consent Entry", entry.name, "action") == "Granted"


def test_consent_needs_a_readable_party_and_a_time_that_has_been(as_user) -> None:
	lead = make_lead()
	with pytest.raises(frappe.ValidationError, match="cannot be given in the future"):
		make_consent(lead, given_on=add_to_date(now_datetime(), hours=1))
	with pytest.raises(frappe.ValidationError, match="Choose one of them as party type"):
		make_consent(frappe.get_doc("User", "Administrator"))
	with as_user(SELLER_A), pytest.raises(frappe.PermissionError):
		make_consent(lead)
	assert consent_of(lead) == "Unknown"


# -- settings and competitors


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"auto_close": 1, "auto_close_days": 0}, "1 or more"),
		({"auto_close": 0, "auto_close_days": -1}, "1 or more|cannot be negative"),
		({"quotation_valid_days": 0}, "1 or more"),
	],
)
def test_settings_are_validated(values: dict, message: str) -> None:
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.update(values)
	with pytest.raises(frappe.ValidationError, match=message):
		settings.save()


def test_settings_refuse_a_group_and_create_nothing(as_user) -> None:
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.default_customer_group = frappe.db.get_value("Customer Group", {"is_group": 1}, "name")
	with pytest.raises(frappe.ValidationError, match="Choose one below it"):
		settings.save()
	counted = ("Custom Field", "Property Setter", "Scheduled Job Type")
	before = [frappe.db.count(doctype) for doctype in counted]
	with as_user(OPERATING):
		settings = frappe.get_doc("Dafater CRM Settings")
		settings.update({"auto_close": 1, "auto_close_days": 30, "default_customer_group": None})
		settings.save()
	assert [frappe.db.count(doctype) for doctype in counted] == before
	with as_user(SELLER_A), pytest.raises(frappe.PermissionError):
		settings.save()


def test_wins_and_losses_against_a_competitor() -> None:
	rival, other = make_master("Dafater Competitor"), make_master("Dafater Competitor")
	for status, rivals in (("Won", [rival]), ("Won", [rival, other]), ("Lost", [rival]), ("Open", [rival])):
		opportunity = make_opportunity(competitors=[{"competitor": row.name} for row in rivals])
		frappe.db.set_value("Dafater Opportunity", opportunity.name, "status", status)
	shown = frappe.get_doc("Dafater Competitor", rival.name).as_dict()
	assert (shown.wins, shown.losses) == (2, 1)
	shown = frappe.get_doc("Dafater Competitor", other.name).as_dict()
	assert (shown.wins, shown.losses) == (1, 0)


@pytest.mark.parametrize(
	("doctype", "columns"),
	[
		("Dafater Activity", ("reference_doctype", "reference_name")),
		("Dafater Activity", ("assigned_to", "status", "due_on")),
		("Dafater Appointment", ("agent", "starts_on")),
		("Dafater Consent Entry", ("party_type", "party_name", "given_on")),
		("Dafater Contract", ("party_type", "party_name")),
		("Dafater Party Link", ("party_type", "party_name")),
		("Dafater Stage History", ("opportunity", "changed_on")),
		("Dafater Status History", ("reference_doctype", "reference_name", "changed_on")),
	],
)
def test_composite_indexes_exist(doctype: str, columns: tuple[str, ...]) -> None:
	indexes: dict[str, list[tuple[int, str]]] = {}
	for row in frappe.db.sql(f"SHOW INDEX FROM `tab{doctype}`", as_dict=True):
		indexes.setdefault(row.Key_name, []).append((row.Seq_in_index, row.Column_name))
	# an index that goes on with further columns serves the same look-ups
	found = [tuple(column for _, column in sorted(rows)) for rows in indexes.values()]
	assert any(index[: len(columns)] == columns for index in found)


def test_one_party_has_one_customer_link() -> None:
	customer = frappe.get_doc({"doctype": "Customer", "customer_name": unique("عميل")}).insert()
	link = {"doctype": "Dafater Party Link", "party_type": "Dafater Lead", "party_name": make_lead().name}
	frappe.get_doc({**link, "customer": customer.name}).insert()
	with pytest.raises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
		frappe.get_doc({**link, "customer": customer.name}).insert()


def test_a_team_names_a_member_once_and_its_leader_first(cast):  # noqa: F811
	team = make_master("Dafater Team", team_leader=MANAGING, members=[{"user": SELLER_A}, {"user": MANAGING}])
	assert team.people() == [MANAGING, SELLER_A]
	team.append("members", {"user": SELLER_A})
	with pytest.raises(frappe.ValidationError, match="already a member"):
		team.save()


def test_a_seller_reads_teams_and_changes_none(cast):  # noqa: F811
	team = make_master("Dafater Team", members=[{"user": SELLER_A}])
	frappe.set_user(SELLER_A)
	assert frappe.get_list("Dafater Team", {"name": team.name})
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Dafater Team", team.name).save()
