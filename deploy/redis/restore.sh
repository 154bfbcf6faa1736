#!/bin/sh
# Makes of a backup (backup.sh) the append-only files that Redis starts with. Redis must not run.
#
#   deploy/redis/restore.sh /backups/redis.rdb /var/lib/redis
#
# What was there is kept beside it. Without these files a Redis with `appendonly yes` would start empty, whatever dump.rdb says.
set -eu

backup=${1:?name the backup}
dir=${2:?name the folder of the data of Redis}
files=$dir/appendonlydir
report=$(redis-check-rdb "$backup") || { echo "$report" >&2; exit 1; }
if [ -e "$files" ]; then mv "$files" "$files.$(date -u +%Y%m%dT%H%M%SZ)"; fi
mkdir -p "$files"
cp "$backup" "$files/appendonly.aof.1.base.rdb"
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >"$files/appendonly.aof.manifest"
