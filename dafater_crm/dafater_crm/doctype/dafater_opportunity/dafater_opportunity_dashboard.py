from dafater_crm.records.labels import _


def get_data(data=None):
	"""Documents that carry the opportunity."""
	return {
		"fieldname": "dafater_opportunity",
		"non_standard_fieldnames": {
			"Dafater Appointment": "party_name",
			"Dafater Contract": "opportunity",
			"Dafater Stage History": "opportunity",
			"Dafater Activity": "reference_name",
		},
		"dynamic_links": {
			"party_name": ["Dafater Opportunity", "party_type"],
			"reference_name": ["Dafater Opportunity", "reference_doctype"],
		},
		"transactions": [
			{"label": _("Sales"), "items": ["Quotation", "Sales Order", "Sales Invoice", "Payment Entry"]},
			{"label": _("Service"), "items": ["Issue", "Dafater Appointment", "Dafater Contract"]},
			{"label": _("History"), "items": ["Dafater Activity", "Dafater Stage History"]},
		],
	}
