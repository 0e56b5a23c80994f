#!/bin/sh
# Ctrl-C ends a run, with exit code 130, what is ready, and nothing half-made.
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
same "it says so" "error: the run was cancelled" "$(cat "$scratch/err")"
interrupted TERM "$hamilton" run m.c -i x=1
same "SIGTERM" 143 $code
[ $(($(date +%s) - before)) -lt 20 ] || fault "it takes too long"

# What was ready when it was cancelled is reported.
printf '#include <unistd.h>\ndouble quick(double x) { return x; }\ndouble nap(double quick) { usleep(1500000); return quick; }\ndouble late(double nap) { return nap; }\n' >n.c
ends 0 "$hamilton" list n.c
interrupted INT "$hamilton" run n.c -i x=1 -o quick,late --format json
same "Ctrl-C between nodes" 130 $code
same "what is ready is printed" '{"quick": 1}' "$(cat "$scratch/out")"
same "it says why the rest is not" "error: the run was cancelled" "$(cat "$scratch/err")"

# Whatever was asked to be written of it is written, not only the first file.
interrupted INT "$hamilton" run n.c -i x=1 -o quick,late --format json --report r.json \
    --metrics m.prom --trace t.json
same "Ctrl-C with files to write" 130 $code
same "what is ready is printed all the same" '{"quick": 1}' "$(cat "$scratch/out")"
same "it says why the rest is not, once" "error: the run was cancelled" \
    "$(cat "$scratch/err")"
has "the report" '"state": "cancelled"' "$(cat r.json)"
has "the metrics" 'hamilton_runs_total{.*outcome="cancelled"} 1' "$(cat m.prom)"
has "the trace" '"name": "quick"' "$(cat t.json)"

# A node that does not come back is not waited for.
printf 'double stuck(double x) { for (volatile double y = x; y == x;) {} return x; }\n' >s.c
ends 0 "$hamilton" list s.c
interrupted INT "$hamilton" run s.c -i x=1
same "Ctrl-C in a node that is stuck" 130 $code
same "it says so at least" cancelled "$(cat "$scratch/err")"

# While a module is compiled.
printf '#!/bin/sh\nsleep 3\nexec cc "$@"\n' >slowcc
chmod +x slowcc
printf 'double other(double x) { return x; }\n' >o.c
CC="$scratch/work/slowcc" interrupted INT "$hamilton" run o.c -i x=1
same "Ctrl-C while compiling" 130 $code
same "nothing half-made is left" 0 "$(find "$cache" -name 'build.*' | wc -l)"

exit $failed
