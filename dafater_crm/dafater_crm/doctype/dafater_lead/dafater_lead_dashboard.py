from dafater_crm.records.labels import _


def get_data(data=None):
	"""What came from the lead: its opportunities by the source link, quotations made out to it, its service."""
	return {
		"fieldname": "lead",
		"non_standard_fieldnames": {
			"Quotation": "party_name",
			"Issue": "dafater_lead",
			"Dafater Activity": "reference_name",
			"Dafater Status History": "reference_name",
		},
		"dynamic_links": {
			"party_name": ["Dafater Lead", "quotation_to"],
			"reference_name": ["Dafater Lead", "reference_doctype"],
		},
		"transactions": [
			{"label": _("Sales"), "items": ["Dafater Opportunity", "Quotation"]},
			{"label": _("Service"), "items": ["Issue"]},
			{"label": _("History"), "items": ["Dafater Activity", "Dafater Status History"]},
		],
	}
