"""What to do about a send that a provider refused: the providers' error codes in one table, and how long to wait.

	retry  the same message again after a while: limits, outages, network
	later  not before a day has passed: the provider spares this person for now
	stop   nothing goes out through this account until somebody put it right: token, payment, a ban
	fail   never again: the message or its recipient is the reason

A code that nobody knows fails: sending blindly again costs money and quality, and somebody should look.
"""

from __future__ import annotations

from .channels import FAIL, LATER, RETRY, STOP

# 12 attempts reach over more than two hours, which outlasts most outages of a provider.
MAX_ATTEMPTS = 12
FIRST_WAIT = 5.0
RATE_LIMIT_WAIT = 30.0
LONGEST_WAIT = 3600.0
DAY = 24 * 3600.0

# the person takes no marketing messages any more
STOPPED_MARKETING = 131050
# too many messages to one person within a short time: the provider documents 4^X seconds
PAIR_LIMIT = 131056
_RATE_LIMITS = frozenset({4, 17, 32, 613, 80007, 130429})
_RETRY = _RATE_LIMITS | {1, 2, 1200, 131000, 131016, PAIR_LIMIT, 131057, 133016}
_LATER = frozenset({131049})
_STOP = frozenset({0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131045, 130497, 131048, 131064})
# Every code that is neither above nor here fails too; these are known to, and need nobody's attention.
_FAIL = frozenset(
	{
		*(
			100,
			130472,
			131005,
			131008,
			131009,
			131021,
			131026,
			131030,
			131037,
			131047,
			131050,
			131051,
			131052,
		),
		*(
			131053,
			131062,
			131063,
			132000,
			132001,
			132005,
			132007,
			132008,
			132012,
			132015,
			132016,
			132068,
			132069,
		),
		*(137000, 551),
	}
)
# Messenger and Instagram put what concerns one message or one person below codes that stop an account otherwise:
# outside the window, the person cannot be written to, a test user, no such person.
_FAIL_SUBCODES = frozenset({2018278, 2018065, 2534022, 2018108, 1545041, 2018028, 2018001})

# Sentences for the agent, in place of the provider's own. Whoever shows them translates them.
MESSAGES = {
	"send_account_stopped": (
		"The provider has blocked this account. Sending stops until an administrator has looked at it there."
	),
	"send_cannot_here": (
		"This channel cannot send such a message. Write it as text, or use another channel."
	),
	"send_fate_unknown": (
		"The sending was interrupted, and the provider may or may not have the message. Ask the person, or send it again."
	),
	"send_fault": (
		"The message could not be made ready because of a fault. Send it again, and tell the administrator if it fails again."
	),
	"send_file_gone": "The file of this message is gone. Attach it again in a new message.",
	"send_gateway": (
		"The SMS gateway did not take the message. Ask the administrator to check the SMS Settings."
	),
	"send_incomplete": (
		"The person's number or address for this channel is missing. Complete it, or use another channel."
	),
	"send_mailbox": (
		"The mailbox of this account sends no mail. Ask the administrator to enable outgoing mail on its e-mail account."
	),
	"send_media_refused": (
		"The provider could not use the file. Send it as PDF, JPEG or MP4 and within the size limit."
	),
	"send_no_connection": ("The provider could not be reached. Send the message again in a few minutes."),
	"send_no_payment": (
		"The provider charges for this message and no payment method is set up. "
		"Ask the administrator of the business account to add one."
	),
	"send_not_allowed": (
		"The account may not send. Ask the administrator to check the permissions of its access token."
	),
	"send_person_unreachable": (
		"This person cannot be reached here: no account, an old version of the app, or terms not accepted. "
		"Call, or use another channel."
	),
	"send_spared_for_now": (
		"The provider limits marketing messages to this person for now. The message is tried again after a day."
	),
	"send_stopped_marketing": (
		"This person does not want marketing messages. Write only in answer to what this person wrote."
	),
	"send_template_missing": (
		"The provider does not know this template in this language. Check its name and language there, or choose another one."
	),
	"send_template_paused": (
		"The provider has paused this template because of its quality. Choose another one."
	),
	"send_template_values": (
		"The values do not fit the template. Check how many it has and that none of them is empty."
	),
	"send_token_invalid": (
		"The access token is not valid any more. Ask the administrator to enter a new one in the channel account."
	),
	"send_too_fast": "Too many messages in a short time. The message waits and is sent by itself.",
	"send_window_closed": (
		"This person last wrote too long ago for a free answer. Choose an approved template, or use another channel."
	),
}
_EXPLANATIONS = {
	**dict.fromkeys((0, 190), "send_token_invalid"),
	**dict.fromkeys((3, 10, 131005, *range(200, 300)), "send_not_allowed"),
	**dict.fromkeys((368, 131031, 131045, 130497, 131048, 131064), "send_account_stopped"),
	131042: "send_no_payment",
	**dict.fromkeys((4, 17, 32, 613, 80007, 130429, PAIR_LIMIT), "send_too_fast"),
	**dict.fromkeys((131026, 131021, 131030, 551), "send_person_unreachable"),
	131047: "send_window_closed",
	131049: "send_spared_for_now",
	131050: "send_stopped_marketing",
	**dict.fromkeys((131051, 131052, 131053), "send_media_refused"),
	132001: "send_template_missing",
	**dict.fromkeys((132000, 132005, 132007, 132008, 132012), "send_template_values"),
	**dict.fromkeys((132015, 132016), "send_template_paused"),
}
# our own words for what goes wrong before a provider has answered, or without one
_OWN_EXPLANATIONS = {
	"unknown": "send_fate_unknown",
	"window": "send_window_closed",
	"media": "send_file_gone",
	"incomplete": "send_incomplete",
	"mailbox": "send_mailbox",
	**dict.fromkeys(("upload", "media_too_large"), "send_media_refused"),
	**dict.fromkeys(("network", "timeout"), "send_no_connection"),
	**dict.fromkeys(("gateway", "sms_settings"), "send_gateway"),
	**dict.fromkeys(("kind", "channel", "caption"), "send_cannot_here"),
	**dict.fromkeys(("prepare", "request", "answer", "error", "mail"), "send_fault"),
}
_WINDOW_SUBCODES = frozenset({2018278, 2018065, 2534022})


def action_for(code: int | None, http_status: int | None = None, subcode: int | None = None) -> str:
	"""Return "retry", "later", "stop" or "fail" for a provider's answer.

	`code` and `subcode` are those of the error object, None where there was none; then the HTTP status decides, and without one
	(the network failed) the message is sent again.
	"""
	if subcode in _FAIL_SUBCODES:
		return FAIL
	if code is not None:
		for codes, action in ((_RETRY, RETRY), (_LATER, LATER), (_STOP, STOP), (_FAIL, FAIL)):
			if code in codes:
				return action
	return _action_for_http(http_status, FAIL if code is not None else RETRY)


def is_unknown(code: str | None) -> bool:
	"""Tell whether the text that a message keeps ("131047", "10/2018278") is a provider's code that the table does not know."""
	number, subcode = _numbers(code)
	return number is not None and not is_known(number, subcode)


def has_stopped_marketing(code: str | None) -> bool:
	"""Tell whether the text that a message keeps says that the person wants no marketing messages."""
	return _numbers(code)[0] == STOPPED_MARKETING


def is_known(code: int | None, subcode: int | None = None) -> bool:
	"""Tell whether the table knows a code: somebody should look at one that it does not."""
	return subcode in _FAIL_SUBCODES or code in _RETRY | _LATER | _STOP | _FAIL


def retry_after(code: int | None, attempt: int, asked: float | None = None, jitter: float = 0.0) -> float:
	"""Return the seconds to wait after failed attempt number `attempt` (the first is 1).

	Doubles from 5 seconds (30 after a rate limit) up to an hour; 4^attempt for the limit of one person; a day for what the
	provider wants later. `asked`: seconds that the answer itself named, never undercut. `jitter` between 0 and 1 adds up to a
	fifth, so that messages which failed together do not come back together.
	"""
	attempt = max(1, attempt)
	if code in _LATER:
		wait = DAY
	elif code == PAIR_LIMIT:
		wait = min(4.0 ** min(attempt, 10), LONGEST_WAIT)
	else:
		first = RATE_LIMIT_WAIT if code in _RATE_LIMITS else FIRST_WAIT
		wait = min(first * 2.0 ** min(attempt - 1, 20), LONGEST_WAIT)
	return max(wait * (1 + jitter / 5), min(asked or 0.0, DAY))


def explanation(code: str | int | None, subcode: int | None = None) -> str | None:
	"""Return the English sentence that tells an agent what to do, or None where the provider's own words have to do.

	`code` may be the text that a message keeps ("131047", "10/2018278", "network").
	"""
	number, detail = _numbers(code)
	if (subcode or detail) in _WINDOW_SUBCODES:
		return MESSAGES["send_window_closed"]
	if (subcode or detail) in _FAIL_SUBCODES:
		return MESSAGES["send_person_unreachable"]
	if number is None:
		own = str(code or "")
		# an answer without a code of its own: a gateway, a proxy, an outage
		return MESSAGES.get(
			"send_no_connection" if own.startswith("http ") else _OWN_EXPLANATIONS.get(own, "")
		)
	return MESSAGES.get(_EXPLANATIONS.get(number, ""))


def _action_for_http(status: int | None, otherwise: str) -> str:
	if status is None:
		return otherwise
	if status in (408, 425, 429) or status >= 500:
		return RETRY
	if status in (401, 403) and otherwise == RETRY:
		return STOP
	return FAIL


def _numbers(code: str | int | None) -> tuple[int | None, int | None]:
	first, _, second = str(code or "").partition("/")
	return (int(first) if first.isdecimal() else None), (int(second) if second.isdecimal() else None)
