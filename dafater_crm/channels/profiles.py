"""Who somebody is on Messenger and Instagram: deliveries there carry an id and nothing else. For jobs, never inside a request."""

from __future__ import annotations

from dafater_crm.channels.graph import call
from dafater_crm.channels.reading import text
from dafater_crm.domain.channels import INSTAGRAM, MESSENGER, AccountConfig, Sender

_FIELDS = {MESSENGER: "first_name,last_name,name", INSTAGRAM: "name,username"}


def profile(account: AccountConfig, user_id: str) -> Sender | None:
	"""Return the person with the name that the provider tells; None on channels whose deliveries carry it already.

	Raises SendError; "fail" where the person hides it or has gone, for good.
	"""
	fields = _FIELDS.get(account.channel)
	if not fields:
		return None
	answer = call(account, "GET", user_id, params={"fields": fields})
	both = " ".join(
		filter(None, (text(answer.get("first_name")).strip(), text(answer.get("last_name")).strip()))
	)
	name = text(answer.get("name")).strip() or both
	return Sender(user_id=user_id, name=name, username=text(answer.get("username")).strip().removeprefix("@"))
