# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from frappe import _

from dafater_crm.dafater_crm.report import efficiency
from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries.report_efficiency import CAMPAIGN


@presented
def execute(filters: dict | None = None) -> tuple:
	"""What the leads of a period brought, by campaign."""
	grouping = efficiency.Grouping(
		CAMPAIGN,
		[{"fieldname": "label", "label": _("Campaign"), "fieldtype": "Data", "width": 220}],
		_(
			"Leads created in the period and what they brought until today, whatever party it was sold to. Only submitted quotations and orders count, before tax, without cancelled or unfulfilled closed orders."
		),
	)
	return efficiency.run(filters, grouping)
