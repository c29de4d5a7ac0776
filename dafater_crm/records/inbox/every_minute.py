"""The clock of the inbox: once a minute it wakes whatever has something to do, so that nothing depends on a job that was not queued."""

from __future__ import annotations

from dafater_crm.records.inbox import events, mail_steps, media_jobs, outbox_drain


def run() -> None:
	"""Scheduler. Deliveries and files that wait, what mails still owe, messages that are due or were left by a worker that died."""
	events.every_minute()
	mail_steps.every_minute()
	media_jobs.every_minute()
	outbox_drain.every_minute()
