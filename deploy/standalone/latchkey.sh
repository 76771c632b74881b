#!/bin/sh
# Latchkey @VERSION@ for @PLATFORM@ with everything it needs: Deno, the program, the panel, PostgreSQL and Redis.
# Without arguments it runs a whole system with its data in $DATA_DIR (./latchkey-data by default). With arguments it runs
# a command of the system that is running there: `admin create …`, `backup …`, `doctor`.
set -eu
umask 022
DATA_DIR="${DATA_DIR:-latchkey-data}"
case "$DATA_DIR" in /*) ;; *) DATA_DIR="$PWD/$DATA_DIR" ;; esac
export DATA_DIR DENO_DIR="$DATA_DIR/cache" DENO_NO_UPDATE_CHECK=1

program="$DATA_DIR/program/@ID@"
if [ ! -d "$program" ]; then
  echo "Unpacking the program into $program …" >&2
  unfinished="$program.$$"
  mkdir -p "$unfinished"
  tail -n +@FIRST_LINE@ "$0" | tar -xzf - -C "$unfinished"
  # When another start was quicker, its copy is used.
  mv "$unfinished" "$program" 2>/dev/null || rm -rf "$unfinished"
fi
# A Redis that is part of the file is used where the system has none.
if [ -d "$program/programs" ]; then ln -sfn "$program/programs" "$DATA_DIR/programs"; fi

if [ $# -eq 0 ]; then
  set -- standalone
else
  set -- latchkey "$@"
  if [ -f "$DATA_DIR/environment" ]; then
    set -a
    . "$DATA_DIR/environment"
    set +a
  fi
fi
# Not in the program's folder: files that commands name are looked for where they are called.
exec "$program/deno" task --quiet --config "$program/deno.json" "$@"
exit 1
