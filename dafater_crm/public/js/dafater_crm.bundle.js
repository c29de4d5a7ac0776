// The pieces that several forms share; loaded with the desk (hook `app_include_js`).
import "./chart_drill_down";
import "./hijri";
import "./stage_bar";
import "./customer_view";
import "./follow_up";
import "./lead_duplicates";
import "./merge_leads";
import "./report_filters";
import "./dafater_timeline_item.html";
