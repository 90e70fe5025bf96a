#!/bin/sh
# The secrets of an installation that need nobody else, made once: sh containers/make-secrets.sh [FOLDER]
# What is there stays as it is. What only a partner can give is named at the end.
set -eu
umask 077

folder="${1:-secrets}"
# The group of the image's user; compose hands files on with the rights they have here.
readers=10001
mkdir -p "$folder"
cd "$folder"

random_hex() { head -c 24 /dev/urandom | od -An -v -t x1 | tr -d ' \n'; }
random_key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
keep() { # NAME CONTENT
  if [ -s "$1" ]; then return; fi
  printf '%s' "$2" > "$1"
  echo "made $folder/$1"
}
address() { printf 'postgresql+psycopg://%s:%s%sdatabase:5432/%s' "$1" "$(cat "$1_password")" '@' "$1"; }

keep postgres_password "$(random_hex)"
keep hub_password "$(random_hex)"
keep airflow_password "$(random_hex)"
keep HUB_DATABASE_URL "$(address hub)"
keep airflow_database_url "$(address airflow)"
keep airflow_fernet_key "$(random_key | tr '+/' '-_')"
keep airflow_jwt_secret "$(random_hex)$(random_hex)"
keep airflow_secret_key "$(random_hex)"
keep airflow_passwords "{\"desk\": \"$(random_hex)\"}"
id="k$(random_hex | cut -c1-8)"
keep hub_keys "{\"current\": \"$id\", \"keys\": {\"$id\": \"$(random_key)\"}}"

for name in HUB_EDUCATION_TOKEN HUB_POLICE_PASSWORD HUB_SOCIAL_CARE_DATABASE_URL HUB_YJS_DATABASE_URL; do
  if [ ! -s "$name" ]; then echo "still missing, from the partner: $folder/$name"; fi
done
if [ "$(id -u)" -eq 0 ]; then
  chgrp "$readers" ./*
  chmod 640 ./*
else
  echo "then, as root: chgrp $readers $folder/* && chmod 640 $folder/*"
fi
