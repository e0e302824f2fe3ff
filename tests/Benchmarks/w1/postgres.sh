# A private PostgreSQL with its usual durability, from the installed programs; sourced by run.sh. POSTGRES is its connection string without a database.
postgres_bin=""; postgres_data=""; postgres_user=()

postgres_start() {
  [ -n "$postgres_data" ] && return 0
  postgres_bin="$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | tail -1)"; [ -x "$postgres_bin/initdb" ] || return 1
  mkdir -p "$1"
  # It refuses to run as root.
  if [ "$(id -u)" = 0 ]; then postgres_user=(setpriv --reuid=postgres --regid=postgres --clear-groups); chmod 711 "$(dirname "$1")"; chown postgres "$1"; fi
  (cd / && "${postgres_user[@]}" "$postgres_bin/initdb" -D "$1/data" -U workflow -A trust -E UTF8 --locale=C > /dev/null \
    && "${postgres_user[@]}" "$postgres_bin/pg_ctl" -D "$1/data" -w -s -l "$1/log" -o "-p 5499 -k $1 -c listen_addresses=127.0.0.1 -c max_connections=200" start) || return 1
  postgres_data="$1/data"; POSTGRES="Host=127.0.0.1;Port=5499;Username=workflow"
}

postgres_database() { "$postgres_bin/psql" -q -h 127.0.0.1 -p 5499 -U workflow -d postgres -c "CREATE DATABASE $1"; }

postgres_stop() { if [ -n "$postgres_data" ]; then (cd / && "${postgres_user[@]}" "$postgres_bin/pg_ctl" -D "$postgres_data" -m immediate -w -s stop); postgres_data=""; fi; }
