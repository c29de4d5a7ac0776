// The dialog in which an approved template is chosen and its placeholders are filled in.
import { read } from "./api";
import { el } from "./dom";

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** Resolves to {template, values, preview}, or null. */
export async function choose_template(conversation) {
	const templates = await read.templates({ name: conversation });
	if (!templates.length) {
		frappe.msgprint(__("No approved template is stored for this account. A manager adds them under Message Templates."));
		return null;
	}
	return new Promise((resolve) => new TemplateDialog(templates, resolve));
}

class TemplateDialog {
	constructor(templates, resolve) {
		this.templates = templates;
		this.resolve = resolve;
		this.preview_node = el("div", { class: "inbox-template-preview", dir: "auto" });
		this.dialog = new frappe.ui.Dialog({
			title: __("Send a Template"),
			fields: [
				{
					fieldname: "template",
					fieldtype: "Autocomplete",
					label: __("Template"),
					reqd: 1,
					options: templates.map(({ name, title, language }) => ({ value: name, label: `${title} (${language})` })),
					onchange: () => this.choose(this.dialog.get_value("template")),
				},
				{ fieldname: "values", fieldtype: "HTML" },
				{ fieldname: "preview", fieldtype: "HTML", label: __("Preview") },
			],
			primary_action_label: __("Send"),
			primary_action: () => this.send(),
		});
		this.dialog.onhide = () => this.resolve(null);
		this.values_node = el("div", { class: "inbox-template-values" });
		this.dialog.get_field("values").$wrapper.append(this.values_node);
		this.dialog.get_field("preview").$wrapper.append(this.preview_node);
		this.dialog.show();
		if (templates.length === 1) {
			this.dialog.set_value("template", templates[0].name);
		}
	}

	choose(name) {
		if (this.template?.name === name) {
			return;
		}
		this.template = this.templates.find((template) => template.name === name);
		this.inputs = {};
		const placeholders = this.template ? this.placeholders() : [];
		this.values_node.replaceChildren(...placeholders.map((parameter) => this.value_field(parameter)));
		this.show();
	}

	/** A box for each placeholder of the text, header and addresses; the template's rows say where a first value comes from. */
	placeholders() {
		const { body, header_text, buttons, parameters } = this.template;
		const texts = [header_text, body, ...buttons.filter(({ kind }) => kind === "Web Address").map(({ value }) => value)];
		const found = texts.flatMap((text) => [...String(text || "").matchAll(PLACEHOLDER)].map((match) => match[1]));
		const known = new Map(parameters.map((parameter) => [parameter.placeholder.replace(/[{}\s]/g, ""), parameter]));
		return [...new Set(found)].map((placeholder) => ({ ...known.get(placeholder), placeholder }));
	}

	value_field(parameter) {
		const input = el("input", { type: "text", class: "form-control", dir: "auto", placeholder: parameter.example || "", on: { input: () => this.show() } });
		input.value = parameter.value || "";
		this.inputs[parameter.placeholder] = input;
		const source = parameter.value_from && parameter.value_from !== "Text" ? `${__(parameter.value_from)} ` : "";
		return el("label", { class: "inbox-template-value" }, el("span", { class: "control-label" }, source, el("bdi", { text: `{{${parameter.placeholder}}}` })), input);
	}

	values() {
		return Object.fromEntries(Object.entries(this.inputs || {}).map(([placeholder, input]) => [placeholder, input.value.trim()]));
	}

	text() {
		const values = this.values();
		return this.template.body.replace(PLACEHOLDER, (whole, placeholder) => values[placeholder] || whole);
	}

	show() {
		const { header_text, footer, buttons } = this.template || {};
		const parts = this.template
			? [
					header_text && el("strong", { text: header_text }),
					el("div", { class: "inbox-text", text: this.text() }),
					footer && el("small", { class: "text-muted", text: footer }),
					...buttons.map(({ label }) => el("span", { class: "inbox-choice", text: label })),
			  ]
			: [];
		this.preview_node.replaceChildren(...parts.filter(Boolean));
	}

	send() {
		const values = this.values();
		const empty = Object.keys(values).filter((placeholder) => !values[placeholder]);
		if (!this.template || empty.length) {
			frappe.show_alert({ message: __("Fill in every value of the template."), indicator: "orange" });
			this.inputs?.[empty[0]]?.focus();
			return;
		}
		this.resolve({ template: this.template.name, values, preview: this.text() });
		this.resolve = () => {};
		this.dialog.hide();
	}
}
