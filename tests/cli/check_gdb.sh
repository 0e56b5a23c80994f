#!/bin/sh
# gdb stops in the node that failed, at its line, with its arguments.
. "$(dirname "$0")/checks.sh"
command -v gdb >/dev/null || exit 77
ASAN_OPTIONS=detect_leaks=0 # which cannot be looked for while somebody traces
export ASAN_OPTIONS
gdb -q -batch -ex run --args "$hamilton" --version 2>&1 | grep -q 'exited normally' || exit 77

cp "$3/tests/flows/bundle_in_gdb/module.c" .
ends 1 "$hamilton" run module.c -i a=1.5 -i b=0 --bundle failures
text=$(printf 'info args\nbacktrace 1\ncontinue\nquit\n' |
        "$hamilton" replay failures/ratio-1 --gdb 2>&1)
has "it stops with the arguments" '^Breakpoint 1, ratio (a=1.5, b=0,' "$text"
has "and shows its line" 'module.c:4' "$text"
has "variables have their names" '^(gdb) a = 1.5' "$text"
has "what follows is the same" 'it fails as it did' "$text"
has "to the exit status" 'exited with code 01' "$text"
exit $failed
