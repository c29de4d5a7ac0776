"""Damaged text files: quotes that are never closed, bytes of another encoding. Nobody's name may be lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafater_crm.domain.errors import RuleError
from dafater_crm.intake.encodings import find_encoding
from dafater_crm.intake.rows import RowCleaner
from dafater_crm.intake.tables import open_table


def write(folder: Path, content: bytes | str) -> Path:
	path = folder / "leads.csv"
	path.write_bytes(content if isinstance(content, bytes) else content.encode())
	return path


def names(path: Path) -> list[str]:
	return [row.cells[0] for row in open_table(path).rows()]


class TestQuotes:
	@pytest.mark.parametrize(
		("text", "row"),
		[
			# open until the end
			('الاسم,الجوال\nزهير,0501234567\n"سلمى البلوي,0551234567\nنايف,0561234567\n', 3),
			('الاسم,الجوال\nزهير,0501234567\n"سلمى البلوي,0551234567', 3),
			('الاسم,الجوال\nزهير,"0501234567\n', 2),
			# open until the quote in front of a later name
			('الاسم,الجوال\n"سلمى,0551234567\nنايف,0561234567\n"هتون, أم سعد",0591234567\nعلي,1\n', 2),
			('الاسم,الجوال\n"سلمى","0551234567\n"هتون","0591234567"\n"علي","1"\n', 2),
			# closed by the sign for inches, behind which a comma stands
			("Name,Mobile,Request\n" + '"a,1,x\n' + "b,2,y\n" * 3 + 'c,3,TV 55"\nd,4,z\n', 2),
		],
	)
	def test_a_quote_that_swallows_rows_is_refused(self, tmp_path, text, row):
		with pytest.raises(RuleError) as caught:
			names(write(tmp_path, text))
		assert caught.value.code == "file_quote_open"
		assert caught.value.params == {"row": row}

	@pytest.mark.parametrize(
		("text", "first"),
		[
			('الاسم,الجوال\nزهير "أبو سعد" الحربي,0501234567\n', 'زهير "أبو سعد" الحربي'),
			('الاسم,الجوال\n"زهير"الحربي,0501234567\n', "زهيرالحربي"),
			('Name,Notes\n"Ali","one\ntwo, three\nfour"\n', "Ali"),
			('Name,Notes\nAli,"he said:\n"yes" to it"\nSaad,x\n', "Ali"),
			('Name,Address,City\nAli,"Olaya, St 5\nGate 3, Flat 4, Floor 1\nRiyadh, KSA",Riyadh\n', "Ali"),
			('Name\n"Ali\nSaad"\n', "Ali\nSaad"),
			('Name,Mobile\n"Ali",1', "Ali"),
			('Name,Mobile\nAli,""\n\n', "Ali"),
		],
	)
	def test_quotes_that_are_only_untidy_are_read(self, tmp_path, text, first):
		assert names(write(tmp_path, text))[0] == first


class TestBytes:
	def test_one_broken_byte_in_a_small_file(self, tmp_path):
		text = "الاسم,الجوال\nزهير الحربي,0501234567\nسلم".encode() + b"\xd9,0551234567\n"
		table = open_table(write(tmp_path, text))
		assert table.encoding == "utf-8"
		assert table.headings == ["الاسم", "الجوال"]

	def test_the_name_with_the_broken_byte_is_said(self, tmp_path):
		text = "الاسم,الجوال\nزهير الحربي,0501234567\nسلم".encode() + b"\xd9 \xd9,0551234567\n"
		table = open_table(write(tmp_path, text))
		clean = RowCleaner(table.columns).clean(list(table.rows())[1])
		assert [problem.code for problem in clean.problems] == ["cell_letters_lost"]
		assert clean.left_over == [("الاسم", "سلم\ufffd \ufffd")]

	@pytest.mark.parametrize(
		"text",
		[
			"الاسم,الجوال,المدينة\nمحمد القحطاني,0551234567,الرياض\n",
			# ، behind a letter decodes as one letter of UTF-8
			"الاسم,العنوان\nعلي,الرياض، حي النرجس، شارع سعد، مبنى ٥\n",
		],
	)
	def test_windows_1256_is_still_found(self, tmp_path, text):
		with write(tmp_path, text.encode("cp1256", errors="replace")).open("rb") as stream:
			assert find_encoding(stream) == "cp1256"
