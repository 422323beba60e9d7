#!/bin/sh
# Goes back to a moment, with the commands of docs/operations.md, in a server of its own that goes afterwards:
#   PG_BIN=/usr/lib/postgresql/15/bin tests/trials/point_in_time.sh DUMP
# DUMP is a `pg_dump --format=custom` of a portal with figures (`manage.py backup` writes one). As root it becomes nobody.
set -eu
dump=$(realpath "$1") port=${PORT:-5499} bin=${PG_BIN:-/usr/lib/postgresql/15/bin} folder=$(mktemp -d) self=$(realpath "$0")
if [ "$(id -u)" = 0 ]; then
    rmdir "$folder"
    exec setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/tmp PG_BIN="$bin" sh "$self" "$dump"
fi
trap '"$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null; rm -rf "$folder"' EXIT
sql() { psql -qAt -h "$folder" -p "$port" -U postgres "$@"; }
started() { "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null; }
whole() { sql -d portal -c "select md5(string_agg(one::text, '|' order by id)), count(*) from rankings_placement one"; }
name() { sql -d portal -c "insert into auth_group (name) values ('$1')"; }

mkdir "$folder/wal" "$folder/base"
"$bin/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
cat >>"$folder/data/postgresql.conf" <<CONF
port = $port
listen_addresses = ''
unix_socket_directories = '$folder'
archive_mode = on
archive_command = 'test ! -f $folder/wal/%f && cp %p $folder/wal/%f'
CONF
started
sql -d postgres -c 'create database portal'
"$bin/pg_restore" -h "$folder" -p "$port" -U postgres --no-owner --dbname portal "$dump"
"$bin/pg_basebackup" -h "$folder" -p "$port" -U postgres --checkpoint=fast -D "$folder/base/weekly" -Ft -z
name 'before the moment'
before=$(whole)
sleep 1
moment=$(sql -d portal -c 'select now()')
sleep 1
name 'after the moment'
sql -d portal -c 'set session_replication_role = replica' \
    -c 'delete from rankings_placement where id in (select id from rankings_placement limit 5000)'
spoilt=$(whole)
sql -d portal -c 'select pg_switch_wal()' >/dev/null
"$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null

rm -rf "$folder/data" && mkdir -m 700 "$folder/data"
tar --no-same-owner -xzf "$folder/base/weekly/base.tar.gz" -C "$folder/data"
tar --no-same-owner -xzf "$folder/base/weekly/pg_wal.tar.gz" -C "$folder/data/pg_wal"
touch "$folder/data/recovery.signal"
cat >>"$folder/data/postgresql.conf" <<CONF
restore_command = 'cp $folder/wal/%f %p'
recovery_target_time = '$moment'
recovery_target_action = promote
CONF
started
until [ "$(sql -d postgres -c 'select pg_is_in_recovery()')" = f ]; do sleep 0.1; done
echo "placements  before $before   spoilt $spoilt   back $(whole)"
echo "groups      $(sql -d portal -c "select string_agg(name, ', ') from auth_group where name like '% the moment'")"
[ "$before" = "$(whole)" ] && echo 'None different.'
