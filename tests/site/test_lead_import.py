"""Importing leads from a file: nothing lost, nothing doubled, everything said, and all of it can be taken back."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import frappe
import openpyxl
import pytest
from frappe.utils.global_search import sync_global_search

from dafater_crm.api import lead_import
from dafater_crm.records import import_run, import_undo
from tests.site.factories import make_lead, phone, unique
from tests.site.people import DEVELOPING, MANAGING, OPERATING, SELLER_A, cast  # noqa: F401
from tests.site.statements import counted

IMPORT, LEAD, ROW = "Dafater Lead Import", "Dafater Lead", "Dafater Lead Import Row"
HEAD = ["الاسم", "الجوال", "البريد الإلكتروني", "الشركة", "المدينة", "ملاحظات"]
WORKER = Path(__file__).with_name("import_worker.py")


@pytest.fixture
def imports(cast):  # noqa: F811
	"""Makes imports of rows as a file; commits, and takes everything away again."""
	made: list[str] = []
	frappe.set_user(MANAGING)

	def make(rows: list[list], name: str = "leads.csv", content: bytes | None = None, **values):
		content = content if content is not None else as_csv([HEAD, *rows])
		file = frappe.get_doc(
			{"doctype": "File", "file_name": name, "content": content, "is_private": 1}
		).insert()
		doc = frappe.get_doc({"doctype": IMPORT, "file": file.file_url, **values}).insert()
		frappe.db.commit()
		made.append(doc.name)
		return doc

	yield make
	frappe.set_user("Administrator")
	for name in made:
		for lead in frappe.get_all(ROW, {"lead_import": name, "outcome": "Created"}, pluck="lead"):
			if lead and frappe.db.exists(LEAD, lead):
				frappe.delete_doc(LEAD, lead, force=1)
		frappe.db.set_value(IMPORT, name, "status", "Draft")
		frappe.delete_doc(IMPORT, name, force=1)
	frappe.db.commit()


def as_csv(rows: list[list], encoding: str = "utf-8") -> bytes:
	out = io.StringIO()
	csv.writer(out).writerows(rows)
	return out.getvalue().encode(encoding)


GIVEN = [
	"راكان",
	"وليد",
	"هيثم",
	"أنس",
	"رائد",
	"مازن",
	"ثامر",
	"عبدالمحسن",
	"غازي",
	"شاكر",
	"لؤي",
	"عصام",
	"قاسم",
	"مروان",
	"جهاد",
	"نزار",
	"أيمن",
	"زهير",
	"حاتم",
	"صخر",
]
FATHER = [
	"بدر",
	"جاسم",
	"حمود",
	"دخيل",
	"رداد",
	"زامل",
	"سفر",
	"شافي",
	"ضاري",
	"طامي",
	"عايض",
	"غانم",
	"فراج",
	"قبلان",
	"كساب",
	"لافي",
	"مطلق",
	"نهار",
	"هزاع",
	"ياسين",
]
FAMILY = [
	"الباحوث",
	"الجاسر",
	"الحوشان",
	"الخضيري",
	"الدريس",
	"الراجحي",
	"الزامل",
	"السديري",
	"الشلهوب",
	"الصقير",
	"الضويان",
	"الطريقي",
	"العقيل",
	"الفوزان",
]


def person(number: int, **changes) -> list:
	"""People who have nothing in common, also not a phone that differs in one digit."""
	given, father, family = GIVEN[number % 20], FATHER[number // 20 % 20], FAMILY[number // 400 % 14]
	row = {
		"name": f"{given} {father} {family}",
		"mobile": f"053{number * 7_654_321 % 9_999_991:07d}",
		"email": f"{number * 48_271 % 2_147_483_647:x}@import.example",
		"company": "",
		"city": "الرياض",
		"notes": "",
	}
	return list({**row, **changes}.values())


def run(doc, dry: bool = False):
	"""What the button and then the worker do."""
	(lead_import.check if dry else lead_import.start)(doc.name)
	frappe.db.commit()
	user = frappe.session.user
	import_run.work(doc.name)
	frappe.set_user(user)
	return frappe.get_doc(IMPORT, doc.name)


def outcomes(doc) -> dict[int, str]:
	rows = frappe.get_all(ROW, {"lead_import": doc.name}, ["row_no", "outcome"])
	return {row.row_no: row.outcome for row in rows}


def reasons(doc, row: int) -> str:
	return " ".join(
		json.loads(frappe.db.get_value(ROW, {"lead_import": doc.name, "row_no": row}, "reasons") or "[]")
	)


def lead_of(doc, row: int):
	return frappe.get_doc(LEAD, frappe.db.get_value(ROW, {"lead_import": doc.name, "row_no": row}, "lead"))


def test_columns_are_recognised_and_rows_become_leads(imports):
	doc = imports([person(1, notes="مهتم بالعرض"), person(2, company="شركة الأفق")], source="Website")
	assert [row.field for row in doc.columns] == [
		"lead_name",
		"mobile_no",
		"email_id",
		"organisation_name",
		"city",
		"notes",
	]
	done = run(doc)
	assert (done.status, done.total_rows, done.created, done.refused) == ("Completed", 2, 2, 0)
	first = lead_of(doc, 2)
	assert (first.mobile_no, first.email_id, first.city) == ("+966537654321", "bc8f@import.example", "الرياض")
	assert (first.request, first.captured_through, first.source) == ("مهتم بالعرض", "Import", "Website")
	assert (first.owner, first.status) == (MANAGING, "New")
	assert frappe.db.count("Dafater Status History", {"reference_name": first.name}) == 1


def test_the_check_says_what_the_import_then_does_and_stores_nothing(imports):
	rows = [person(number) for number in range(10, 16)]
	rows += [person(99, mobile="0521234567"), rows[0], ["", "0531111111", "", "", "", ""]]
	doc = imports(rows)
	before = frappe.db.count(LEAD)
	checked = run(doc, dry=True)
	counts = (checked.created, checked.merged, checked.refused)
	assert (checked.status, counts) == ("Checked", (6, 1, 2))
	assert frappe.db.count(LEAD) == before and not frappe.db.exists(ROW, {"lead_import": doc.name})
	examples = json.loads(checked.examples)
	assert [example["row"] for example in examples["Refused"]] == [8, 10]
	done = run(doc)
	assert (done.created, done.merged, done.refused) == counts
	assert frappe.db.count(LEAD) == before + 6


def test_every_refused_row_says_why_and_comes_back_as_a_file(imports):
	rows = [
		person(20),
		person(21, mobile="0521234567", name="=HYPERLINK(1)"),
		person(22, email="not an address"),
	]
	done = run(imports(rows))
	assert outcomes(done) == {2: "Created", 3: "Refused", 4: "Refused"}
	assert "not a valid phone number" in reasons(done, 3)
	assert "not a valid e-mail address" in reasons(done, 4)
	file = frappe.get_doc("File", {"file_url": done.refused_file})
	table = list(csv.reader(io.StringIO(file.get_content().lstrip("\ufeff"))))
	assert [row[-2] for row in table] == ["Row", "3", "4"]
	assert table[1][0] == "'=HYPERLINK(1)" and table[2][2] == "not an address"
	assert file.is_private


def test_a_wrong_value_can_be_left_out_and_is_not_lost(imports):
	doc = imports([person(30, mobile="0521234567", email="x")], when_wrong="Leave the Value Out")
	done = run(doc)
	assert (done.created, done.refused) == (1, 0)
	lead = lead_of(doc, 2)
	assert not lead.mobile_no and not lead.email_id
	assert "0521234567" in lead.request and "x" in lead.request


def test_a_known_person_is_filled_up_not_doubled(imports):
	name, number = f"{unique('هدى')} المالكي", phone()
	known = make_lead(lead_name=name, mobile_no=number, email_id=None, organisation_name=None, city="جدة")
	frappe.db.commit()
	row = person(40, name=name, mobile=number, email="huda@import.example", city="الرياض")
	doc = imports([row])
	done = run(doc)
	try:
		assert (done.created, done.merged) == (0, 1)
		known.reload()
		assert (known.email_id, known.city) == ("huda@import.example", "جدة")
		frappe.db.set_value(IMPORT, doc.name, "status", "Undoing")
		import_undo.work(doc.name)
		known.reload()
		assert (known.email_id, known.city) == (None, "جدة")
	finally:
		frappe.set_user("Administrator")
		frappe.delete_doc(LEAD, known.name, force=1)
		frappe.db.commit()


def test_what_a_known_lead_has_otherwise_is_kept_and_said(imports):
	"""The same number, another e-mail address and a second number: the number finds a place, the address is named."""
	name, number, second = f"{unique('ليلى')} الشمري", phone(), phone()
	known = make_lead(lead_name=name, mobile_no=number, email_id="layla@old.example", phone=None, city="جدة")
	frappe.db.commit()
	head = [*HEAD, "هاتف"]
	rows = [
		[name, second, "layla@new.example", "", "جدة", "", number],
		[name, number, "layla@old.example", "", "جدة", "", ""],
	]
	doc = imports([], content=as_csv([head, *rows]))
	done = run(doc)
	try:
		assert (done.created, done.merged) == (0, 2)
		known.reload()
		assert (known.mobile_no, known.email_id) == (f"+966{number[1:]}", "layla@old.example")
		assert known.phone == f"+966{second[1:]}"
		reasons = dict(
			frappe.get_all(
				ROW, {"lead_import": doc.name}, ["row_no", "reasons"], as_list=True, order_by="row_no"
			)
		)
		said = "Not taken, since another value is there: E-mail: layla@new.example"
		why, left = json.loads(reasons[2])
		assert why.startswith(f"Known already as {known.name}: ") and "same mobile" in why
		assert left == said
		[why] = json.loads(reasons[3])
		assert why.startswith(f"Known already as {known.name}: ") and "same e-mail, same mobile" in why
	finally:
		frappe.set_user("Administrator")
		frappe.delete_doc(LEAD, known.name, force=1)
		frappe.db.commit()


def test_a_namesake_in_the_same_company_is_a_lead_of_his_own(imports):
	"""His number is not a second one of the first."""
	name, firm = "بندر السبيعي", unique("شركة الأفق")
	same = {"name": name, "company": firm}
	known = make_lead(lead_name=name, organisation_name=firm, city="الرياض", email_id="b.s@firm.example")
	frappe.db.commit()
	doc = imports([person(41, **same), person(42, **same, mobile="", email="")])
	done = run(doc)
	try:
		assert (done.created, done.merged, done.doubtful) == (2, 0, 2)
		known.reload()
		assert not known.phone and known.email_id == "b.s@firm.example"
		pairs = frappe.get_all(
			"Dafater Duplicate Candidate",
			{"lead_b": lead_of(doc, 2).name},
			["lead_a", "certain"],
			as_list=True,
		)
		assert pairs == ((known.name, 0),)
	finally:
		forget(known.name)


def test_a_lead_without_contacts_is_one_of_two_namesakes(imports):
	name, firm = f"{unique('بندر')} السبيعي", unique("شركة الأفق")
	values = {"mobile_no": None, "email_id": None, "city": "الرياض"}
	known = make_lead(lead_name=name, organisation_name=firm, **values)
	frappe.db.commit()
	rows = [person(number, name=name, company=firm, email="") for number in (43, 44)]
	doc = imports([*rows, rows[0]])
	done = run(doc)
	try:
		assert outcomes(doc) == {2: "Filled Up", 3: "Created", 4: "Filled Up"}
		assert reasons(doc, 2).startswith(f"Known already as {known.name}: same name")
		assert lead_of(doc, 4).name == known.name
		known.reload()
		assert (known.mobile_no, known.phone) == (f"+966{rows[0][1][1:]}", None)
		assert lead_of(doc, 3).mobile_no == f"+966{rows[1][1][1:]}"
		assert done.doubtful == 1
	finally:
		forget(known.name)


def forget(lead: str) -> None:
	frappe.set_user("Administrator")
	frappe.delete_doc(LEAD, lead, force=1)
	frappe.db.commit()


def test_one_person_five_times_in_a_file_is_one_lead(imports):
	name = f"{unique('محمد')} الحربي"
	forms = ["0534567890", "+966 53 456 7890", "00966534567890", "٠٥٣٤٥٦٧٨٩٠", "534567890"]
	doc = imports([person(50 + place, name=name, mobile=text, email="") for place, text in enumerate(forms)])
	done = run(doc)
	assert (done.created, done.merged) == (1, 4)
	assert reasons(doc, 6).startswith("Known already from row 2 of the file: same mobile, ")
	doc = imports(
		[person(60 + place, name=name, mobile=text, email="") for place, text in enumerate(forms)],
		when_known="Create Anyway",
	)
	done = run(doc)
	assert (done.created, done.doubtful) == (5, 5)
	pairs = frappe.get_all(
		"Dafater Duplicate Candidate", {"lead_b": lead_of(doc, 6).name}, ["found_by", "certain"]
	)
	assert pairs and all(pair.certain and pair.found_by == "Import" for pair in pairs)


def test_undo_takes_back_what_nobody_has_worked_with(imports):
	doc = run(imports([person(70), person(71), person(72)]))
	names = [lead_of(doc, row).name for row in (2, 3, 4)]
	assert frappe.cache.llen("global_search_queue"), "what still waits for the search is taken back as well"
	frappe.get_doc(LEAD, names[1]).add_comment("Comment", "اتصلت به")
	frappe.db.commit()
	frappe.set_user(OPERATING)
	with pytest.raises(frappe.PermissionError):
		lead_import.undo(doc.name)
	frappe.set_user(MANAGING)
	lead_import.undo(doc.name)
	frappe.db.commit()
	import_undo.work(doc.name)
	frappe.set_user(MANAGING)
	done = frappe.get_doc(IMPORT, doc.name)
	assert (done.status, done.kept) == ("Undone", 1)
	assert [bool(frappe.db.exists(LEAD, name)) for name in names] == [False, True, False]
	assert not frappe.db.count("Dafater Status History", {"reference_name": names[0]})
	assert not frappe.db.count("Dafater Match Key", {"lead": names[0]})
	assert [found_by_search(name) for name in names] == [False, True, False]


def found_by_search(lead: str) -> bool:
	sync_global_search()
	return bool(frappe.db.sql("select 1 from __global_search where doctype = %s and name = %s", (LEAD, lead)))


@pytest.mark.parametrize(("language", "said"), [("ar", "الجوال"), ("en", "Mobile")])
def test_a_job_speaks_the_language_of_who_started_it(imports, language, said):
	before = frappe.db.get_value("User", MANAGING, "language")
	frappe.db.set_value("User", MANAGING, "language", language)
	frappe.clear_document_cache("User", MANAGING)
	try:
		doc = imports([person(90, mobile="12")])
		lead_import.start(doc.name)
		frappe.db.commit()
		import_run.work(doc.name)
		[reasons] = frappe.get_all(ROW, {"lead_import": doc.name}, pluck="reasons")
		assert json.loads(reasons)[0].startswith(f"{said}: ")
	finally:
		frappe.db.set_value("User", MANAGING, "language", before)
		frappe.clear_document_cache("User", MANAGING)
		frappe.db.commit()


def test_a_stopped_import_goes_on_where_it_was(imports, monkeypatch):
	monkeypatch.setattr(import_run, "BATCH", 2)
	doc = imports([person(number) for number in range(80, 87)])
	lead_import.start(doc.name)
	frappe.db.commit()
	done = []

	def stop_after_two(count):
		done.append(count)
		if len(done) == 2:
			lead_import.stop(doc.name)
			frappe.db.commit()

	with pytest.raises(import_run.Stopped):
		import_run.run(doc.name, dry=False, progress=stop_after_two)
	stopped = frappe.get_doc(IMPORT, doc.name)
	assert (stopped.status, stopped.rows_done, stopped.created) == ("Stopped", 4, 4)
	lead_import.resume(doc.name)
	frappe.db.commit()
	import_run.work(doc.name)
	frappe.set_user(MANAGING)
	assert frappe.get_doc(IMPORT, doc.name).created == 7
	assert list(outcomes(doc)) == list(range(2, 9)) or sorted(outcomes(doc)) == list(range(2, 9))


def test_a_worker_killed_twice_loses_and_doubles_nothing(imports):
	total = 4_000
	rows = [person(number) for number in range(1_000, 1_000 + total)]
	doc = imports(rows, when_known="Create Anyway")
	lead_import.start(doc.name)
	frappe.db.commit()
	seen = [kill_in_the_middle(doc.name), kill_in_the_middle(doc.name)]
	assert 0 < seen[0] < seen[1] < total, seen
	subprocess.run(worker(doc.name), check=True, cwd=os.getcwd(), timeout=300)
	frappe.db.rollback()
	done = frappe.get_doc(IMPORT, doc.name)
	assert (done.status, done.created, done.rows_done) == ("Completed", total, total)
	assert sorted(outcomes(doc)) == list(range(2, total + 2))
	leads = frappe.get_all(ROW, {"lead_import": doc.name}, pluck="lead")
	assert len(set(leads)) == total
	frappe.set_user(MANAGING)
	lead_import.undo(doc.name)
	frappe.db.commit()
	import_undo.work(doc.name)
	assert not frappe.db.exists(LEAD, {"name": ("in", leads)})


def worker(name: str) -> list[str]:
	return [sys.executable, str(WORKER), frappe.local.site, name]


def kill_in_the_middle(name: str) -> int:
	"""Start a worker, kill it hard after some more rows are stored; returns how many are."""
	start = stored(name)
	process = subprocess.Popen(worker(name), cwd=os.getcwd())
	deadline = time.monotonic() + 120
	while stored(name) < start + 1_000 and time.monotonic() < deadline:
		time.sleep(0.05)
	process.send_signal(signal.SIGKILL)
	process.wait()
	return stored(name)


def stored(name: str) -> int:
	frappe.db.rollback()
	return frappe.db.get_value(IMPORT, name, "rows_done")


def test_the_statements_of_a_batch_do_not_grow(imports):
	few, many = imports([person(200 + n) for n in range(5)]), imports([person(300 + n) for n in range(400)])
	run(imports([person(199)]))
	with counted() as first:
		run(few)
	with counted() as second:
		run(many)
	assert len(second) <= len(first) + 2


@pytest.mark.parametrize(
	("content", "message"),
	[
		(b"", "empty"),
		(b"\x00\x01\x02binary", "."),
		(as_csv([["0551234567", "a@b.sa"], ["0551234568", "c@d.sa"]]), "head"),
		(as_csv([[f"c{n}" for n in range(400)], ["x"] * 400]), "columns"),
		('الاسم,الجوال\nزهير,0501234567\n"سلمى,0551234567\nنايف,0561234567\n'.encode(), "never closed"),
	],
)
def test_what_is_no_list_of_leads_is_refused_with_one_message(imports, content, message):
	with pytest.raises(frappe.ValidationError, match=f"(?i){message}"):
		imports([], content=content or b" ", name="bad.csv")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1256", "utf-16"])
def test_files_of_excel_are_read_in_every_encoding(imports, encoding):
	doc = imports([], content=as_csv([HEAD, person(90, name="عبدالعزيز الشمراني")], encoding))
	run(doc)
	assert lead_of(doc, 2).lead_name == "عبدالعزيز الشمراني"


def test_a_workbook_with_numbers_and_several_sheets(imports):
	book = openpyxl.Workbook()
	book.active.append(["x"])
	sheet = book.create_sheet("العملاء")
	sheet.append(["الاسم", "الجوال", "عدد الموظفين"])
	sheet.append(["نايف السبيعي", 538765432, 120])
	out = io.BytesIO()
	book.save(out)
	doc = imports([], content=out.getvalue(), name="book.xlsx", sheet="العملاء")
	assert lead_import.sheets(doc.name) == ["Sheet", "العملاء"]
	run(doc)
	lead = lead_of(doc, 2)
	assert (lead.mobile_no, lead.no_of_employees) == ("+966538765432", "50-249")
	assert lead.employee_count == 120


def test_a_cover_sheet_is_passed_over(imports):
	book = openpyxl.Workbook()
	book.active.title = "غلاف"
	book.active.append(["تقرير العملاء"])
	sheet = book.create_sheet("العملاء")
	sheet.append(["الاسم / Name", "الجوال / Mobile"])
	sheet.append(["نايف السبيعي", "538765432.0"])
	out = io.BytesIO()
	book.save(out)
	doc = imports([], content=out.getvalue(), name="book.xlsx")
	assert doc.sheet == "العملاء"
	run(doc)
	assert (lead_of(doc, 2).lead_name, lead_of(doc, 2).mobile_no) == ("نايف السبيعي", "+966538765432")


def test_a_name_in_two_columns_is_one_name(imports):
	head = ["الاسم", "اسم العائلة", "الجوال"]
	content = as_csv([head, ["محمد", "القحطاني", "0538765432"], ["محمد", "الغامدي", "0538111222"]])
	doc = imports([], content=content)
	run(doc)
	assert [lead_of(doc, row).lead_name for row in (2, 3)] == ["محمد القحطاني", "محمد الغامدي"]


def test_what_stands_beside_a_number_is_kept_and_the_row_is_not_refused(imports):
	doc = imports(
		[
			person(95, mobile="0531234567 مدير المبيعات", email="a95@import.example - شخصي, خالد"),
			person(96, mobile="-"),
		]
	)
	done = run(doc)
	assert (done.created, done.refused) == (2, 0)
	lead = lead_of(doc, 2)
	assert (lead.mobile_no, lead.email_id) == ("+966531234567", "a95@import.example")
	assert "مدير المبيعات" in lead.request and "خالد" in lead.request
	assert "text beside the phone number" in reasons(doc, 2)
	assert not lead_of(doc, 3).mobile_no and not lead_of(doc, 3).request


def test_the_number_before_an_extension_is_taken_where_values_are_left_out(imports):
	head = ["الاسم", "الهاتف"]
	content = as_csv([head, ["نايف السبيعي", "0114123456 تحويلة 12"]])
	doc = imports([], content=content, when_wrong="Leave the Value Out")
	run(doc)
	lead = lead_of(doc, 2)
	assert lead.phone == "+966114123456"
	assert "تحويلة 12" in lead.request


def test_where_a_visit_came_from_is_kept_word_for_word(imports):
	"""As the web form keeps it: a source or campaign that is no record of the site refuses no row."""
	head = ["الاسم", "الجوال", "utm_source", "utm_medium", "utm_campaign", "utm_content", "كلمة UTM"]
	came = ["google", "cpc", "عرض-رمضان", "banner-2", "أثاث مكتبي"]
	doc = imports([], content=as_csv([head, ["نايف السبيعي", "0538765432", *came]], "utf-8-sig"))
	run(doc)
	lead = lead_of(doc, 2)
	assert [lead.get(f"utm_{field}") for field in ("source", "medium", "campaign", "content", "term")] == came
	assert (lead.source, lead.campaign) == (None, None)


def test_a_mapping_without_a_name_or_with_a_field_twice_is_refused(imports):
	doc = imports([person(95)])
	doc.columns[0].field = ""
	doc.columns[3].field = ""
	with pytest.raises(frappe.ValidationError, match="No column holds a name"):
		doc.save()
	doc.reload()
	doc.columns[3].field = "lead_name"
	with pytest.raises(frappe.ValidationError, match="two columns"):
		doc.save()


def test_who_may_not_import_does_not(imports):
	doc = imports([person(96)])
	for user in (SELLER_A, DEVELOPING):
		frappe.set_user(user)
		for call in (
			lead_import.check,
			lead_import.start,
			lead_import.stop,
			lead_import.resume,
			lead_import.undo,
		):
			with pytest.raises(frappe.PermissionError):
				call(doc.name)
		with pytest.raises(frappe.PermissionError):
			lead_import.fields()
		with pytest.raises(frappe.PermissionError):
			lead_import.sheets(doc.name)
		with pytest.raises(frappe.PermissionError):
			frappe.get_list(IMPORT)
