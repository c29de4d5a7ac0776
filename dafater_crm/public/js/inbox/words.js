// What the inbox calls things. Values are those of the DocTypes; labels are in the reader's language.

export const CONVERSATION = "Dafater Conversation";

export const STATUSES = {
	New: () => __("New"),
	Open: () => __("Open"),
	Pending: () => __("Waiting for the Customer"),
	Snoozed: () => __("Snoozed"),
	Resolved: () => __("Resolved"),
};
export const STATUS_COLOURS = { New: "blue", Open: "orange", Pending: "gray", Snoozed: "purple", Resolved: "green" };

export const CLASSES = {
	Sales: () => __("Sales"),
	Support: () => __("Support"),
	Complaint: () => __("Complaint"),
};
export const CLASS_COLOURS = { Sales: "green", Support: "blue", Complaint: "red" };

export const PRIORITIES = {
	Low: () => __("Low"),
	Medium: () => __("Medium"),
	High: () => __("High"),
	Urgent: () => __("Urgent"),
};

export const CHANNELS = {
	WhatsApp: () => __("WhatsApp"),
	Messenger: () => __("Messenger"),
	Instagram: () => __("Instagram"),
	"E-mail": () => __("E-mail"),
	SMS: () => __("SMS"),
};

export const FOLDERS = {
	mine: () => __("Mine"),
	unassigned: () => __("Unassigned"),
	teams: () => __("My Teams"),
	all: () => __("All", null, "Dafater Inbox"),
};

/** What stands for a message that has no text of its own. */
export const KINDS = {
	Image: () => __("Picture"),
	Video: () => __("Video"),
	Audio: () => __("Voice Message"),
	Document: () => __("Document"),
	Sticker: () => __("Sticker"),
	Location: () => __("Location"),
	Contacts: () => __("Contact Card"),
	Template: () => __("Template"),
	Buttons: () => __("Buttons"),
	"Button Reply": () => __("Button Reply"),
	Order: () => __("Order"),
	System: () => __("Notice"),
	Unsupported: () => __("Message of an Unknown Kind"),
};

export const TICKS = {
	Queued: { mark: "◷", label: () => __("Waiting to be sent") },
	Sending: { mark: "◷", label: () => __("Being sent") },
	Sent: { mark: "✓", label: () => __("Sent") },
	Delivered: { mark: "✓✓", label: () => __("Delivered") },
	Seen: { mark: "✓✓", label: () => __("Seen by the customer") },
	Failed: { mark: "!", label: () => __("Not sent") },
};

/** What the log says was done. */
export const DEEDS = {
	Assignment: (entry, name) => (entry.new_value ? __("Assigned to {0}", [name(entry.new_value)]) : __("Assignment removed")),
	Class: (entry) => __("Class: {0}", [label_of(CLASSES, entry.new_value) || __("None")]),
	Status: (entry) => __("Status: {0}", [label_of(STATUSES, entry.new_value)]),
	Priority: (entry) => __("Priority: {0}", [label_of(PRIORITIES, entry.new_value)]),
	Team: (entry) => __("Team: {0}", [entry.new_value || __("None")]),
	Link: (entry) => __("Linked: {0}", [entry.new_value || __("None")]),
	Merge: () => __("Another number of the same person was joined"),
};

export const label_of = (words, value) => (words[value] ? words[value]() : value || "");

/** What is said of a message where its text does not fit or there is none. */
export function gist(message) {
	if (message.deleted_on) {
		return __("This message was deleted");
	}
	return message.body || label_of(KINDS, message.message_type);
}
