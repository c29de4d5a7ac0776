"""The status of a lead or prospect: documents move it up and down a ladder, a person's choice stays.

The record keeps three values. ``status`` is what people see. ``base_status`` is the status that a person set last;
the code that lets a person set ``status`` sets both. ``fact_status`` is the highest rung which submitted documents
prove, or "". Whoever calls ``settle`` stores its answer as ``status`` and ``new_fact`` as ``fact_status`` together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def settle(
	ladder: Sequence[str],
	held: Collection[str],
	status: str,
	base_status: str,
	fact_status: str,
	new_fact: str,
) -> str:
	"""Return the status after the documents came to prove ``new_fact`` instead of ``fact_status``.

	- Same fact: the status, so a second call, a daily repair or a late job never undoes a person's choice.
	- Held status (Disqualified, Do Not Contact): itself. A status that is neither held nor a rung, such as one
	  that a site added for itself, was also a person's choice and also stays.
	- The fact rises: the higher of status and new fact. A person's choice above it stays.
	- The fact falls: when the old fact is what put the status there, the higher of base status and new fact;
	  otherwise a person chose it and it stays.

	From a state in which status = max(base_status, fact_status), which is every state that no person has lowered,
	the answer is max(base_status, new_fact), whatever order the facts came in. Once a person lowers the status
	below the fact, that holds until the fact changes upwards.

	Raises ValueError for a ``new_fact`` that is no rung: the caller computes it, so that is a bug.
	"""
	if new_fact and new_fact not in ladder:
		raise ValueError(f"{new_fact!r} is not a rung of the ladder")
	if new_fact == fact_status or status in held or (status and status not in ladder):
		return status
	if rank(ladder, new_fact) > rank(ladder, fact_status):
		return highest(ladder, (status, new_fact))
	if status == fact_status:
		# No floor left, e.g. because the base is a held status: facts still never put a record into one.
		return highest(ladder, (base_status, new_fact)) or ladder[0]
	return status


def highest(ladder: Sequence[str], statuses: Iterable[str]) -> str:
	"""Return the highest rung among the statuses; "" when none of them is a rung."""
	return max((status for status in statuses if status in ladder), key=ladder.index, default="")


def rank(ladder: Sequence[str], status: str) -> int:
	"""Return the place on the ladder, 0 for the first rung and -1 for what is no rung."""
	return ladder.index(status) if status in ladder else -1
