"""From staging table to DocType: column -> SQL expression, for the records of both CRMs. Nothing else decides what is filled.

The alias `f` is the staging row.
"""

from __future__ import annotations

from dataclasses import dataclass

USER = "'Administrator'"


@dataclass(frozen=True)
class Filling:
	"""One INSERT ... SELECT: target DocType, its columns, where the rows come from."""

	doctype: str
	columns: dict[str, str]
	source: str
	where: str = "1"


def record(
	made: str = "f.made", modified: str | None = None, owner: str = USER, docstatus: str = "0"
) -> dict:
	"""The columns that every document has."""
	return {
		"creation": made,
		"modified": modified or made,
		"owner": owner,
		"modified_by": owner,
		"docstatus": docstatus,
		"idx": "0",
	}


def child(parent: str, doctype: str, field: str, position: str = "f.position") -> dict:
	return {"parent": parent, "parenttype": f"'{doctype}'", "parentfield": f"'{field}'", "idx": position}


OUR_LEAD = Filling(
	"Dafater Lead",
	{
		"name": "f.ours",
		**record(owner="ifnull(f.owner, 'Administrator')"),
		"naming_series": "'DLEAD-.YYYY.-'",
		"lead_type": "'Person'",
		"lead_name": "f.person",
		"organisation_name": "f.organisation",
		"title": "f.person",
		"name_key": "f.person_key",
		"latin_key": "''",
		"organisation_key": "f.organisation_key",
		"email_id": "f.email",
		"mobile_no": "f.mobile",
		"company": "%(company)s",
		"lead_owner": "f.owner",
		"campaign": "f.campaign",
		"territory": "f.territory",
		"source": "f.source",
		"market_segment": "f.segment",
		"city": "f.city",
		"prospect": "f.prospect",
		"status": "f.status",
		"base_status": "f.base_status",
		"fact_status": "f.fact_status",
		"status_changed_on": "f.made",
		"converted_on": "f.converted_on",
		"last_contact_on": "f.last_contact_on",
		"first_responded_on": "f.responded_on",
		"first_response_time": "f.response_seconds",
		"qualification_status": "if(f.base_status = 'Qualified', 'Qualified', 'Unqualified')",
		"disqualify_reason": "if(f.base_status = 'Disqualified', 'No Need', '')",
		"do_not_contact": "f.base_status = 'Do Not Contact'",
		"marketing_consent": "'Unknown'",
		# none of the shipped rules fits these leads
		"grade": "'D'",
		"score_reasons": """'{"reasons":[]}'""",
	},
	"bench_lead f",
)
THEIR_LEAD = Filling(
	"Lead",
	{
		"name": "f.theirs",
		**record(owner="ifnull(f.owner, 'Administrator')"),
		"naming_series": "'CRM-LEAD-.YYYY.-'",
		"first_name": "substring_index(f.person, ' ', 1)",
		"last_name": "substring_index(f.person, ' ', -1)",
		"lead_name": "f.person",
		"company_name": "f.organisation",
		"title": "f.organisation",
		"email_id": "f.email",
		"mobile_no": "f.mobile",
		"company": "%(company)s",
		"lead_owner": "f.owner",
		"campaign_name": "f.campaign",
		"territory": "f.territory",
		"source": "f.source",
		"market_segment": "f.segment",
		"city": "f.city",
		"status": "f.their_status",
		"qualification_status": "if(f.base_status = 'Qualified', 'Qualified', 'Unqualified')",
	},
	"bench_lead f",
)
OUR_PROSPECT = Filling(
	"Dafater Prospect",
	{
		"name": "f.ours",
		**record(),
		"naming_series": "'DPRO-.YYYY.-'",
		"prospect_name": "f.theirs",
		"name_key": "f.name_key",
		"latin_key": "''",
		"company": "%(company)s",
		"prospect_owner": "f.owner",
		"territory": "f.territory",
		"source": "f.source",
		"market_segment": "f.segment",
		"status": "f.status",
		"base_status": "'New'",
		"fact_status": "f.fact_status",
		"status_changed_on": "f.made",
		"marketing_consent": "'Unknown'",
	},
	"bench_prospect f",
)
THEIR_PROSPECT = Filling(
	"Prospect",
	{
		"name": "f.theirs",
		**record(),
		"company_name": "f.theirs",
		"company": "%(company)s",
		"prospect_owner": "f.owner",
		"territory": "f.territory",
		"market_segment": "f.segment",
	},
	"bench_prospect f",
)
THEIR_PROSPECT_LEAD = Filling(
	"Prospect Lead",
	{
		"name": "concat('bpl', lpad(f.number, 9, '0'))",
		**record("l.made"),
		**child("f.prospect_theirs", "Prospect", "leads"),
		"lead": "f.lead_theirs",
		"lead_name": "l.person",
		"email": "l.email",
		"lead_owner": "l.owner",
		"status": "l.their_status",
	},
	"bench_prospectlead f join bench_lead l on l.theirs = f.lead_theirs",
)
_DEAL = {
	"company": "%(company)s",
	"opportunity_owner": "f.owner",
	"opportunity_type": "f.kind",
	"campaign": "f.campaign",
	"source": "f.source",
	"territory": "f.territory",
	"market_segment": "f.segment",
	"transaction_date": "date(f.made)",
	"expected_closing": "f.expected_closing",
	"currency": "f.currency",
	"conversion_rate": "f.rate",
	"opportunity_amount": "f.amount",
	"base_opportunity_amount": "f.base_amount",
	"sales_stage": "f.stage",
	"probability": "f.probability",
	"contact_email": "f.email",
	"contact_mobile": "f.mobile",
	"first_response_time": "f.response_seconds",
	"_assign": "f.assigned",
}
OUR_OPPORTUNITY = Filling(
	"Dafater Opportunity",
	{
		"name": "f.ours",
		**record(modified="f.modified", owner="ifnull(f.owner, 'Administrator')"),
		"naming_series": "'DOPP-.YYYY.-'",
		"party_type": "if(f.party_kind = 'Customer', 'Customer', concat('Dafater ', f.party_kind))",
		"party_name": "f.party_ours",
		"party_title": "f.party_title",
		"title": "f.party_title",
		"lead": "f.lead_ours",
		**_DEAL,
		"weighted_amount": "f.weighted",
		"status": "f.status",
		"document_status": "f.document_status",
		"stage_before_won": "f.stage_before_won",
		"stage_changed_on": "f.made",
		"won_on": "f.won_on",
		"lost_on": "f.lost_on",
		"closed_on": "f.closed_on",
		"first_responded_on": "f.responded_on",
		"last_contact_on": "f.last_contact_on",
	},
	"bench_opportunity f",
)
THEIR_OPPORTUNITY = Filling(
	"Opportunity",
	{
		"name": "f.theirs",
		**record(modified="f.modified", owner="ifnull(f.owner, 'Administrator')"),
		"naming_series": "'CRM-OPP-.YYYY.-'",
		"opportunity_from": "f.party_kind",
		"party_name": "f.party_theirs",
		"customer_name": "if(f.party_kind = 'Lead', l.organisation, f.party_title)",
		"title": "if(f.party_kind = 'Lead', l.organisation, f.party_title)",
		"city": "if(f.party_kind = 'Lead', l.city, null)",
		"customer_group": "if(f.party_kind = 'Customer', %(customer_group)s, null)",
		**_DEAL,
		"status": "f.their_status",
	},
	"bench_opportunity f join bench_lead l on l.number = f.lead_number",
)
RECORDS = (
	OUR_LEAD,
	THEIR_LEAD,
	OUR_PROSPECT,
	THEIR_PROSPECT,
	THEIR_PROSPECT_LEAD,
	OUR_OPPORTUNITY,
	THEIR_OPPORTUNITY,
)
