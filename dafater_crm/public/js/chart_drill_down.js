// A click on a bar of a dashboard chart opens what the bar counts. Frappe's charts know no click of their own, so the
// answer of a chart source may carry `routes`, one for each label: { route: [...], options: { filter: value } }.

function widget_of(element) {
	const widgets = (frappe.dashboard?.chart_group?.widgets_list || []).filter(Boolean);
	return widgets.find((widget) => widget.widget?.[0]?.contains(element));
}

function route_of(element) {
	const bar = element.closest?.(".dashboard-widget-box [data-point-index]");
	const widget = bar && widget_of(bar);
	return widget?.data?.routes?.[Number(bar.getAttribute("data-point-index"))];
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
