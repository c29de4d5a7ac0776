// What somebody began to write, kept in the browser for each conversation until it is sent.

const PREFIX = "dafater-inbox-draft";
const MOST = 200;

const key_of = (conversation) => `${PREFIX}:${frappe.session.user}:${conversation}`;

export function draft_of(conversation) {
	try {
		return JSON.parse(localStorage.getItem(key_of(conversation))) || {};
	} catch {
		return {};
	}
}

/** Keeps {text, mode, reply_to, buttons}; an empty one is forgotten. */
export function keep_draft(conversation, draft) {
	try {
		if (!draft.text && !draft.reply_to && !draft.buttons?.length) {
			localStorage.removeItem(key_of(conversation));
			return;
		}
		localStorage.setItem(key_of(conversation), JSON.stringify({ ...draft, kept_on: Date.now() }));
		forget_oldest();
	} catch {
		// a full or forbidden storage: the text is still in the box
	}
}

function forget_oldest() {
	const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}:`));
	if (keys.length <= MOST) {
		return;
	}
	const age = (key) => JSON.parse(localStorage.getItem(key))?.kept_on || 0;
	keys.sort((a, b) => age(a) - age(b))
		.slice(0, keys.length - MOST)
		.forEach((key) => localStorage.removeItem(key));
}
