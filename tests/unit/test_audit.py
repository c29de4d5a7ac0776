"""dafater-audit: the files it writes, its texts and its exit codes."""

from __future__ import annotations

import csv
import string
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from dafater_crm.audit.catalogue import counted, general_sentence, text
from dafater_crm.audit.cleaned import ADDED, safe
from dafater_crm.audit.main import main
from dafater_crm.audit.words_ar import ARABIC
from dafater_crm.audit.words_en import ENGLISH
from dafater_crm.domain.errors import MESSAGES
from dafater_crm.domain.matching import CONTRADICTIONS

ROOT = Path(__file__).parents[2]
LEADS = """الاسم,الجوال,البريد,الشركة,المدينة
محمد القحطاني,0551234567,M@example.com,شركة النور,الرياض
Mohammed Al-Qahtani,+966 55 123 4567,,,Riyadh
علي محمد القحطاني 😀,0551234567 / 0112345678,,,
=cmd|' /C calc'!A0,0521234567,<script>alert(1)</script>,,
"""


def placeholders(message: str) -> set[str]:
	return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
	"""A workbook with these sheets."""
	made = openpyxl.Workbook()
	made.remove(made.active)
	for name, rows in sheets.items():
		sheet = made.create_sheet(name)
		for row in rows:
			sheet.append(row)
	made.save(path)
	return path


@pytest.fixture
def leads(tmp_path) -> Path:
	path = tmp_path / "leads.csv"
	path.write_text(LEADS, encoding="utf-8")
	return path


class TestCatalogue:
	def test_both_languages_say_the_same_things(self):
		assert list(ARABIC) == list(ENGLISH)
		for key in ENGLISH:
			assert placeholders(ARABIC[key]) == placeholders(ENGLISH[key]), key
			assert ARABIC[key].strip() and ENGLISH[key].strip()

	def test_every_code_of_a_problem_has_its_arabic_sentence(self):
		for code in MESSAGES:
			assert general_sentence("ar", code) != general_sentence("en", code)

	def test_contradictions_are_reasons(self):
		assert {f"reason_{code}" for code in CONTRADICTIONS} <= set(ENGLISH)

	@pytest.mark.parametrize(
		("number", "english", "arabic"),
		[
			(0, "0 rows", "لا صفوف"),
			(1, "1 row", "صف واحد"),
			(2, "2 rows", "صفان"),
			(3, "3 rows", "3 صفوف"),
			(10, "10 rows", "10 صفوف"),
			(11, "11 rows", "11 صفًا"),
			(99, "99 rows", "99 صفًا"),
			(100, "100 rows", "100 صف"),
			(102, "102 rows", "102 صف"),
			(1103, "1,103 rows", "1,103 صفوف"),
			(50_000, "50,000 rows", "50,000 صف"),
		],
	)
	def test_counted(self, number, english, arabic):
		assert counted("en", "count_rows", number) == english
		assert counted("ar", "count_rows", number) == arabic

	def test_every_noun_has_all_its_forms(self):
		for key in (key for key in ENGLISH if key.startswith("count_")):
			assert (ENGLISH[key].count("|"), ARABIC[key].count("|")) == (1, 5)

	def test_text(self):
		assert text("en", "example_row", 7) == "row 7"


class TestFiles:
	def test_cleaned_file(self, leads, tmp_path, capsys):
		assert main([str(leads), "--output", str(tmp_path / "out"), "--language", "en"]) == 0
		assert "4 rows, 1 group of duplicates, 2 rows with a problem" in capsys.readouterr().out
		raw = (tmp_path / "out" / "leads.cleaned.csv").read_bytes()
		assert raw.startswith(b"\xef\xbb\xbf")
		rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
		assert rows[0][5:] == ["row", "entity", "mobile_e164", "phone_e164", "email_clean", "problems"]
		assert [row[:5] for row in rows[1:4]] == [row for row in csv.reader(LEADS.splitlines()[1:4])]
		assert [row[5:7] for row in rows[1:]] == [["2", "2"], ["3", "2"], ["4", "4"], ["5", "5"]]
		assert rows[3][7:9] == ["+966551234567", "+966112345678"]
		assert rows[4][0] == "'=cmd|' /C calc'!A0"
		assert "mobile_no: phone_invalid" in rows[4][10]

	def test_reports(self, leads, tmp_path):
		assert main([str(leads), "--output", str(tmp_path)]) == 0
		arabic = (tmp_path / "leads.report.ar.html").read_text(encoding="utf-8")
		english = (tmp_path / "leads.report.en.html").read_text(encoding="utf-8")
		assert '<html lang="ar" dir="rtl">' in arabic and '<html lang="en" dir="ltr">' in english
		for report in (arabic, english):
			assert "<script" not in report
			assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report
			assert "http" not in report
		assert "same mobile" in english and "الجوال نفسه" in arabic

	def test_one_language(self, leads, tmp_path):
		assert main([str(leads), "--output", str(tmp_path / "o"), "--language=ar"]) == 0
		assert {path.name for path in (tmp_path / "o").iterdir()} == {
			"leads.cleaned.csv",
			"leads.report.ar.html",
		}

	def test_headings_that_are_taken(self, tmp_path):
		path = tmp_path / "x.csv"
		path.write_text("Name,Row,Problems\nAli,1,no\n", encoding="utf-8")
		assert main([str(path)]) == 0
		head = (tmp_path / "x-audit" / "x.cleaned.csv").read_text(encoding="utf-8-sig").splitlines()[0]
		assert (
			head == "Name,Row,Problems,dafater_row,entity,mobile_e164,phone_e164,email_clean,dafater_problems"
		)

	def test_the_title_of_a_report_is_no_html(self, leads, tmp_path):
		assert main([str(leads), "--output", str(tmp_path)]) == 0
		for language, title in (("en", "Audit of leads.csv"), ("ar", "فحص الملف leads.csv")):
			page = (tmp_path / f"leads.report.{language}.html").read_text(encoding="utf-8")
			assert f"<title>{title}</title>" in page

	def test_its_own_output_again_and_again(self, leads, tmp_path):
		source = leads
		for run in range(4):
			assert main([str(source), "--output", str(tmp_path / str(run))]) == 0
			source = tmp_path / str(run) / f"{source.stem}.cleaned.csv"
		head = next(csv.reader(source.read_text(encoding="utf-8-sig").splitlines()))
		assert len(head) == len(set(head)) == 5 + 4 * 6
		assert head[-6:] == [f"dafater_{name}_3" for name in ADDED]

	def test_two_files_of_one_name_keep_their_results(self, leads, tmp_path):
		assert main([str(leads)]) == 0
		book(tmp_path / "leads.xlsx", {"Leads": [["Name", "Mobile"], ["Ali", "0551234567"]]})
		assert main([str(tmp_path / "leads.xlsx")]) == 0
		assert "محمد" in (tmp_path / "leads-audit" / "leads.cleaned.csv").read_text(encoding="utf-8-sig")
		assert (tmp_path / "leads.xlsx-audit" / "leads.cleaned.csv").exists()

	@pytest.mark.parametrize(
		("cell", "written"),
		[
			("=1+1", "'=1+1"),
			("@SUM(A1)", "'@SUM(A1)"),
			("+cmd|x", "'+cmd|x"),
			("-2+3+cmd|x", "'-2+3+cmd|x"),
			("+966 55 123-4567", "+966 55 123-4567"),
			("-5", "-5"),
			("- خصم", "- خصم"),
			("علي", "علي"),
		],
	)
	def test_no_cell_runs(self, cell, written):
		assert safe(cell) == written


class TestSheets:
	LIST = [["الاسم", "الجوال"], ["علي", "0551234567"]]

	def test_the_other_sheets_are_named(self, tmp_path, capsys):
		path = book(tmp_path / "x.xlsx", {"الرياض": self.LIST, "جدة": self.LIST, "فارغة": []})
		assert main([str(path), "--language", "ar"]) == 0
		assert "لم تُقرأ الأوراق الأخرى في هذا الملف: جدة." in capsys.readouterr().out
		report = (tmp_path / "x-audit" / "x.report.ar.html").read_text(encoding="utf-8")
		assert "أوراق أخرى لم تُقرأ: <bdi>جدة</bdi>" in report
		assert main([str(path), "--language", "en", "--sheet", "جدة"]) == 0
		assert "the other sheets of this workbook, الرياض." in capsys.readouterr().out

	def test_nothing_is_said_of_one_sheet(self, tmp_path, capsys):
		assert main([str(book(tmp_path / "x.xlsx", {"a": self.LIST, "b": []})), "--language", "en"]) == 0
		assert "sheet" not in capsys.readouterr().out

	@pytest.mark.parametrize(
		"cover",
		[
			[["تقرير عملاء شركة النخيل 2026"]],
			[["تقرير العملاء"], ["2026"], ["إعداد: قسم المبيعات"]],
			[["الشركة", "النخيل"], ["التاريخ", "2026"]],
		],
	)
	def test_a_cover_is_passed_over(self, tmp_path, capsys, cover):
		path = book(tmp_path / "x.xlsx", {"غلاف": cover, "عملاء": self.LIST})
		assert main([str(path), "--language", "en"]) == 0
		out = capsys.readouterr().out
		assert out.startswith("1 row, 0 groups")
		assert "the other sheets of this workbook, غلاف." in out

	def test_a_workbook_without_a_list(self, tmp_path, capsys):
		path = book(tmp_path / "x.xlsx", {"غلاف": [["تقرير"]], "ب": [["ملاحظة"]]})
		assert main([str(path), "--language", "en"]) == 2
		assert "no rows below them" in capsys.readouterr().err


class TestRefusals:
	@pytest.mark.parametrize(
		("arguments", "said"),
		[
			([], "The command is not right"),
			(["--nonsense", "x"], "The command is not right"),
			(["missing.csv"], "There is no file missing.csv"),
			(["."], "cannot be read"),
			(["FILE", "--region", "XX"], "XX is not a country code"),
			(["FILE", "--output", "FILE/below"], "cannot be written"),
		],
	)
	def test_one_line_and_code_2(self, leads, capsys, monkeypatch, arguments, said):
		monkeypatch.setenv("LC_ALL", "C.UTF-8")
		assert main([argument.replace("FILE", str(leads)) for argument in arguments]) == 2
		error = capsys.readouterr().err
		assert said in error
		assert error.count("\n") == 1

	def test_in_arabic(self, tmp_path, capsys):
		path = tmp_path / "x.csv"
		path.write_text("الاسم,الجوال\n", encoding="utf-8")
		assert main([str(path), "--language", "ar"]) == 2
		assert "في الملف عناوين ولا صفوف تحتها" in capsys.readouterr().err

	def test_the_language_of_the_environment(self, capsys, monkeypatch):
		monkeypatch.setenv("LC_ALL", "ar_SA.UTF-8")
		assert main(["missing.csv"]) == 2
		assert "لا يوجد ملف" in capsys.readouterr().err

	def test_as_a_process(self, leads):
		command = [sys.executable, "-m", "dafater_crm.audit.main"]
		done = subprocess.run([*command, str(leads)], cwd=ROOT, capture_output=True, text=True, check=False)
		assert (done.returncode, done.stderr) == (0, "")
		refused = subprocess.run(
			[*command, "/nonexistent"], cwd=ROOT, capture_output=True, text=True, check=False
		)
		assert refused.returncode == 2
		assert "Traceback" not in refused.stderr

	def test_needs_no_frappe(self):
		code = "import sys, dafater_crm.audit.main; print([m for m in ('frappe', 'erpnext') if m in sys.modules])"
		done = subprocess.run(
			[sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
		)
		assert done.stdout.strip() == "[]"
