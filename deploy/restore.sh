#!/usr/bin/env bash
# Restore a newsroom from a file that backup.sh made, into an EMPTY data folder and an EMPTY database.
#
#     NEWSROOM_DATA=/var/lib/newsroom deploy/restore.sh FILE
#
# DATABASE_URL (or DATABASE_URL_FILE) in the environment names another database than the one that was backed up.
# Either everything is restored or nothing; what is there already is never touched.
set -euo pipefail
umask 027

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-$here/../.venv/bin/python}
say() { printf '%s\n' "$*"; }
fail() { printf 'restore: %s\n' "$*" >&2; exit 1; }

[ $# -eq 1 ] || fail "name the file to restore, for example: NEWSROOM_DATA=/var/lib/newsroom $0 newsroom-20261123T032000Z.tar"
[ -n "${NEWSROOM_DATA:-}" ] || fail "set NEWSROOM_DATA to the empty folder that is to hold the newsroom."
[ -x "$python" ] || fail "$python is missing; set PYTHON to the newsroom's own Python."
[ -r "$1" ] || fail "the file $1 cannot be read."
file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

if [ -e "$file.sha256" ]; then
    (cd "$(dirname "$file")" && sha256sum --quiet --check "$(basename "$file").sha256" >/dev/null 2>&1) ||
        fail "$file is not what was written: its checksum differs. Take another back-up."
fi
about=$(tar --extract --to-stdout --file "$file" about.txt 2>/dev/null) || fail "$file is no back-up of a newsroom."
[ "$(head -n1 <<<"$about")" = "newsroom-backup 1" ] || fail "$file is no back-up that this version understands."
vendor=$(sed -n 's/^database //p' <<<"$about")

mkdir -p "$NEWSROOM_DATA" 2>/dev/null && [ -w "$NEWSROOM_DATA" ] || fail "the folder $NEWSROOM_DATA cannot be written."
data=$(cd "$NEWSROOM_DATA" && pwd)
[ -z "$(ls -A "$data")" ] || fail "$data is not empty; nothing was restored. Name an empty folder."

work=$data/.restoring
mkdir -m 0700 "$work"
trap 'rm -rf "$work"' EXIT
tar --extract --preserve-permissions --no-same-owner --file "$file" -C "$work" ||
    fail "$file could not be unpacked whole; nothing was restored."

# Where the database is to be from now on: as the environment says, else as it was.
if [ -n "${DATABASE_URL:-}" ] && [ -e "$work/newsroom.env" ]; then
    sed -i '/^DATABASE_URL=/d' "$work/newsroom.env"
    printf 'DATABASE_URL=%s\n' "$DATABASE_URL" >>"$work/newsroom.env"
fi
where=$(NEWSROOM_DATA=$work "$python" "$here/database.py" where) || fail "nothing was restored."
{ read -r target; read -r _; read -r database; } <<<"$where"
[ "$target" = "$vendor" ] || fail "the back-up is of $vendor, but DATABASE_URL names $target; nothing was restored."
NEWSROOM_DATA=$work "$python" "$here/database.py" empty || fail "nothing was restored."

say "Database: ${database/$work/$data}"
NEWSROOM_DATA=$work "$python" "$here/database.py" load "$work/database.$vendor" || fail "nothing was restored."
rm "$work/database.$vendor" "$work/about.txt"
say "Files:    $data ($(cd "$work" && ls | tr '\n' ' ' | sed 's/ $//'))"
(shopt -s dotglob && mv "$work"/* "$data"/)
rmdir "$work"
say "Done:     restored what was $(sed -n 's/^made /backed up at /p' <<<"$about")."
say "Next:     manage.py migrate, manage.py collectstatic --noinput, then start the web server and the worker."
