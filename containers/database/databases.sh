#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: two databases, each with an owner who sees no other.
set -eu

for name in hub airflow; do
  # psql reads the password itself: on a command line it would be everybody's to see.
  export PASSWORD_FILE="${SECRETS:-/run/secrets}/${name}_password"
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set name="$name" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat "$PASSWORD_FILE"`
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
