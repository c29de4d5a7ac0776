"""The learnt chance to win: counts rebuilt weekly, one model for each team with enough data and one for all teams.

A model counts only when there is enough to learn from (settings) and when it foretold the newest fifth of the closed leads
better than the average did. Otherwise leads say plainly why they have no chance.

`learnt_reasons` on a lead is JSON: {"state", and with too little data "won", "won_needed", "closed", "closed_needed"; in use "team",
"average", "up" and "down": [{"f": feature, "v": value, "x": ratio}]}.
"""

from __future__ import annotations

import json

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.domain import naive_bayes
from dafater_crm.queries import learnt_history as history
from dafater_crm.records.raw_rows import append_rows

MODEL, COUNT = "Dafater Learnt Model", "Dafater Learnt Count"
TOO_LITTLE, NO_BETTER, IN_USE = "Too Little Data", "No Better Than the Average", "In Use"
CACHE_KEY = "dafater_learnt_model"
TRAINED_SHARE = 0.8
MOST_MEASURED = 20_000
NOTHING = {"learnt_score": 0, "learnt_reasons": ""}


def rebuild() -> dict[str, str]:
	"""Weekly job: count, measure, store, and ask for new scores. Returns {team or "": state}.

	Readers see the earlier model or the new one whole: everything is replaced in one transaction.
	"""
	from dafater_crm.records.rescoring import request_rescore

	settings = frappe.get_cached_doc("Dafater CRM Settings")
	if not settings.learnt_on:
		return {}
	ended = history.outcomes()
	ended[""] = tuple(map(sum, zip(*ended.values(), strict=True))) if ended else (0, 0)
	rows = _count_rows()
	models = {team: _measured(team, *numbers, settings) for team, numbers in ended.items()}
	frappe.db.delete(COUNT)
	frappe.db.delete(MODEL)
	_insert(COUNT, ("team", "field", "value", "won", "lost"), rows)
	_insert(MODEL, tuple(models[""]), [tuple(model.values()) for model in models.values()])
	frappe.db.commit()  # nosemgrep: manual-commit - a job: before it asks another job to read what it wrote
	forget()
	request_rescore()
	return {team: model["state"] for team, model in models.items()}


def forget() -> None:
	"""The models in Redis are out of date."""
	frappe.cache.delete_value(CACHE_KEY)


def values_of(doc) -> dict:
	"""The learnt fields of a lead that is being entered. No statement once the models are in Redis."""
	if not frappe.get_cached_doc("Dafater CRM Settings").learnt_on:
		return dict(NOTHING)
	state = _state(doc.get("team") or "", {})
	return _said(state, history.features_of_new(doc) if state["in_use"] else {})


def values_of_many(rows: list[dict], settings) -> dict[str, dict]:
	"""{lead: learnt fields} for rows with `name`. One statement and the models."""
	if not settings.learnt_on:
		return {row.name: dict(NOTHING) for row in rows}
	models: dict[str, tuple] = {}
	if not _state("", models)["in_use"] and not any_team_in_use():
		shown = _values({}, "", models)
		return {row.name: dict(shown) for row in rows}
	return {
		name: _values(features, features.pop("team"), models)
		for name, features in history.features_of([row.name for row in rows]).items()
	}


def any_team_in_use() -> bool:
	return bool(frappe.db.exists(MODEL, {"state": IN_USE}))


def _values(features: dict, team: str, models: dict) -> dict:
	return _said(_state(team, models), features)


def _said(state: dict, features: dict) -> dict:
	if not state["in_use"]:
		return {"learnt_score": 0, "learnt_reasons": _json(state["shown"])}
	model: naive_bayes.Model = state["model"]
	known = {field: _key(value) for field, value in features.items() if value is not None}
	up, down = model.factors(known)
	reasons = state["shown"] | {"up": _factors(up, features), "down": _factors(down, features)}
	return {"learnt_score": model.chance(known), "learnt_reasons": _json(reasons)}


def _factors(factors, features: dict) -> list[dict]:
	return [{"f": factor.field, "v": features[factor.field], "x": factor.ratio} for factor in factors]


def _state(team: str, models: dict) -> dict:
	"""The model of `team`, or of all teams where the team's is not in use. `models` keeps what this run has read."""
	if team not in models:
		found = _cached(team)
		if team and found["shown"]["state"] != IN_USE:
			models[team] = _state("", models)
			return models[team]
		in_use = found["shown"]["state"] == IN_USE
		models[team] = {"in_use": in_use, "shown": found["shown"], "model": _model(found) if in_use else None}
	return models[team]


def _model(found: dict) -> naive_bayes.Model:
	"""The model of what Redis holds for a team; built once for all leads of a request or job, as long as that stays."""
	kept = getattr(frappe.local, "dafater_learnt_built", None)
	if not kept or kept[0] is not found:
		model = naive_bayes.Model(*found["ended"], found["counts"], history.MANY_VALUED)
		kept = frappe.local.dafater_learnt_built = (found, model)
	return kept[1]


def _cached(team: str) -> dict:
	key = f"team:{team}"  # Redis keeps nothing under an empty key
	found = frappe.cache.hget(CACHE_KEY, key)
	if found is None:
		found = _read(team)
		frappe.cache.hset(CACHE_KEY, key, found)
	return found


def _read(team: str) -> dict:
	filters = {"team": team} if team else {"team": ("is", "not set")}
	row = frappe.db.get_value(MODEL, filters, ["state", "won", "lost"], as_dict=True)
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	won, lost = (row.won, row.lost) if row else (0, 0)
	state = row.state if row else TOO_LITTLE
	shown: dict = {"state": state}
	if state == TOO_LITTLE:
		shown |= {"won": won, "won_needed": cint(settings.learnt_min_won)}
		shown |= {"closed": won + lost, "closed_needed": cint(settings.learnt_min_closed)}
		return {"shown": shown, "ended": (won, lost), "counts": {}}
	if state == IN_USE:
		shown |= {"team": team, "average": round(100 * won / (won + lost), 1)}
	rows = frappe.get_all(COUNT, filters, ["field", "value", "won", "lost"], limit=0)
	return {
		"shown": shown,
		"ended": (won, lost),
		"counts": _by_field((r.field, r.value, r.won, r.lost) for r in rows),
	}


def _count_rows() -> list[tuple]:
	rows = []
	for feature in history.FEATURES:
		everywhere: dict[str, list[int]] = {}
		for team, value, won, lost in history.counts(feature):
			if team:
				rows.append((team, feature, value, int(won), int(lost)))
			both = everywhere.setdefault(value, [0, 0])
			both[0] += int(won)
			both[1] += int(lost)
		rows += [(None, feature, value, *both) for value, both in everywhere.items()]
	return rows


def _measured(team: str, won: int, lost: int, settings) -> dict:
	"""A row of the model table: the state, and how well a model of the older four fifths foretold the newest fifth."""
	row = {"team": team or None, "state": TOO_LITTLE, "built_on": now_datetime(), "won": won, "lost": lost}
	row |= {"measured_on": 0, "auc": 0, "log_loss": 0, "base_log_loss": 0}
	enough = won >= cint(settings.learnt_min_won) and won + lost >= cint(settings.learnt_min_closed)
	if not (enough and won and lost):
		return row
	results, average = _hold_out(team or None, won + lost)
	if not results:
		return row | {"state": NO_BETTER}
	row["measured_on"] = len(results)
	row["auc"] = naive_bayes.auc(results) or 0
	row["log_loss"] = naive_bayes.log_loss(results)
	row["base_log_loss"] = naive_bayes.log_loss([(average, is_won) for _chance, is_won in results])
	better = row["log_loss"] < row["base_log_loss"] and row["auc"] > 0.5
	return row | {"state": IN_USE if better else NO_BETTER}


def _hold_out(team: str | None, number: int) -> tuple[list[tuple[float, bool]], float]:
	"""[(chance, won)] of the newest fifth by a model of the others, and the others' average; nothing without both outcomes."""
	moment = history.moment_of_share(TRAINED_SHARE, number, team)
	ended = history.outcomes(before=moment, team=team)
	won, lost = map(sum, zip(*ended.values(), strict=True)) if ended else (0, 0)
	if not (won and lost):
		return [], 0.0
	counted = (
		(feature, value, won_with, lost_with)
		for feature in history.FEATURES
		for _team, value, won_with, lost_with in history.counts(feature, before=moment, team=team)
	)
	model = naive_bayes.Model(won, lost, _by_field(counted), history.MANY_VALUED)
	results = []
	for row in history.closed_since(moment, MOST_MEASURED, team):
		known = {field: _key(row[field]) for field in history.FEATURES if row[field] is not None}
		results.append((model.chance(known), bool(row.won)))
	average = min(naive_bayes.MOST, max(naive_bayes.LEAST, 100 * won / (won + lost)))
	return results, average


def _by_field(rows) -> dict[str, dict[str, tuple[int, int]]]:
	found: dict[str, dict[str, tuple[int, int]]] = {}
	for field, value, won, lost in rows:
		values = found.setdefault(field, {})
		before = values.get(_key(value), (0, 0))
		values[_key(value)] = (before[0] + int(won), before[1] + int(lost))
	return found


def _key(value: str | None) -> str:
	"""The database compares without case and trailing blanks; so do the counts."""
	return (value or "").strip().casefold()


def _json(value: dict) -> str:
	return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _insert(doctype: str, fields: tuple[str, ...], rows: list[tuple]) -> None:
	append_rows(doctype, (dict(zip(fields, row, strict=True)) for row in rows))
