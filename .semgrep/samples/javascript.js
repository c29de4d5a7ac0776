// Bad and good samples for .semgrep/rules/javascript.yml.
// ruleid: js-untranslated-message
frappe.msgprint("Saved");
// ruleid: js-untranslated-message
frm.add_custom_button("Create", () => {});
// ok: js-untranslated-message
frappe.msgprint(__("Saved"));

// ruleid: js-format-before-translate
__("Hello " + name);
// ruleid: js-format-before-translate
__(`Hello ${name}`);
// ok: js-format-before-translate
__("Hello {0}", [name]);

// ruleid: js-code-evaluation
eval(text);

// ruleid: js-html-from-data
wrapper.innerHTML = row.title;
// ruleid: js-html-from-data
$(wrapper).html(r.message);
// ok: js-html-from-data
$(wrapper).text(r.message);

// ruleid: js-browser-hijri
date.toLocaleDateString("ar-SA-u-ca-islamic-umalqura");
// ok: js-browser-hijri
date.toLocaleDateString("ar-SA");
