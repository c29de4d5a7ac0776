// Files of a message. Only files of this site are shown, and only pictures, sound and film; everything else is a link.
import { el, icon } from "./dom";
import { KINDS, label_of } from "./words";

const STATES = {
	Pending: () => __("The file is being fetched."),
	Refused: () => __("The file was refused."),
	Expired: () => __("The file is no longer at the provider."),
	Failed: () => __("The file could not be fetched."),
};

export function media_node(file) {
	const url = file.file_url;
	if (file.status !== "Ready" || !url || !/^\/(private\/)?files\//.test(url)) {
		const reason = file.error ? `${STATES[file.status]?.() || ""} ${__(file.error)}` : STATES[file.status]?.();
		return el("div", { class: "inbox-file is-missing" }, icon("file"), el("span", { text: `${label_of(KINDS, file.kind)}: ${reason || file.status}` }));
	}
	const mime = file.mime_type || "";
	if (/^image\/(jpeg|png|gif|webp)$/.test(mime)) {
		return picture(file, url);
	}
	if (mime.startsWith("audio/")) {
		return el("audio", { class: "inbox-audio", controls: true, preload: "none", src: url, "aria-label": label_of(KINDS, "Audio") });
	}
	if (mime.startsWith("video/")) {
		return el("video", { class: "inbox-video", controls: true, preload: "metadata", src: url, "aria-label": label_of(KINDS, "Video") });
	}
	return document_link(file, url);
}

function picture(file, url) {
	const image = el("img", {
		class: file.kind === "Sticker" ? "inbox-sticker" : "inbox-picture",
		src: url,
		loading: "lazy",
		alt: file.file_name || label_of(KINDS, file.kind),
	});
	return el("a", { href: url, target: "_blank", rel: "noopener" }, image);
}

function document_link(file, url) {
	return el(
		"a",
		{ class: "inbox-file", href: url, target: "_blank", rel: "noopener", download: file.file_name || "" },
		icon("file"),
		el("span", {}, el("bdi", { text: file.file_name || label_of(KINDS, file.kind) }), el("small", { class: "text-muted", dir: "ltr", text: size_of(file.file_size) }))
	);
}

export function size_of(bytes) {
	if (!bytes) {
		return "";
	}
	return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
