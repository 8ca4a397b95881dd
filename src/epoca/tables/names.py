"""Columns looked up by name, and what is said when one is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from epoca.errors import TableError
from epoca.tables.table import Table
from epoca.tables.values import listed


def require_columns(table: Table, names: Sequence[str]) -> None:
    """Raise a TableError unless each of the names is that of exactly one column."""
    occurrences = Counter(table.column_names)
    missing = [name for name in names if not occurrences[name]]
    if missing:
        raise _missing_error(table, missing)
    for name in names:
        if occurrences[name] > 1:
            raise TableError(
                "{n} columns have this name; give each its own.", file=table.name, column=name, n=occurrences[name]
            )


def _missing_error(table: Table, missing: list[str]) -> TableError:
    if len(missing) > 1:
        return TableError(
            "The columns {missing} are not in the table, whose columns are {columns}.",
            file=table.name,
            missing=listed(missing),
            columns=listed(table.column_names),
        )
    near = get_close_matches(missing[0], table.column_names, n=1)
    if near:
        return TableError(
            'There is no column "{name}"; did you mean "{near}"? The columns are {columns}.',
            file=table.name,
            name=missing[0],
            near=near[0],
            columns=listed(table.column_names),
        )
    return TableError(
        'There is no column "{name}". The columns are {columns}.',
        file=table.name,
        name=missing[0],
        columns=listed(table.column_names),
    )
