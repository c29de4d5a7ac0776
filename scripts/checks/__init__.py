"""Own checks of `make lint`. Each module has `check(source) -> list[Problem]` and imports nothing of Frappe."""
