// Files that wait to be sent: picked, dropped or pasted, uploaded at once, sent with the message.
import { upload } from "./api";
import { button, el } from "./dom";
import { size_of } from "./media";

const MOST = 10;

export class Attachments {
	constructor({ changed }) {
		this.changed = changed;
		this.files = [];
		this.picker = el("input", { type: "file", multiple: true, hidden: true, on: { change: () => (this.add([...this.picker.files]), (this.picker.value = "")) } });
		this.list = el("ul", { class: "inbox-attachments", "aria-label": __("Files to send") });
		this.node = el("div", {}, this.picker, this.list);
	}

	load(conversation) {
		this.conversation = conversation;
		this.files = [];
		this.render();
	}

	pick() {
		this.picker.click();
	}

	/** Files dropped on a node are added. */
	take_drops(node, allowed) {
		let depth = 0;
		const has_files = (event) => [...(event.dataTransfer?.types || [])].includes("Files") && allowed();
		const mark = (step) => node.classList.toggle("is-drop", (depth = Math.max(0, depth + step)) > 0);
		node.addEventListener("dragenter", (event) => has_files(event) && mark(1));
		node.addEventListener("dragleave", (event) => has_files(event) && mark(-1));
		node.addEventListener("dragover", (event) => has_files(event) && event.preventDefault());
		node.addEventListener("drop", (event) => {
			if (has_files(event)) {
				event.preventDefault();
				mark(-depth);
				this.add([...event.dataTransfer.files]);
			}
		});
	}

	/** True when there was something to add. */
	add(files) {
		for (const file of files) {
			if (this.files.length >= MOST) {
				frappe.show_alert({ message: __("Send at most {0} files at once.", [MOST]), indicator: "orange" });
				break;
			}
			this.start({ file, file_name: file.name, size: file.size, progress: 0, conversation: this.conversation });
		}
		return files.length > 0;
	}

	async start(entry) {
		this.files.push(entry);
		this.render();
		try {
			const answer = await upload(entry.conversation, entry.file, (progress) => {
				entry.progress = progress;
				this.render();
			});
			entry.name = answer.file;
			entry.file_name = answer.file_name || entry.file_name;
		} catch (error) {
			entry.error = error.message;
		}
		this.render();
	}

	ready() {
		return this.files.filter((entry) => entry.name);
	}

	busy() {
		return this.files.some((entry) => !entry.name && !entry.error);
	}

	render() {
		this.list.replaceChildren(
			...this.files.map((entry) =>
				el(
					"li",
					{ class: entry.error ? "is-failed" : "" },
					el("bdi", { text: entry.file_name }),
					el("small", { class: "text-muted", dir: entry.error ? "auto" : "ltr", text: entry.error || size_of(entry.size) }),
					entry.name || entry.error ? null : el("progress", { max: "1", value: String(entry.progress), "aria-label": __("Uploading") }),
					button({ icon_name: "close", title: __("Remove {0}", [entry.file_name]), css: "btn-xs icon-btn", on_click: () => this.remove(entry) })
				)
			)
		);
		this.changed();
	}

	remove(entry) {
		this.files = this.files.filter((other) => other !== entry);
		this.render();
	}
}
