"""A table's rows as they are looked at: the values of each by column, and how two looks differ."""

import datetime
from typing import Any, Dict, Optional, Sequence

Row = Dict[str, Any]


def plain(value: Any) -> Any:
    """Instants in UTC without their zone: times with and without a zone compare alike."""
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return value


def first_difference(before: Sequence[Row], after: Sequence[Row], key: str) -> Optional[str]:
    """How a table changed between two looks, in a few words, or None."""
    old, new = ({row[key]: row for row in rows} for rows in (before, after))
    gone = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    for names, one, many in ((gone, "has gone", "have gone"), (added, "is new", "are new")):
        if names:
            more = f", and {len(names)} rows {many} in all" if len(names) > 1 else ""
            return f"row {names[0]} {one}{more}"
    for name, row in new.items():
        for column, value in row.items():
            if old[name][column] != value:
                return f"{column} of row {name} went from {old[name][column]} to {value}"
    return None
