#!/bin/sh
# Static probes are hit, with the arguments that they should have, by a debugger in place of
# a tracer: that needs no kernel of a certain kind, and no rights.
. "$(dirname "$0")/checks.sh"
export ASAN_OPTIONS=detect_leaks=0 # which is a tracer itself

skip() {
    echo "$1"
    exit 77
}
command -v gdb >/dev/null || skip 'gdb is missing: the Debian package gdb has it'
readelf --notes "$hamilton" 2>/dev/null | grep -q 'Provider: hamilton' ||
    skip 'hamilton was built without static probes'

cat >m.c <<'END'
#include <stddef.h>

#include <hamilton/node.h>

int half(int x, int *out) {
    if (x % 2 != 0) {
        return hm_fail("%d is odd", x);
    }
    *out = x / 2;
    return 0;
}
int next(int half) { return half + 1; }
int sum(size_t n, const int next[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += next[i];
    }
    return sum;
}
END

# hits ARGUMENTS...: what probes say of `hamilton run m.c ARGUMENTS...`, in $said.
hits() {
    {
        echo 'set pagination off'
        probe run__begin '"run\n"'
        probe node__begin '"> %s\n", (char *)$_probe_arg1'
        probe node__end '"< %s %d\n", (char *)$_probe_arg1, (int)$_probe_arg2'
        probe run__end '"ended %d\n", (int)$_probe_arg1'
        echo run
    } >commands
    said=$(gdb -nx -q -batch -x commands --args \
        "$hamilton" run m.c -t 1 "$@" 2>gdb.err | sed -n 's/^probe: //p')
}
probe() {
    printf 'break -probe-stap hamilton:%s\ncommands\nsilent\n' "$1"
    printf 'printf "probe: "\nprintf %s\ncontinue\nend\n' "$2"
}

ends 0 "$hamilton" run m.c -i x=4 -o next # compiled, so that nothing but the run is seen
gdb -nx -q -batch -ex run --args "$hamilton" run m.c -i x=4 -o next >traced 2>&1
grep -q 'exited normally' traced || skip 'gdb may not trace here'

hits -i x=4 -o next
same 'a run of two nodes' 'run
> half
< half 0
> next
< next 0
ended 0' "$said"

# The status of a node that failed, and of its run, is HM_NODE_FAILED.
hits -i x=5 -o next
same 'a run that fails' 'run
> half
< half 14
ended 14' "$said"

# Nodes that go through their rows together begin and end together.
hits -i x='[2,4,6]' -o sum
same 'a run over rows' 'run
> half
> next
< next 0
< half 0
> sum
< sum 0
ended 0' "$said"

exit $failed
