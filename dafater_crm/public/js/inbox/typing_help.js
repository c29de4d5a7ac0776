// What helps while one writes: saved replies after "/", colleagues after "@" in a note.
import { read } from "./api";
import { debounced } from "./dom";
import { Suggest } from "./suggest";

const MOST_REPLIES = 30;

export class TypingHelp {
	/** `changed()` is called after a text was put into the box. */
	constructor({ input, changed }) {
		this.input = input;
		this.changed = changed;
		this.replies = new Suggest({ input, label: __("Saved Replies"), pick: (entry) => this.put_reply(entry) });
		this.people = new Suggest({ input, label: __("Colleagues"), pick: (entry) => this.put_mention(entry) });
		this.nodes = [this.replies.node, this.people.node];
		this.ask_people = debounced(() => this.suggest_people(), 200);
		input.addEventListener("blur", () => setTimeout(() => this.on_left(), 150));
	}

	load(conversation) {
		this.conversation = conversation;
		this.known_replies = null;
		this.forget_mentions();
	}

	forget_mentions() {
		this.mentions = new Map();
	}

	/** A click in a list takes the focus for a moment; whoever is back already still wants it. */
	on_left() {
		if (document.activeElement !== this.input) {
			this.replies.hide();
			this.people.hide();
		}
	}

	/** True when the key was for an open list. */
	on_key(event) {
		return this.replies.on_key(event) || this.people.on_key(event);
	}

	suggest(mode) {
		const text = this.input.value;
		if (mode === "reply" && /^\/\S*$/.test(text)) {
			this.suggest_replies(text.slice(1));
		} else {
			this.replies.hide();
		}
		const before = text.slice(0, this.input.selectionStart);
		this.mention_at = mode === "note" && before.match(/(?:^|\s)@([\p{L}\p{N}._-]*)$/u);
		this.mention_at ? this.ask_people() : this.people.hide();
	}

	offer_replies() {
		this.suggest_replies("");
	}

	async suggest_replies(typed) {
		this.known_replies = this.known_replies || read.saved_replies({ name: this.conversation });
		const wanted = typed.toLowerCase();
		const fitting = (await this.known_replies).filter(({ shortcut, title }) => `${shortcut || ""} ${title}`.toLowerCase().includes(wanted));
		const entries = fitting.slice(0, MOST_REPLIES).map((reply) => ({
			label: reply.shortcut ? `/${reply.shortcut}  ${reply.title}` : reply.title,
			detail: reply.body,
			reply,
		}));
		this.replies.show(entries, __("No saved reply fits."));
	}

	put_reply({ reply }) {
		const text = this.input.value;
		this.input.value = !text || /^\/\S*$/.test(text) ? reply.body : `${text} ${reply.body}`;
		this.changed();
		this.input.focus();
	}

	async suggest_people() {
		const found = await read.mentionable({ name: this.conversation, text: this.mention_at[1] });
		if (this.mention_at) {
			this.people.show(found.map((person) => ({ label: person.name, detail: person.user, person })));
		}
	}

	/** A name is one word in the text, so that it is found again. */
	put_mention({ person }) {
		const at = this.input.selectionStart - this.mention_at[1].length;
		const word = person.name.replace(/\s+/g, "_");
		this.input.setRangeText(`${word} `, at, this.input.selectionStart, "end");
		this.mentions.set(word, person.user);
		this.changed();
		this.input.focus();
	}

	/** The users whose names still stand in the text. */
	mentioned(text) {
		return [...this.mentions].filter(([word]) => text.includes(`@${word}`)).map(([, user]) => user);
	}
}
