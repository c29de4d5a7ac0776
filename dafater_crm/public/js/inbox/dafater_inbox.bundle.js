// The inbox; loaded by its page when somebody opens it.
import { Inbox } from "./inbox";

frappe.provide("dafater_crm.inbox");
dafater_crm.inbox.Inbox = Inbox;
