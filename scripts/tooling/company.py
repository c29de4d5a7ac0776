"""The Saudi company that every sample and test site is set up for, and the fingerprint of that set-up."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from pathlib import Path

CONSTANTS = Path(__file__).with_name("company.json")
LANGUAGE_NAMES = {"en": "English", "ar": "العربية"}


def site_language() -> str:
	language = os.environ.get("SITE_LANGUAGE") or "en"
	if language not in LANGUAGE_NAMES:
		raise SystemExit(f"SITE_LANGUAGE must be one of {', '.join(LANGUAGE_NAMES)}, not {language!r}.")
	return language


def wizard_args() -> dict:
	"""Arguments of Frappe's setup wizard, as its web form would send them."""
	year = datetime.date.today().year
	language = site_language()
	return {
		**json.loads(CONSTANTS.read_text(encoding="utf-8")),
		"language": LANGUAGE_NAMES[language],
		"lang": LANGUAGE_NAMES[language],
		"fy_start_date": f"{year}-01-01",
		"fy_end_date": f"{year}-12-31",
		"setup_demo": 0,
		"enable_telemetry": 0,
	}


def fingerprint() -> str:
	"""Changes when the wizard's arguments do (a new year included): a snapshot is never stale."""
	text = json.dumps(wizard_args(), sort_keys=True, ensure_ascii=False)
	script = Path(__file__).parents[1] / "frappe_side" / "setup_company.py"
	return hashlib.sha256(text.encode() + script.read_bytes()).hexdigest()[:12]
