"""Labels that are stored in English and translated where they are shown."""


def _(text: str) -> str:
	"""Mark a label for translation and return it unchanged.

	For what Frappe caches or stores for users of every language (dashboard data, custom fields): a label translated
	here would be shown to all of them in the language of whoever came first.
	"""
	return text
