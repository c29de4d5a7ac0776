// Moments come in the site's time zone as "YYYY-MM-DD HH:mm:ss" and are shown in the reader's.

const at = (value) => moment(frappe.datetime.convert_to_user_tz(value, true));
const digits = (value) => moment(value).locale("en");

export function clock(value) {
	return value ? digits(at(value)).format("HH:mm") : "";
}

export function day(value) {
	const date = digits(at(value)).format("YYYY-MM-DD");
	const today = frappe.datetime.get_today();
	if (date === today) {
		return __("Today");
	}
	if (date === frappe.datetime.add_days(today, -1)) {
		return __("Yesterday");
	}
	return frappe.datetime.str_to_user(date);
}

/** The hour today, the day before that. */
export function short(value) {
	if (!value) {
		return "";
	}
	const date = digits(at(value)).format("YYYY-MM-DD");
	return date === frappe.datetime.get_today() ? clock(value) : day(value);
}

export const full = (value) => (value ? frappe.datetime.str_to_user(value) : "");

/** Seconds from the server's `now` to `until`, both in the site's time zone. */
export function seconds_between(now, until) {
	return moment(until).diff(moment(now), "seconds");
}

/** "3:07" as hours and minutes. */
export function hours_and_minutes(seconds) {
	const minutes = Math.max(0, Math.floor(seconds / 60));
	return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
