#!/usr/bin/env bash
# Back up one newsroom (database, pictures, configuration, the ledger's key and signed heads) into one dated file.
#
#     NEWSROOM_DATA=/var/lib/newsroom deploy/backup.sh FOLDER
#
# The desk may go on working. The file holds the secret keys and unpublished stories: keep it as you keep those.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-$here/../.venv/bin/python}
say() { printf '%s\n' "$*"; }
fail() { printf 'backup: %s\n' "$*" >&2; exit 1; }

[ $# -eq 1 ] || fail "name the folder to back up into, for example: NEWSROOM_DATA=/var/lib/newsroom $0 /var/backups/newsroom"
[ -x "$python" ] || fail "$python is missing; set PYTHON to the newsroom's own Python."
folder=$(realpath --canonicalize-missing "$1")

where=$("$python" "$here/database.py" where) || fail "nothing was backed up."
{ read -r vendor; read -r data; read -r database; } <<<"$where"
[ -d "$data" ] || fail "there is no data folder $data; set NEWSROOM_DATA."
case $folder/ in "$data"/*) fail "$folder lies inside the data folder; name one outside it, best on another disk." ;; esac
mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || fail "the folder $folder cannot be written."

name=newsroom-$(date -u +%Y%m%dT%H%M%SZ)
[ ! -e "$folder/$name.tar" ] || fail "$folder/$name.tar exists already; wait a second."
work=$(mktemp -d "$folder/.$name.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The ledger's signed heads before the database, which then holds all that they sign.
heads=()
if [ -d "$data/heads" ]; then
    cp -a "$data/heads" "$work/heads"
    heads=(heads)
fi

# The database next: every picture that it knows is on disk by then.
say "Database: $database"
"$python" "$here/database.py" dump "$work/database.$vendor" || fail "the database was not dumped; nothing was backed up."
printf 'newsroom-backup 1\nmade %s\ndatabase %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$vendor" >"$work/about.txt"

parts=()
for part in newsroom.env secret_key demo.json private public ledger.key ledger.key.next; do
    [ ! -e "$data/$part" ] || parts+=("$part")
done
for part in "$data"/ledger.key.[0-9]*; do  # the keys before
    [ ! -e "$part" ] || parts+=("${part##*/}")
done
say "Files:    $data (${parts[*]:-none})"
for try in 1 2 3; do
    code=0
    tar --create --file "$work/all.tar" -C "$work" about.txt "database.$vendor" ${heads[@]+"${heads[@]}"} \
        ${parts[@]+-C "$data" "${parts[@]}"} || code=$?
    [ $code -eq 1 ] && [ $try -lt 3 ] || break  # 1: a file grew while it was read, a picture just being added
done
[ $code -eq 0 ] || fail "the files were not read whole; nothing was backed up."

sync "$work/all.tar"
(cd "$work" && sha256sum all.tar | sed "s/all\.tar/$name.tar/") >"$work/sum"
mv "$work/sum" "$folder/$name.tar.sha256"
mv "$work/all.tar" "$folder/$name.tar"
sync "$folder"
say "Done:     $folder/$name.tar ($(du -h "$folder/$name.tar" | cut -f1))"
