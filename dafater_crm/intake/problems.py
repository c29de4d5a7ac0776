"""What can be wrong with one row: codes whose sentences stand in ``domain.errors.MESSAGES``."""

from __future__ import annotations

from dataclasses import dataclass

from dafater_crm.domain.errors import MESSAGES, RuleError


@dataclass(frozen=True, slots=True)
class Problem:
	"""One problem of one row. ``field`` is the lead's field, "" where it concerns the row or an unknown column."""

	code: str
	field: str = ""
	args: tuple[object, ...] = ()

	@classmethod
	def of(cls, error: RuleError, field: str) -> Problem:
		"""Return the problem that a rule of the domain raised."""
		return cls(error.code, field, error.args_for_message)

	def __str__(self) -> str:
		return MESSAGES[self.code].format(*self.args)
