"""Databases made empty again, or dropped: on a server that lives on nothing may stay behind."""

import contextlib
from typing import Any, List, Sequence

import psycopg2
from psycopg2 import sql

PREFIX = "workbook_"
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
# Everything that a database can hold and a fresh one does not; such things have high numbers.
_CATALOGS = (
    "class proc type namespace extension largeobject_metadata operator opclass opfamily cast"
    " conversion collation ts_config ts_dict ts_parser ts_template publication foreign_server"
    " default_acl event_trigger language policy statistic_ext"
).split()
_FIRST_OF_USERS = 16384


def fingerprint(connection: Any, roles: Sequence[str]) -> List[str]:
    """What tells an emptied database from a fresh one: objects, settings, rights."""
    objects = " UNION ALL ".join(
        f"SELECT '{name}', oid::text FROM pg_catalog.pg_{name} WHERE oid >= {_FIRST_OF_USERS}"
        for name in _CATALOGS
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{objects} UNION ALL SELECT nspname, nspacl::text FROM pg_catalog.pg_namespace"
            " UNION ALL SELECT setdatabase::text || '/' || setrole, setconfig::text"
            " FROM pg_catalog.pg_db_role_setting WHERE setdatabase = ("
            "SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
            " OR setrole IN (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ANY(%s))"
            " UNION ALL SELECT datname, datacl::text"
            " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()",
            (list(roles),),
        )
        return sorted(map(str, cursor.fetchall()))


def drop_database(admin: Any, name: str) -> None:
    """Drop a database of ours and its two roles, whoever is connected to it."""
    with admin.cursor() as cursor:
        cursor.execute(TERMINATE, (name,))
        force = " WITH (FORCE)" if admin.server_version >= 130000 else ""
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}" + force).format(sql.Identifier(name)))
        for role in (name + "_examiner", name):
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def drop_abandoned(admin: Any, own_run: str) -> None:
    """Drop the databases of gradings whose process was killed, on a server that lives on."""
    with admin.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %(ours)s UNION"
            " SELECT rolname FROM pg_roles WHERE rolname LIKE %(ours)s AND rolname !~ 'examiner$'",
            {"ours": PREFIX.replace("_", r"\_") + "%"},
        )
        for (name,) in cursor.fetchall():
            run = name[len(PREFIX) :].partition("_")[0]
            # Nothing is lost where another role made them, or somebody is quicker.
            with contextlib.suppress(ValueError, psycopg2.Error):
                key = int(run, 16)
                cursor.execute("SELECT pg_try_advisory_lock(%s)", (key,))
                if run != own_run and cursor.fetchone()[0]:
                    drop_database(admin, name)
                    cursor.execute("SELECT pg_advisory_unlock(%s)", (key,))
