"""Reading files of leads: bytes to rows, rows to clean values. Pure: knows `domain`, no Frappe, no database."""
