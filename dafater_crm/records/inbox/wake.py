"""Wakes the jobs of the inbox, once for many messages, and never at the price of a message.

A job that is queued will see what was just committed; one that runs may already have had its last look, so another one is queued
behind it. Every minute the scheduler wakes the same jobs, so that a queue that was down costs a minute and nothing else.
"""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import create_job_id, get_redis_conn
from rq.job import Job, JobStatus

from dafater_crm.records import jobs

# how many of one kind may run at once
WORKERS = 4


def after_commit(method: str, key: str, workers: int = WORKERS, **arguments) -> None:
	"""Start `method` in a job after the commit. `key` tells jobs apart: what waits already is not queued again."""
	waiting = getattr(frappe.local, "dafater_waking", None)
	if waiting is None:
		waiting = frappe.local.dafater_waking = set()
	if (method, key) in waiting:
		return
	waiting.add((method, key))

	def start() -> None:
		waiting.discard((method, key))
		now(method, key, workers, **arguments)

	frappe.db.after_commit.add(start)
	frappe.db.after_rollback.add(lambda: waiting.discard((method, key)))


def now(method: str, key: str, workers: int = WORKERS, **arguments) -> bool:
	"""Queue `method` unless it waits already, or as many as `workers` run. False when the queue could not be reached."""
	# what is to be done is committed; the scheduler comes by every minute
	with jobs.dispensable(f"the inbox's {key}"):
		for number in range(workers):
			job_id = f"dafater-inbox-{key}-{number}"
			state = _state(job_id)
			if state == JobStatus.QUEUED:
				return True
			if state != JobStatus.STARTED:
				return jobs.soon(method, queue="short", job_id=job_id, deduplicate=True, **arguments)
		return True
	return False


def _state(job_id: str) -> str:
	"""The status of a job, "" of none. Every delivery asks, and to fetch the whole job takes three times as long."""
	return (get_redis_conn().hget(Job.key_for(create_job_id(job_id)), "status") or b"").decode()
