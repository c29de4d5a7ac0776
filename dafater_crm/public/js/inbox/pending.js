// A message as the thread shows it until the server has it.

/** `values`: direction, message_type, text, and what else the thread draws. Its `client_key` lets the server take it once. */
export function pending_message(conversation, reply_to, values) {
	return {
		client_key: crypto.randomUUID?.() || frappe.utils.get_random(32),
		conversation,
		author: frappe.session.user,
		message_on: frappe.datetime.system_datetime(),
		creation: frappe.datetime.system_datetime(),
		body: values.text,
		status: values.direction === "Note" ? "" : "Queued",
		reply_to: reply_to?.name || null,
		attachments: [],
		...values,
	};
}
