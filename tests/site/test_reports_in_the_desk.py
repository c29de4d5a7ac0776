"""All ten reports as the desk runs them, for people who have one of our roles and nothing of ERPNext's.

Frappe checks the right to read every DocType of a Link column after `execute`, and drops rows by its User Permissions.
"""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_days, nowdate

from tests.site.factories import AE, COMPANY, MANAGER, make_lead, make_opportunity, make_user

REPORTS = (
	"Dafater Activity Summary",
	"Dafater Campaign Efficiency",
	"Dafater First Response Time for Opportunity",
	"Dafater Lead Conversion Time",
	"Dafater Lead Details",
	"Dafater Lead Owner Efficiency",
	"Dafater Lost Opportunity",
	"Dafater Opportunity Summary by Sales Stage",
	"Dafater Prospects Engaged But Not Converted",
	"Dafater Sales Pipeline Analytics",
)
ALWAYS_ROWS = {"Dafater Lead Details", "Dafater Lead Owner Efficiency", "Dafater Sales Pipeline Analytics"}


@pytest.mark.parametrize("role", [AE, MANAGER])
@pytest.mark.parametrize("report", REPORTS)
def test_a_person_with_one_of_our_roles_alone_runs_it(report, role):
	user = make_user(f"{frappe.scrub(role)}@reports.example", role)
	lead = make_lead(lead_owner=user, territory=frappe.db.get_value("Territory", {"is_group": 0}, "name"))
	make_opportunity(lead, opportunity_owner=user)
	frappe.set_user(user)
	filters = {
		"company": COMPANY,
		"from_date": add_days(nowdate(), -30),
		"to_date": add_days(nowdate(), 60),
	}
	result = run(report, filters=filters, ignore_prepared_report=True)
	assert result["columns"]
	if report in ALWAYS_ROWS:
		assert result["result"], "the person's own records are in it"


def test_there_are_ten_and_each_has_a_name_in_arabic():
	stored = frappe.get_all("Report", filters={"module": "Dafater CRM"}, pluck="name")
	assert set(stored) == set(REPORTS)
	frappe.local.lang = "ar"
	assert not [name for name in REPORTS if frappe._(name) == name]
