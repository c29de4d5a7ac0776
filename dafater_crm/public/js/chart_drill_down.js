// A click on a bar of a dashboard chart opens what the bar counts. Frappe's charts know no click of their own, so the
// answer of a chart source may carry `routes`, one for each label: { route: [...], options: { filter: value } }, or a
// list of them, one for each series.

function widget_of(element) {
	const widgets = (frappe.dashboard?.chart_group?.widgets_list || []).filter(Boolean);
	return widgets.find((widget) => widget.widget?.[0]?.contains(element));
}

// the library groups the bars of a series in an element of the class "dataset-0", "dataset-1", …
function series_of(bar) {
	const group = bar.closest(".dataset-units")?.getAttribute("class") || "";
	return Number(group.match(/dataset-(\d+)/)?.[1] || 0);
}

function route_of(element) {
	const bar = element.closest?.(".dashboard-widget-box [data-point-index]");
	const widget = bar && widget_of(bar);
	const target = widget?.data?.routes?.[Number(bar.getAttribute("data-point-index"))];
	return Array.isArray(target) ? target[series_of(bar)] : target;
}

$(document).on("mouseover", ".dashboard-widget-box [data-point-index]", (event) => {
	if (route_of(event.target)) $(event.target).css("cursor", "pointer");
});

$(document).on("click", ".dashboard-widget-box [data-point-index]", (event) => {
	const target = route_of(event.target);
	if (!target) return;
	frappe.route_options = target.options;
	frappe.set_route(target.route);
});
