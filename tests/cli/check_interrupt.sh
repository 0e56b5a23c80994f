#!/bin/sh
# Ctrl-C ends a run at once, with exit code 130, and leaves nothing behind.
. "$(dirname "$0")/checks.sh"

printf '#include <unistd.h>\ndouble slow(double x) { sleep(60); return x; }\n' >m.c
ends 0 "$hamilton" list m.c # compiled

# interrupted SIGNAL COMMAND...: its exit code, and how long it took.
interrupted() {
    signal=$1
    shift
    "$@" >"$scratch/out" 2>"$scratch/err" &
    process=$!
    sleep 1
    kill -"$signal" $process
    wait $process
    code=$?
}

before=$(date +%s)
# A shell without job control starts what is in the background with SIGINT ignored; the
# program asks for it all the same.
interrupted INT "$hamilton" run m.c -i x=1
same "Ctrl-C in a node" 130 $code
same "it says so" cancelled "$(cat "$scratch/err")"
interrupted TERM "$hamilton" run m.c -i x=1
same "SIGTERM" 143 $code
[ $(($(date +%s) - before)) -lt 20 ] || fault "it takes too long"

# While a module is compiled.
printf '#!/bin/sh\nsleep 3\nexec cc "$@"\n' >slowcc
chmod +x slowcc
printf 'double other(double x) { return x; }\n' >o.c
CC="$scratch/work/slowcc" interrupted INT "$hamilton" run o.c -i x=1
same "Ctrl-C while compiling" 130 $code
same "nothing half-made is left" 0 "$(find "$cache" -name 'build.*' | wc -l)"

exit $failed
