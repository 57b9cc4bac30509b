#!/bin/sh
# renderjourney.sh ROOST_CLI FOLDER: everything that the lessons do by hand, on the practice account, by commands alone: a key is
# saved, an instance created, a database made, upgraded and seeded, a service pointed to it and deployed; then the service answers
# with the birds. Prints what the service says last. FOLDER is empty and becomes Roost's home.
set -eu
cli=$1
export ROOST_HOME=$2
trap '"$cli" practice stop >/dev/null 2>&1' EXIT

account=$("$cli" practice start --render --json)
member() { printf '%s' "$account" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
"$cli" account remove practice-account
"$cli" account list --json | grep -q practice-account && exit 10

printf '%s\n' "$(member api_key)" | "$cli" account add class --api "$(member render_url)"
# A free instance a workspace: a second one is refused before anything is sent, and then the first one goes.
"$cli" instances create nest --account class && exit 11
"$cli" instances delete school-db --confirm school-db
"$cli" instances create nest --database nest_db --account class
"$cli" create nest/bird_app_db
"$cli" birds new "$2/app"
"$cli" birds upgrade "$2/app" nest/bird_app_db
"$cli" birds seed "$2/app" nest/bird_app_db
"$cli" services point bird-app nest/bird_app_db
"$cli" services variables bird-app --json | grep -q 'nest'
"$cli" services --json | grep -q '"latest_deploy": "live"'
"$cli" services call bird-app --path /birds
