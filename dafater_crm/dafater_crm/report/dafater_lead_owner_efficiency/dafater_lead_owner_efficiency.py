# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from frappe import _

from dafater_crm.dafater_crm.report import efficiency
from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries.report_efficiency import LEAD_OWNER


@presented
def execute(filters: dict | None = None) -> tuple:
	"""What the leads of a period brought, by the lead's owner."""
	grouping = efficiency.Grouping(
		LEAD_OWNER,
		[
			{"fieldname": "label", "label": _("Lead Owner"), "fieldtype": "Data", "width": 200},
			{"fieldname": "lead_owner", "label": _("User"), "fieldtype": "Data", "width": 180},
		],
		_(
			"Leads created in the period and what they brought until today, whatever party it was sold to. Only submitted quotations and orders count, before tax, without cancelled or unfulfilled closed orders."
		),
	)
	return efficiency.run(filters, grouping)
