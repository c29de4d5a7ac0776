"""The nine reports send as many statements for a thousand rows as for ten, and at most four, whatever differs in the rows."""

from __future__ import annotations

import pytest

from dafater_crm.queries import granted
from tests.site import report_volume as volume
from tests.site.engagement_rows import make_territory, restricted
from tests.site.factories import MANAGER, SELLER, make_user
from tests.site.report_cases import show
from tests.site.statements import counted
from tests.site.test_reports_all_nine import REPORTS, execute

SELF, BOSS = "seller@volume.example", "boss@volume.example"
FEW, MANY = 10, 1000
# two years of days are chosen as days, so that each has its own row in the report of response times
CHOICES = {"minimum_interactions": 1, "based_on": "Owner", "measure": "Amount", "group_by": "Day"}


@pytest.fixture(autouse=True)
def people(clean_state: None) -> None:
	make_user(SELF, *SELLER)
	make_user(BOSS, MANAGER, "Sales Manager", "Support Team")


@pytest.fixture
def sizes() -> dict[int, str]:
	"""Number of rows -> a territory with so many."""
	whole = make_territory()
	found = {size: make_territory(whole) for size in (FEW, MANY)}
	for size, territory in found.items():
		volume.fill(f"V{size}", territory, size, SELF)
	return {**found, 0: whole}


def statements(report: str, territory: str, size: int) -> list[str]:
	filters = {**volume.PERIOD, **CHOICES, "territory": territory}
	execute(report, filters)
	granted.forget()  # kept for one request only
	with counted() as sent:
		rows = execute(report, filters)[1]
	if "First Response" in report:
		assert sum(row["opportunities"] for row in rows) == 2 * size
		assert len(rows) == min(size, volume.DAYS)
	else:
		assert len(rows) == size
	return sent


@pytest.mark.parametrize("reader", ["Administrator", BOSS, SELF])
def test_a_thousand_rows_cost_what_ten_cost(reader, sizes, as_user):
	"""All nine on one set of rows, which takes longer to write than the reports to read."""
	with restricted(SELF, sizes[0]), as_user(reader):
		for report in REPORTS:
			few, many = (statements(report, sizes[size], size) for size in (FEW, MANY))
			assert len(few) == len(many) <= 4, f"{report}\n{show(many)}"
