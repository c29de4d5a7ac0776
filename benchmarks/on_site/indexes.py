"""Secondary indexes are taken off before a filling and built again after it: sorted once instead of a million times at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def rebuilt(tables: list[str]) -> Iterator[None]:
	"""Within the block the tables have their primary and unique keys only. A filling that fails leaves a site without mark."""
	found = {table: secondary(table) for table in tables}
	for table, indexes in found.items():
		_alter(table, [f"drop index `{name}`" for name in indexes])
	yield
	for table, indexes in found.items():
		_alter(table, [f"add index `{name}` ({columns})" for name, columns in indexes.items()])


def secondary(table: str) -> dict[str, str]:
	"""Index -> its columns as SQL, with the lengths of prefixes."""
	rows = frappe.db.sql(
		"""select index_name, column_name, sub_part from information_schema.statistics
		where table_schema = database() and table_name = %s and non_unique = 1 and index_type = 'BTREE'
		order by index_name, seq_in_index""",
		table,
	)
	columns = defaultdict(list)
	for index, column, length in rows:
		columns[index].append(f"`{column}`({length})" if length else f"`{column}`")
	return {index: ", ".join(names) for index, names in columns.items()}


def _alter(table: str, changes: list[str]) -> None:
	if changes:
		frappe.db.sql_ddl(f"alter table `{table}` {', '.join(changes)}")
