"""Pure rules of dafater_crm: no Frappe, no ERPNext, no database. See README.md for the map."""
