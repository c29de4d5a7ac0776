"""Each rule in .semgrep/rules fires on its bad samples and on nothing else.

Semgrep lives in the lint environment (`make lint` makes it); without it these tests are skipped, and say so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / ".semgrep" / "rules"
SAMPLES = ROOT / ".semgrep" / "samples"
MARK = re.compile(r"(?:#|//) (ruleid|ok): ([\w-]+)")
ENVIRONMENT = ROOT / ".venv-lint" / "bin"

SEMGREP = ENVIRONMENT / "semgrep" if (ENVIRONMENT / "semgrep").exists() else shutil.which("semgrep")

pytestmark = [
	pytest.mark.semgrep,
	pytest.mark.skipif(not SEMGREP, reason="semgrep is not installed: run `make lint` first"),
]


def rule_ids() -> list[str]:
	return re.findall(
		r"^  - id: ([\w-]+)$", "\n".join(p.read_text() for p in sorted(RULES.glob("*.yml"))), re.M
	)


def marks(kind: str) -> set[tuple[str, str, int]]:
	"""(rule, file, line below the mark), where the finding is expected or must be absent."""
	found = set()
	for path in SAMPLES.iterdir():
		for number, line in enumerate(path.read_text().splitlines(), start=1):
			if (match := MARK.search(line)) and match.group(1) == kind:
				found.add((match.group(2), path.name, number + 1))
	return found


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, int]]:
	"""Findings in a copy of the samples, with the rules as they are."""
	work = tmp_path_factory.mktemp("semgrep")
	shutil.copytree(SAMPLES, work / "dafater_crm")
	env = {**os.environ, "PATH": f"{ENVIRONMENT}{os.pathsep}{os.environ['PATH']}"}
	options = ["--json", "--quiet", "--metrics=off", "--disable-version-check", "--no-git-ignore"]
	result = subprocess.run(
		[str(SEMGREP), "scan", *options, "--config", str(RULES), "dafater_crm"],
		cwd=work,
		env=env,
		capture_output=True,
		text=True,
		check=False,
	)
	assert result.stdout, result.stderr
	report = json.loads(result.stdout)
	assert not report["errors"]
	return {
		(r["check_id"].split(".")[-1], Path(r["path"]).name, r["start"]["line"]) for r in report["results"]
	}


@pytest.mark.parametrize("rule", rule_ids())
def test_rule_has_a_bad_sample_and_fires_on_it(rule: str, findings: set[tuple[str, str, int]]) -> None:
	expected = {mark for mark in marks("ruleid") if mark[0] == rule}
	assert expected, f"no bad sample for {rule}"
	assert {finding for finding in findings if finding[0] == rule} == expected


def test_no_rule_fires_on_a_good_sample(findings: set[tuple[str, str, int]]) -> None:
	assert not findings & marks("ok")


def test_samples_name_existing_rules_only() -> None:
	assert {mark[0] for mark in marks("ruleid") | marks("ok")} == set(rule_ids())
