"""dafater-audit as somebody gets it who has this source and Python: `pip install .` in a new virtual environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.test_audit import LEADS
from tooling.paths import ROOT
from tooling.venvs import create

# what git leaves out, and hidden folders: environments, sites and caches of this checkout
NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build", "dist", "*.egg-info")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess:
	"""A command that knows nothing of the environment that the tests run in."""
	environment = {
		key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_"))
	}
	environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "LC_ALL": "C.UTF-8"}
	command = [str(part) for part in command]
	return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def build_requirement() -> str:
	"""What pip needs first of all: the package that builds this one."""
	return re.search(r'^requires = \["([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
	"""The `bin` of a new environment into which a clean copy of the source was installed."""
	home = tmp_path_factory.mktemp("installed")
	create(home / "venv", Path(sys.executable))
	bin_folder = home / "venv" / "bin"
	asked = run(
		bin_folder / "pip", "download", "--no-deps", "-qq", "-d", home / "w", build_requirement(), cwd=home
	)
	if asked.returncode:
		pytest.skip(f"pip reaches no package index here: {asked.stderr.strip().splitlines()[-1]}")
	shutil.copytree(ROOT, home / "source", ignore=NOT_SOURCE)
	done = run(bin_folder / "pip", "install", "--quiet", ".", cwd=home / "source")
	assert done.returncode == 0, done.stderr[-3000:]
	shutil.rmtree(home / "source")
	return bin_folder


@pytest.mark.slow
def test_the_audit_runs_after_pip_install(installed, tmp_path):
	(tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
	done = run(installed / "dafater-audit", "leads.csv", "--language", "en", cwd=tmp_path)
	assert done.returncode == 0, done.stderr
	assert "4 rows, 1 group of duplicates, 2 rows with a problem" in done.stdout
	written = {path.name for path in (tmp_path / "leads-audit").iterdir()}
	assert written == {"leads.cleaned.csv", "leads.report.en.html"}
	missing = run(installed / "python", "-c", "import frappe", cwd=tmp_path)
	assert "No module named 'frappe'" in missing.stderr


@pytest.mark.slow
def test_a_workbook_is_read_after_pip_install(installed, tmp_path):
	"""What reads XLSX is among the declared dependencies."""
	make = "import openpyxl; b = openpyxl.Workbook(); b.active.append(['الاسم', 'الجوال']); "
	make += "b.active.append(['سارة القحطاني', '0551234567']); b.save('leads.xlsx')"
	assert run(installed / "python", "-c", make, cwd=tmp_path).returncode == 0
	done = run(installed / "dafater-audit", "leads.xlsx", cwd=tmp_path)
	assert done.returncode == 0, done.stderr
	assert "+966551234567" in (tmp_path / "leads-audit" / "leads.cleaned.csv").read_text(encoding="utf-8-sig")
