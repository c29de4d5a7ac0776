// Keys of the inbox, told to Frappe, so that its own list of keys (Shift+/, that is "?") shows them.

export function add_shortcuts(page, inbox) {
	const keys = [
		["j", __("Next conversation"), () => inbox.list.move(1)],
		["k", __("Previous conversation"), () => inbox.list.move(-1)],
		["r", __("Reply"), () => inbox.write("reply")],
		["n", __("Internal note"), () => inbox.write("note")],
		["/", __("Saved replies"), () => inbox.composer.offer_replies()],
		["e", __("Resolve the conversation"), () => inbox.resolve()],
		["escape", __("Back to the list"), () => inbox.back()],
	];
	for (const [shortcut, description, action] of keys) {
		const needs_conversation = !["j", "k"].includes(shortcut);
		frappe.ui.keys.add_shortcut({
			shortcut,
			description,
			page,
			action,
			condition: () => !window.cur_dialog && (!needs_conversation || Boolean(inbox.name)),
		});
	}
}
