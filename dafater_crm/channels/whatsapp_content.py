"""What a WhatsApp message says, by its type. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from dafater_crm.channels.content import Content
from dafater_crm.channels.reading import filled, ident, number, obj, plain, rows, text
from dafater_crm.domain.channels import Media

_MEDIA = {
	"image": "Image",
	"video": "Video",
	"audio": "Audio",
	"voice": "Audio",
	"document": "Document",
	"sticker": "Sticker",
}
_SHA256_BYTES = 32


def read(kind: str, message: dict[str, Any]) -> Content:
	"""Return what the message says. A type that is unknown, or known with another shape, is "Unsupported" and kept raw."""
	part = message.get(kind)
	reader = _READERS.get(kind)
	content = reader(kind, part) if reader and isinstance(part, dict | list) else None
	return content or unsupported(message)


def unsupported(message: dict[str, Any]) -> Content:
	"""All of it, for whoever wants to look: the provider may say in `errors` why it could not deliver more."""
	return Content("Unsupported", more=filled(errors=plain(rows(message.get("errors"))), raw=plain(message)))


def side_objects(message: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
	"""What stands beside the content: the advertisement that led here, forwarding, the product asked about, the group."""
	return filled(
		referral=plain(obj(message.get("referral"))),
		forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")) or None,
		product=plain(obj(context.get("referred_product"))),
		group_id=ident(message.get("group_id")),
	)


def sha256_hex(value: Any) -> str | None:
	"""Hex of a hash in base64, as WhatsApp sends it, or in hex already; None where it is neither."""
	given = text(value).strip()
	if len(given) == 2 * _SHA256_BYTES:
		return given.lower() if all(char in "0123456789abcdefABCDEF" for char in given) else None
	try:
		raw = base64.b64decode(given, validate=True)
	except (binascii.Error, ValueError):
		return None
	return raw.hex() if len(raw) == _SHA256_BYTES else None


def _text(_kind: str, part: Any) -> Content | None:
	return Content("Text", text(part.get("body"))) if isinstance(part, dict) else None


def _media(kind: str, part: Any) -> Content | None:
	media_id, url = (ident(part.get("id")), text(part.get("url"))) if isinstance(part, dict) else (None, "")
	if not (media_id or url):
		return None
	media = Media(
		kind=_MEDIA[kind],
		media_id=media_id,
		url=url or None,
		mime_type=text(part.get("mime_type")).strip(),
		sha256=sha256_hex(part.get("sha256")),
		file_name=text(part.get("filename")),
	)
	more = filled(voice=part.get("voice") is True or None, animated=part.get("animated") is True or None)
	return Content(media.kind, text(part.get("caption")), (media,), more)


def _location(_kind: str, part: Any) -> Content | None:
	place = obj(part)
	latitude, longitude = number(place.get("latitude")), number(place.get("longitude"))
	if latitude is None or longitude is None:
		return None
	name, address = text(place.get("name")), text(place.get("address"))
	more = {"latitude": latitude, "longitude": longitude}
	more |= filled(name=name, address=address, url=text(place.get("url")))
	return Content("Location", "\n".join(filter(None, (name, address))), more=more)


def _contacts(_kind: str, part: Any) -> Content | None:
	found = []
	for row in rows(part):
		name, organisation = obj(row.get("name")), obj(row.get("org"))
		both = " ".join(filter(None, (text(name.get("first_name")), text(name.get("last_name")))))
		found.append(
			filled(
				name=text(name.get("formatted_name")) or both,
				phones=[text(each.get("phone") or each.get("wa_id")) for each in rows(row.get("phones"))],
				emails=[text(each.get("email")) for each in rows(row.get("emails"))],
				organisation=text(organisation.get("company")),
			)
		)
	names = ", ".join(filter(None, (contact.get("name") for contact in found)))
	return Content("Contacts", names, more={"contacts": found}) if found else None


def _interactive(_kind: str, part: Any) -> Content | None:
	kind = text(obj(part).get("type"))
	answer = obj(obj(part).get(kind))
	if kind in ("button_reply", "list_reply") and answer:
		more = filled(id=ident(answer.get("id")), description=text(answer.get("description")))
		return Content("Button Reply", text(answer.get("title")), more={"reply": kind, **more})
	if kind == "nfm_reply" and answer:
		more = filled(name=text(answer.get("name")), response=_form(answer.get("response_json")))
		return Content("Button Reply", text(answer.get("body")), more={"reply": kind, **more})
	if kind == "call_permission_reply" and answer:
		return Content("Button Reply", text(answer.get("response")), more={"reply": kind, **plain(answer)})
	return None


def _form(value: Any) -> Any:
	"""The answers of a form: JSON in a text, which may hold anything."""
	if not isinstance(value, str):
		return plain(value)
	try:
		return plain(json.loads(value))
	except (ValueError, RecursionError):
		return text(value)


def _button(_kind: str, part: Any) -> Content | None:
	tapped = obj(part)
	if not tapped:
		return None
	return Content(
		"Button Reply", text(tapped.get("text")), more=filled(reply="button", id=text(tapped.get("payload")))
	)


def _order(_kind: str, part: Any) -> Content | None:
	order = obj(part)
	items = [
		filled(
			item=text(row.get("product_retailer_id")),
			quantity=number(row.get("quantity")),
			price=number(row.get("item_price")),
			currency=text(row.get("currency")),
		)
		for row in rows(order.get("product_items"))
	]
	if not items:
		return None
	return Content(
		"Order", text(order.get("text")), more=filled(catalog=ident(order.get("catalog_id")), items=items)
	)


def _system(_kind: str, part: Any) -> Content | None:
	notice = obj(part)
	return Content("System", text(notice.get("body")), more=plain(notice)) if notice else None


_READERS: dict[str, Callable[[str, Any], Content | None]] = {
	"text": _text,
	**dict.fromkeys(_MEDIA, _media),
	"location": _location,
	"contacts": _contacts,
	"interactive": _interactive,
	"button": _button,
	"order": _order,
	"system": _system,
}
