"""The parts of the Makefile's tools that decide something; what they start is tried by running them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tooling import app_install, company, pytest_runs
from tooling.bench import Bench, find_bench, missing_parts, why_no_bench
from tooling.paths import ROOT
from tooling.shell import ToolingError
from tooling.venvs import requirements


def make_bench(path: Path, apps: str = "frappe\nerpnext") -> Bench:
	for part in ("apps/frappe/frappe", "apps/erpnext", "sites", "env/bin", "config"):
		(path / part).mkdir(parents=True)
	(path / "env/bin/python").touch()
	(path / "sites/apps.txt").write_text(apps)
	(path / "apps/frappe/frappe/__init__.py").write_text('__version__ = "15.41.0"\n')
	return Bench(path)


def test_bench_is_found_where_frappe_bench_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("FRAPPE_BENCH", str(tmp_path / "bench"))
	assert find_bench() is None
	assert why_no_bench() == f"no bench found at {tmp_path / 'bench'}"
	make_bench(tmp_path / "bench")
	assert find_bench() == Bench(tmp_path / "bench")


def test_incomplete_bench_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("FRAPPE_BENCH", str(tmp_path))
	(tmp_path / "sites").mkdir()
	assert missing_parts(tmp_path) == ["apps/frappe", "apps/erpnext", "env/bin/python"]
	assert "apps/erpnext" in why_no_bench()


def test_bench_tells_versions_and_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.delenv("DB_HOST", raising=False)
	bench = make_bench(tmp_path)
	assert bench.version("frappe") == "15.41.0"
	assert (bench.db_host, bench.redis_url("cache")) == ("127.0.0.1", "redis://127.0.0.1:13000")
	config = {"db_host": "db.example", "redis_cache": "redis://127.0.0.1:7000"}
	(tmp_path / "sites/common_site_config.json").write_text(json.dumps(config))
	assert (bench.db_host, bench.redis_url("cache")) == ("db.example", "redis://127.0.0.1:7000")


@pytest.mark.parametrize("apps", ["frappe\nerpnext", "frappe\nerpnext\n", "frappe\nerpnext\ndafater_crm\n"])
def test_app_is_listed_once_and_never_glued_to_another(tmp_path: Path, apps: str) -> None:
	bench = make_bench(tmp_path, apps)
	app_install.list_app(bench)
	app_install.list_app(bench)
	assert (tmp_path / "sites/apps.txt").read_text() == "frappe\nerpnext\ndafater_crm\n"


def test_link_moves_to_this_checkout_but_never_replaces_a_directory(tmp_path: Path) -> None:
	bench = make_bench(tmp_path)
	link = tmp_path / "apps/dafater_crm"
	link.symlink_to(tmp_path / "elsewhere")
	app_install.link_checkout(bench)
	assert link.resolve() == ROOT
	link.unlink()
	link.mkdir()
	with pytest.raises(SystemExit):
		app_install.link_checkout(bench)


def test_requirements_come_from_pyproject() -> None:
	assert any(line.startswith("hijridate>=") for line in requirements())
	assert any(line.startswith("pytest>=") for line in requirements("test"))
	assert not any(line.startswith("semgrep") for line in requirements("test"))


def test_every_requirement_has_both_bounds() -> None:
	for line in requirements("test", "lint"):
		assert ">=" in line and ",<" in line, line


LONG = "longer_than_any_name_of_a_file_may_be_" * 10


@pytest.mark.parametrize(
	("given", "unit", "site"),
	[
		("", ["{root}/tests/unit"], ["{root}/tests/site"]),
		("-k lead -x", ["-k", "lead", "-x", "{root}/tests/unit"], ["-k", "lead", "-x", "{root}/tests/site"]),
		("tests/site/conftest.py::x", None, ["{root}/tests/site/conftest.py::x"]),
		("tests/unit -q", ["{root}/tests/unit", "-q"], None),
		(f"-k {LONG}", ["-k", LONG, "{root}/tests/unit"], ["-k", LONG, "{root}/tests/site"]),
	],
)
def test_pytest_args_go_to_the_folder_they_name(
	monkeypatch: pytest.MonkeyPatch, given: str, unit: list | None, site: list | None
) -> None:
	monkeypatch.setenv("PYTEST_ARGS", given)
	for folder, expected in (("tests/unit", unit), ("tests/site", site)):
		filled = None if expected is None else [part.format(root=ROOT) for part in expected]
		assert pytest_runs.pytest_args(folder) == filled


def test_tests_run_under_a_clock_that_was_asked_for(
	monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
	monkeypatch.delenv("CLOCK", raising=False)
	assert pytest_runs.at_clock(["pytest"]) == ["pytest"]
	monkeypatch.setenv("CLOCK", "2026-12-31 23:50")
	monkeypatch.setenv("PATH", str(tmp_path))
	with pytest.raises(ToolingError):
		pytest_runs.at_clock(["pytest"])
	assert "apt-get install faketime" in capsys.readouterr().out
	(tmp_path / "faketime").touch(mode=0o755)
	assert pytest_runs.at_clock(["pytest"]) == ["faketime", 'TZ="Asia/Riyadh" 2026-12-31 23:50', "pytest"]


def test_only_a_selection_may_leave_nothing_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.delenv("PYTEST_ARGS", raising=False)
	assert pytest_runs.honest(5) == 5
	monkeypatch.setenv("PYTEST_ARGS", "-k nothing")
	assert pytest_runs.honest(5) == 0
	assert pytest_runs.honest(1) == 1


def test_company_is_saudi_and_its_fingerprint_follows_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("SITE_LANGUAGE", "en")
	english = company.fingerprint()
	args = company.wizard_args()
	assert (args["country"], args["currency"], args["language"]) == ("Saudi Arabia", "SAR", "English")
	monkeypatch.setenv("SITE_LANGUAGE", "ar")
	assert company.fingerprint() != english
	monkeypatch.setenv("SITE_LANGUAGE", "fr")
	with pytest.raises(SystemExit):
		company.site_language()
