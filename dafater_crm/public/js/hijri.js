// Hijri dates beside Gregorian ones. The server converts: browsers disagree with the Umm al-Qura table.
frappe.provide("dafater_crm.hijri");

const MAX_DATES = 50;
const known = new Map(); // "YYYY-MM-DD" -> Hijri text, "" outside the table
const watched = new Set(); // "DocType:field" that has a change handler

/**
 * Show the Hijri date under date fields of a form, now and whenever they change.
 * Call it in `refresh`. Does nothing where the setting "Show Hijri Dates" is off.
 */
dafater_crm.hijri.show = async function (frm, fieldnames) {
	if (!frappe.boot.dafater_crm?.show_hijri) {
		return;
	}
	const fields = fieldnames.filter((fieldname) => frm.fields_dict[fieldname]);
	fields.forEach((fieldname) => watch(frm.doctype, fieldname));
	await dafater_crm.hijri.convert(fields.map((fieldname) => frm.doc[fieldname]));
	fields.forEach((fieldname) => write(frm, fieldname));
};

/** Resolve to a Map of day -> Hijri text for Gregorian values; one call for those not asked for yet. */
dafater_crm.hijri.convert = async function (values) {
	const days = [...new Set(values.map(day_of).filter((day) => day && !known.has(day)))].slice(0, MAX_DATES);
	if (days.length) {
		const found = await frappe.xcall("dafater_crm.api.calendar.hijri", { dates: days });
		Object.entries(found).forEach(([day, text]) => known.set(day, text));
	}
	return known;
};

function watch(doctype, fieldname) {
	const key = `${doctype}:${fieldname}`;
	if (!watched.has(key)) {
		watched.add(key);
		frappe.ui.form.on(doctype, fieldname, (frm) => dafater_crm.hijri.show(frm, [fieldname]));
	}
}

function write(frm, fieldname) {
	const wrapper = frm.fields_dict[fieldname].$wrapper;
	let note = wrapper.find(".dafater-hijri");
	if (!note.length) {
		note = $('<div class="dafater-hijri"></div>').appendTo(wrapper.find(".form-group").first());
	}
	note.text(known.get(day_of(frm.doc[fieldname])) || "");
}

function day_of(value) {
	return String(value || "").slice(0, 10);
}
