// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Activity Summary"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -29),
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.get_today(),
		},
		{ fieldname: "assigned_to", label: __("Assigned To"), fieldtype: "Link", options: "User" },
		{
			fieldname: "activity_type",
			label: __("Activity Type"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "Call", label: __("Call") },
				{ value: "Meeting", label: __("Meeting") },
				{ value: "Visit", label: __("Visit") },
				{ value: "E-mail", label: __("E-mail") },
				{ value: "Note", label: __("Note") },
				{ value: "Task", label: __("Task") },
				{ value: "Document", label: __("Document") },
			],
		},
		{
			fieldname: "reference_doctype",
			label: __("Record Type"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "Dafater Lead", label: __("Dafater Lead") },
				{ value: "Dafater Prospect", label: __("Dafater Prospect") },
				{ value: "Dafater Opportunity", label: __("Dafater Opportunity") },
			],
		},
	],
};
