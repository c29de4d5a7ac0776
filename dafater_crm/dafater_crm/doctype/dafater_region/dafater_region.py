# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import re

from frappe import _
from frappe.utils import escape_html

from dafater_crm.records.master import Master

ISO_3166_2 = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


class DafaterRegion(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		disabled: DF.Check
		iso_code: DF.Data | None
		region_name: DF.Data
	# end: auto-generated types

	NAME_FIELD = "region_name"

	def validate(self) -> None:
		self.keep_name()
		self.check_iso_code()

	def check_iso_code(self) -> None:
		"""Upper case, in the form of ISO 3166-2; a blank is allowed."""
		self.iso_code = (self.iso_code or "").strip().upper() or None
		if self.iso_code and not ISO_3166_2.fullmatch(self.iso_code):
			self.throw(
				_("{0} is not an ISO 3166-2 code. Write it like SA-01.").format(escape_html(self.iso_code)),
				title=self.label_of("iso_code"),
			)
