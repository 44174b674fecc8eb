"""Leaves tables in other databases, roles and databases on the server, and ends other people's connections.

Holds: problem no_app
Ticket: ex-3
Limits: stop 1
"""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

url = make_url(os.environ["DATABASE_URL"])
for name in ("postgres", "template1", "template0"):
    try:
        engine = create_engine(url.set(database=name), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            print("connected to", name)
            connection.execute(text("CREATE TABLE breach (x int)"))
            print("BREACH: a table in", name)
    except Exception:
        pass
engine = create_engine(url, isolation_level="AUTOCOMMIT")
for statement in ("CREATE DATABASE breach", "CREATE ROLE breach LOGIN", "CREATE TABLESPACE breach LOCATION '/tmp'", "ALTER SYSTEM SET work_mem = '1TB'", "CREATE EXTENSION dblink", "CREATE EXTENSION file_fdw", "CREATE EXTENSION plpython3u", "SELECT pg_read_file('/etc/passwd')", "SELECT lo_import('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/breach'", "SELECT pg_reload_conf()", "SELECT pg_rotate_logfile()", "CREATE EVENT TRIGGER breach ON ddl_command_end EXECUTE FUNCTION pg_sleep()", "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres", "ALTER ROLE CURRENT_USER SUPERUSER", "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p", "LOAD '/tmp/x.so'", "SELECT pg_switch_wal()", "SELECT count(*) FROM pg_authid"):
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
        print("BREACH:", statement)
    except Exception:
        pass
try:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT pid, usename, pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS DISTINCT FROM current_user")).fetchall()
        print("BREACH: ended", [tuple(r) for r in rows]) if any(r[2] for r in rows) else None
except Exception:
    pass
engine.dispose()
