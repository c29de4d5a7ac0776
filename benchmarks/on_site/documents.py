"""The truth, counted set-wise from submitted documents and staged facts, without a line of either CRM's report code."""

from __future__ import annotations

from datetime import date, timedelta

import frappe

# The lead behind a document by ERPNext's own links: the lead itself, the first lead of its prospect, or of its customer.
_OF_CUSTOMER = """
	left join `tabCustomer` c on c.name = {customer}
	left join `tabProspect Lead` cp on cp.parent = c.prospect_name and cp.idx = 1
"""
_OF_PARTY = """
	left join `tabProspect Lead` p on p.parent = d.party_name and p.idx = 1 and d.{kind} = 'Prospect'
	""" + _OF_CUSTOMER.format(customer="d.party_name and d.{kind} = 'Customer'")
_PARTY_LEAD = "coalesce(if(d.{kind} = 'Lead', d.party_name, null), p.lead, c.lead_name, cp.lead)"
_LIVE = "d.docstatus = 1 and (d.status != 'Closed' or d.per_delivered > 0 or d.per_billed > 0)"
_AT_WORK = "status in ('Open', 'Quotation', 'Partially Ordered')"


def brought(what: str, column: str, first: str, last: str) -> float:
	"""Opportunities, submitted quotations, live orders or their value, of leads created in the period with `column` filled."""
	kind = {"opportunities": "opportunity_from", "quotations": "quotation_to"}.get(what)
	if kind:
		table, lead, joins = what.title()[:-1], _PARTY_LEAD.format(kind=kind), _OF_PARTY.format(kind=kind)
		if what == "opportunities":
			table = "Opportunity"
	else:
		table, lead, joins = (
			"Sales Order",
			"coalesce(c.lead_name, cp.lead)",
			_OF_CUSTOMER.format(customer="d.customer"),
		)
	where = {"opportunities": "1", "quotations": "d.docstatus = 1"}.get(what, _LIVE)
	figure = "sum(d.base_net_total)" if what == "value" else "count(*)"
	return _one(
		f"""
		select {figure} from `tab{table}` d {joins}
		join `tabLead` l on l.name = {lead}
		where {where} and ifnull(l.{column}, '') != ''
		and l.creation >= %(first)s and l.creation < date_add(%(last)s, interval 1 day)
		""",
		first=first,
		last=last,
	)


def leads(first: str, last: str) -> float:
	return _one(
		"select count(*) from `tabLead` where creation >= %(first)s and creation < date_add(%(last)s, interval 1 day)",
		first=first,
		last=last,
	)


def conversions(first: str, last: str) -> tuple[float, float]:
	"""Leads whose first live order or submitted invoice is dated in the period, and their average days."""
	row = frappe.db.sql(
		"""
		select count(*), avg(greatest(datediff(day, date(l.made)), 0)) from (
			select o.lead_ours, min(d.day) day
			from bench_document d join bench_opportunity o on o.ours = d.opportunity_ours
			where d.docstatus = 1 and o.lead_ours is not null and (
				d.kind = 'Sales Invoice' or (d.kind = 'Sales Order' and (d.status != 'Closed' or d.per_billed > 0))
			)
			group by o.lead_ours
		) converted join bench_lead l on l.ours = converted.lead_ours
		where day between %(first)s and %(last)s
		""",
		{"first": first, "last": last},
	)[0]
	return row[0], float(row[1] or 0)


def unanswered(first: str, last: str) -> float:
	"""Opportunities created in the period that have neither a sent message nor a call, meeting, visit or letter that took place."""
	return _one(
		"""
		select count(*) from bench_opportunity o
		where o.made >= %(first)s and o.made < date_add(%(last)s, interval 1 day) and o.responded_on is null
		and o.ours not in (select on_ours from bench_activity where done = 1 and on_kind = 'Opportunity')
		""",
		first=first,
		last=last,
	)


def lost(first: str, last: str) -> float:
	return _one(
		"select count(*) from bench_opportunity where lost_on between %(first)s and %(last)s",
		first=first,
		last=last,
	)


def dated(first: str, last: str) -> tuple[float, float]:
	"""Opportunities dated in the period, and their amount at the rate of each."""
	row = frappe.db.sql(
		"""select count(*), sum(base_opportunity_amount) from `tabOpportunity`
		where transaction_date between %(first)s and %(last)s""",
		{"first": first, "last": last},
	)[0]
	return row[0], float(row[1] or 0)


def closing(first: str, last: str) -> float:
	"""Opportunities at work with an expected closing in the period."""
	return _one(
		f"select count(*) from bench_opportunity where {_AT_WORK} and expected_closing between %(first)s and %(last)s",
		first=first,
		last=last,
	)


def closing_theirs(first: str, last: str) -> float:
	"""What the peer selects: whatever their status."""
	return _one(
		"select count(*) from `tabOpportunity` where expected_closing between %(first)s and %(last)s",
		first=first,
		last=last,
	)


def engaged_examples(last_day: date) -> list[tuple[str, int, str, str]]:
	"""Two leads with received messages that nobody won or gave up: one is old, one young.

	Each: what it is, whether it is due at a minimum age of 60 days, its name in both CRMs.
	"""
	found = []
	for label, listed, rule in (
		("Rows for a lead of more than 200 days, minimum age 60", 1, "l.made < %(old)s"),
		("Rows for a lead of less than 30 days, minimum age 60", 0, "l.made > %(young)s"),
	):
		rows = frappe.db.sql(
			f"""
			select l.ours, l.theirs from bench_lead l join bench_message m on m.on_ours = l.ours
			where m.direction = 'Received' and {rule}
			and l.status in ('New', 'Open', 'Contacted', 'Qualified') and l.their_status in ('Lead', 'Replied')
			order by l.number limit 1
			""",
			{"old": last_day - timedelta(days=200), "young": last_day - timedelta(days=29)},
		)
		found += [(label, listed, *row) for row in rows]
	return found


def _one(statement: str, **values) -> float:
	return float(frappe.db.sql(statement, values)[0][0] or 0)
