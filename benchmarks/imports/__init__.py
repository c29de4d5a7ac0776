"""Import of a file of leads, ours beside Frappe's Data Import into ERPNext's Lead."""
