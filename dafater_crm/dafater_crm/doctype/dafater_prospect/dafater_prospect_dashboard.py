from dafater_crm.records.labels import _


def get_data(data=None):
	"""The leads and branches of the account, its opportunities and quotations."""
	return {
		"fieldname": "prospect",
		"non_standard_fieldnames": {
			"Dafater Prospect": "parent_prospect",
			"Dafater Opportunity": "party_name",
			"Dafater Activity": "reference_name",
			"Dafater Status History": "reference_name",
		},
		"dynamic_links": {
			"party_name": ["Dafater Prospect", "party_type"],
			"reference_name": ["Dafater Prospect", "reference_doctype"],
		},
		"transactions": [
			{"label": _("Sales"), "items": ["Dafater Lead", "Dafater Opportunity", "Dafater Prospect"]},
			{"label": _("History"), "items": ["Dafater Activity", "Dafater Status History"]},
		],
	}
