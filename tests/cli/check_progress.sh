#!/bin/sh
# --progress draws a bar on a terminal, which is gone at the end, and writes lines elsewhere.
. "$(dirname "$0")/checks.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77 # no terminals here

cat >m.c <<'END'
#include <unistd.h>
double nap(double x) { usleep((unsigned)(1e6 * x)); return x; }
double quick(double nap) { return 2 * nap; }
double stuck(double x) { sleep(20); return x; }
END
ends 0 "$hamilton" list m.c # compiled

# on COLUMNS COMMAND: all that comes to a terminal so wide.
on() {
    TERM=xterm script -qec "stty cols $1; $2" /dev/null </dev/null
}
# What is left on the screen, a line each: what is drawn over is gone.
left() { tr '\r' '\n' | sed 's/.*\x1b\[K//' | grep -v '^$'; }
bar='\[ *>* *\] 0/2 nodes: nap'
green=$(printf '\033\[32m')

text=$(on 80 "'$hamilton' run m.c -i x=1.2 -o quick --progress --format json")
has "a bar is drawn" "0/2 nodes: nap" "$text"
has "in colour" "$green" "$text"
same "and cleared away" '{"quick": 2.4}' "$(printf '%s' "$text" | left)"
text=$(on 80 "NO_COLOR=1 '$hamilton' run m.c -i x=1.2 -o quick --progress --format json")
has "without colour" "$bar" "$text"
text=$(on 20 "NO_COLOR=1 '$hamilton' run m.c -i x=1.2 -o quick --progress --format json")
has "of a narrow terminal no more than it has" '  0% 0/2 nodes.\[K' "$text"
text=$(on 80 "TERM=dumb '$hamilton' run m.c -i x=1.2 -o quick --progress --format json")
has "lines where nothing can be drawn" '^progress: done, 2 of 2 nodes in ' "$text"
text=$(on 80 "'$hamilton' run m.c -i x=1 -o stuck --deadline 800 --progress --format json")
has "also of a run that is late" "0/1 nodes: stuck" "$text"
same "and cleared away" '{}' "$(printf '%s' "$text" | left | sed -n 1p)"

ends 0 "$hamilton" run m.c -i x=2.5 -o quick --progress --format json
same "results are as they were" '{"quick": 5}' "$out"
has "and lines tell" '^progress: done, 2 of 2 nodes in [0-9.]* s$' "$err"
has "not only at the end" '^progress: 0 %, 0 of 2 nodes: nap$' "$err"

exit $failed
