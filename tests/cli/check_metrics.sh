#!/bin/sh
# What --metrics writes is what Prometheus reads, by its own tool.
. "$(dirname "$0")/checks.sh"

command -v promtool >/dev/null || {
    echo 'promtool is missing: the Debian package prometheus has it'
    exit 77
}

cat >m.c <<'END'
#include <hamilton/node.h>
int half(int x, int *out) {
    if (x % 2 != 0) {
        return hm_fail("%d is odd", x);
    }
    *out = x / 2;
    return 0;
}
int next(int half) { return half + 1; }
END

reads() {
    ends 0 promtool check metrics <run.prom
    same "promtool has nothing to say" '' "$out$err"
}

ends 0 "$hamilton" run m.c -i x=4 --metrics run.prom
reads
ends 1 "$hamilton" run m.c -i x=5 --metrics run.prom
reads
ends 1 "$hamilton" run m.c -i x=5 --keep-going --rows-may-fail --metrics run.prom
reads
ends 0 "$hamilton" run m.c -i x='[4,5,6]' --rows-may-fail --metrics run.prom
reads
has 'a row that failed' 'failed_rows_total.* 1$' "$(cat run.prom)"

# Whoever reads while it is written finds the old file or the new one.
chmod 640 run.prom
ends 0 "$hamilton" run m.c -i x=4 --metrics run.prom
same 'the permissions stay' 640 "$(stat -c %a run.prom)"
same 'no other file is left' 0 "$(find . -name '.hamilton*' | wc -l)"

exit $failed
