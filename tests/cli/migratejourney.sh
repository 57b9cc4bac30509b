#!/bin/sh
# migratejourney.sh ROOST_CLI FOLDER NASTY_SQL [CHINOOK_SQL]: the day before a free instance ends, on the practice account and by
# commands alone. Three databases, a live bird app reading from one and somebody writing into it; everything is moved while the writer
# writes. Prints what the service says in the end. FOLDER is empty and becomes Roost's home. Exit codes from 10 on say what is not so.
set -eu
cli=$1
export ROOST_HOME=$2
nasty=$3
chinook=${4-}
writer=
trap '[ -z "$writer" ] || kill "$writer" 2>/dev/null; "$cli" practice stop >/dev/null 2>&1' EXIT

fail() { code=$1; shift; echo "$@" >&2; exit "$code"; }
text_of() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$("$cli" uri "school-db/$1" --reveal)"; }

# The stage: day 29 of thirty, a bird app that serves from bird_app_db, Chinook, and a database with one of everything.
"$cli" practice start --render >/dev/null
"$cli" instances connect school-db
old=$("$cli" instances --json | text_of id)
"$cli" birds new "$2/app"
"$cli" birds upgrade "$2/app" school-db/bird_app_db
"$cli" birds seed "$2/app" school-db/bird_app_db
"$cli" create school-db/nasty
sql nasty <"$nasty" >/dev/null
databases='bird_app_db nasty'
if [ -n "$chinook" ]; then
    "$cli" create school-db/chinook
    sed '/^DROP DATABASE/d; /^CREATE DATABASE/d; /^\\c /d' "$chinook" | sql chinook
    databases="$databases chinook"
fi
"$cli" practice clock +29
url=$("$cli" services --json | text_of url)

# Whoever writes stops when the app is frozen, and says how much was taken.
birds=$("$cli" uri school-db/bird_app_db --reveal)
export birds url
{
    n=0
    while "$cli" services call bird-app >/dev/null 2>&1; do
        psql -XAtq "$birds" -c "INSERT INTO birds (name, species) VALUES ('written $((n + 1))', 'Turdus merula')" >/dev/null 2>&1 || break
        n=$((n + 1))
        echo "$n" >"$2/written"
    done
} &
writer=$!
until [ -s "$2/written" ]; do sleep 0.1; done # the writer is at work

# A plan, and then as far as it goes without the name: everything is proven, and nothing is gone.
"$cli" migrate plan school-db --save "$2/plan.md" --backups "$2/first" --second-copy "$2/second" >/dev/null
grep -q nasty "$2/plan.md" || fail 10 "the plan does not name a database"
code=0
"$cli" migrate run school-db --backups "$2/first" --second-copy "$2/second" || code=$?
[ "$code" = 5 ] || fail 11 "without the name the run ended with $code"
[ "$("$cli" instances --json | text_of id)" = "$old" ] || fail 12 "the old instance was touched"
"$cli" migrate resume --confirm-delete school && fail 13 "a mistyped name was taken"
wait "$writer"
writer=
"$cli" migrate resume --confirm-delete school-db >"$2/out" || fail 14 "the run did not come to its end"

# The end: equal, from the new one, with nothing left of the old one.
"$cli" instances --json >"$2/instances"
new=$(text_of id <"$2/instances" | grep -v "^$old\$") || fail 15 "there is no new instance"
! grep -q "$old" "$2/instances" || grep -q suspended "$2/instances" || fail 16 "the old instance still runs"
"$cli" instances connect "$new"
for database in $databases; do
    backup=$("$cli" backups --json | tr '{' '\n' | grep "\"database\": *\"$database\"" | grep '"proof": *"restored"' | head -1 |
        text_of id)
    "$cli" compare "${backup:-none}" "school-db/$database" || fail 17 "$database is not equal to its backup"
done
[ "$(echo 'SELECT count(*) FROM birds WHERE species = $$Turdus merula$$ AND name LIKE $$written %$$' | sql bird_app_db)" = "$(cat "$2/written")" ] ||
    fail 18 "the new instance does not hold the $(cat "$2/written") birds that were written"
"$cli" services variables bird-app --json | grep -q "$new" || fail 19 "the service does not lead to the new instance"
"$cli" services --json | grep -q '"status": *"running"' || fail 20 "the service does not run"
report=$(tail -1 "$2/out")
[ -s "$report" ] || fail 21 "there is no report"
for database in $databases; do
    grep -q "$database" "$report" || fail 22 "the report does not name $database"
done
"$cli" migrate status --json | grep -q '"state": *"finished"' || fail 23 "the migration is not finished"
"$cli" services call bird-app --path /birds
