"""Steps of the tour after the sale: the accountant's invoices and payments, the support agent's issues."""

from __future__ import annotations

import frappe
from frappe import share
from frappe.utils import add_days, nowdate

from dafater_crm.api import service
from dafater_crm.setup.tour_walk import Journey, Walk


def invoice(
	walk: Walk, journey: Journey, order: str, label: str, made: int = 0, due: int | None = None
) -> None:
	"""The order's invoice, through the order's button. `made` and `due` are days from today."""
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

	doc = make_sales_invoice(journey.name(order))
	if made:
		doc.update({"set_posting_time": 1, "posting_date": add_days(nowdate(), made)})
	if due is not None:
		# the only instalment is due on that day
		doc.update({"due_date": add_days(nowdate(), due), "payment_schedule": []})
	doc.insert().submit()
	journey.keep(label, doc)


def pay(walk: Walk, journey: Journey, invoice: str, mode: str, amount: float | None = None) -> None:
	"""A payment of the invoice, through its button; the whole outstanding amount unless `amount` (SAR) says less."""
	from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

	account = _account_of(walk, mode)
	doc = get_payment_entry("Sales Invoice", journey.name(invoice), bank_account=account)
	doc.mode_of_payment = walk.company.mode_of_payment[mode]
	doc.update({"reference_no": f"SARIE-{journey.key}", "reference_date": nowdate()})
	if amount:
		doc.paid_amount = doc.received_amount = amount
		doc.references[0].allocated_amount = amount
	doc.insert().submit()
	journey.keep(f"payment {len(journey.documents)}", doc)


def _account_of(walk: Walk, mode: str) -> str:
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import get_bank_cash_account

	return get_bank_cash_account(walk.company.mode_of_payment[mode], walk.company.company)["account"]


def journal(walk: Walk, journey: Journey, invoice: str) -> None:
	"""The customer paid into the bank account and the accountant books it by hand."""
	bill = journey.get(invoice)
	doc = frappe.get_doc(
		{
			"doctype": "Journal Entry",
			"voucher_type": "Bank Entry",
			"company": bill.company,
			"posting_date": nowdate(),
			"cheque_no": f"SARIE-{journey.key}",
			"cheque_date": nowdate(),
			"accounts": [
				{
					"account": _account_of(walk, "Bank"),
					"debit_in_account_currency": bill.outstanding_amount,
				},
				{
					"account": bill.debit_to,
					"party_type": "Customer",
					"party": bill.customer,
					"credit_in_account_currency": bill.outstanding_amount,
					"reference_type": bill.doctype,
					"reference_name": bill.name,
				},
			],
		}
	).insert()
	doc.submit()
	journey.keep("journal", doc)


def credit_note(walk: Walk, journey: Journey, invoice: str, label: str, quantities: dict[str, float]) -> None:
	"""Some of the goods come back, and the invoice's outstanding amount falls."""
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	doc = make_sales_return(journey.name(invoice))
	doc.update_outstanding_for_self = 0
	doc.set("items", [row for row in doc.items if row.item_code in quantities])
	for row in doc.items:
		row.qty = -quantities[row.item_code]
	doc.insert().submit()
	journey.keep(label, doc)


def mail_issue(walk: Walk, journey: Journey, subject: str) -> None:
	"""An issue that the support agent opens for an e-mail: display name and capitals as the mail had them."""
	raised_by = f"{journey.sheet['lead_name']} <{journey.sheet['email_id'].upper()}>"
	doc = frappe.get_doc(
		{
			"doctype": "Issue",
			"subject": subject,
			"raised_by": raised_by,
			"company": walk.company.company,
		}
	).insert()
	journey.keep("issue", doc)


def ask_support(walk: Walk, journey: Journey, opportunity: str) -> None:
	"""The account executive shares the deal with the support agent, who may read it from then on."""
	share.add(*journey.documents[opportunity], user=walk.company.users["support"])


def button_issue(walk: Walk, journey: Journey, opportunity: str, subject: str) -> None:
	"""An issue through the opportunity's button."""
	doc = service.make_issue_from_opportunity(journey.name(opportunity))
	doc.subject = subject
	journey.keep("issue", doc.insert())
