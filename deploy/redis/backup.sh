#!/bin/sh
# Makes a backup of a Redis while it is in use: all of one moment, as an RDB file. restore.sh makes of it what Redis starts with.
#
#   REDIS_URL=redis://localhost:6379 deploy/redis/backup.sh /backups/redis.rdb
#
# REDIS_URL without a login: a password goes into REDISCLI_AUTH, a user into REDISCLI_USER. Redis forks for it, as for a replica.
set -eu

file=${1:?name the file to be written}
trap 'rm -f "$file.part"' EXIT
redis-cli -u "${REDIS_URL:-redis://127.0.0.1:6379}" ${REDISCLI_USER:+--user "$REDISCLI_USER"} --rdb "$file.part"
report=$(redis-check-rdb "$file.part") || { echo "$report" >&2; exit 1; }
# What has this name is always whole.
mv "$file.part" "$file"
