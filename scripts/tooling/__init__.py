"""Tools behind the Makefile: plain Python, standard library only, no Frappe import."""
