// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Lead Form", {
	refresh(frm) {
		show_snippets(frm);
		if (!frm.is_new() && frm.doc.published) {
			frm.add_custom_button(__("Open the Page"), () => window.open(page_address(frm), "_blank", "noopener"));
		}
	},
});

function page_address(frm) {
	return `${frappe.urllib.get_base_url()}/dafater-form/${frm.doc.name}`;
}

function show_snippets(frm) {
	const wrapper = frm.get_field("embed_html").$wrapper.empty();
	if (frm.is_new()) {
		wrapper.append($("<p class='text-muted'>").text(__("Save the form first.")));
		return;
	}
	add_snippet(wrapper, __("Link to the page"), page_address(frm));
	add_snippet(wrapper, __("Frame for a website"), frame_snippet(frm));
	add_snippet(wrapper, __("Script for a website that also passes campaign and referrer"), script_snippet(frm));
}

function add_snippet(wrapper, label, code) {
	const row = $("<div class='form-group'>").appendTo(wrapper);
	$("<label class='control-label'>").text(label).appendTo(row);
	$("<pre dir='ltr' class='small' style='white-space: pre-wrap; text-align: start'>").text(code).appendTo(row);
	$("<button class='btn btn-xs btn-default'>")
		.text(__("Copy"))
		.appendTo(row)
		.on("click", () => frappe.utils.copy_to_clipboard(code));
}

function frame_snippet(frm) {
	const title = frappe.utils.escape_html(frm.doc.title);
	return `<iframe src="${page_address(frm)}" title="${title}" width="100%" height="900" style="border:0"></iframe>`;
}

function script_snippet(frm) {
	// the place of the script decides where the form appears; nothing is loaded but the page itself
	return [
		"<script>",
		"(function () {",
		`  var address = new URL(${JSON.stringify(page_address(frm))});`,
		"  new URLSearchParams(location.search).forEach(function (value, name) {",
		"    if (/^utm_(source|medium|campaign|content|term)$/.test(name)) address.searchParams.set(name, value);",
		"  });",
		'  address.searchParams.set("landing_page", location.href);',
		'  if (document.referrer) address.searchParams.set("referrer", document.referrer);',
		'  if (document.documentElement.lang) address.searchParams.set("lang", document.documentElement.lang.slice(0, 2));',
		'  var frame = document.createElement("iframe");',
		"  frame.src = address.href;",
		`  frame.title = ${JSON.stringify(frm.doc.title).replace(/</g, "\\u003c")};`,
		'  frame.style.cssText = "border:0;width:100%;height:900px";',
		"  document.currentScript.parentNode.insertBefore(frame, document.currentScript);",
		"})();",
		"</" + "script>",
	].join("\n");
}
