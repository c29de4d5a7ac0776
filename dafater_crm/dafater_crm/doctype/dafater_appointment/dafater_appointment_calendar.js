// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.views.calendar["Dafater Appointment"] = {
	field_map: {
		start: "starts_on",
		end: "ends_on",
		id: "name",
		title: "subject",
		status: "status",
		allDay: "allDay",
	},
	style_map: {
		Unverified: "warning",
		Scheduled: "standard",
		Completed: "success",
		"No Show": "danger",
		Cancelled: "light",
	},
	get_css_class(data) {
		return this.style_map[data.status];
	},
	get_events_method: "dafater_crm.api.appointments.get_events",
	order_by: "starts_on",
};
