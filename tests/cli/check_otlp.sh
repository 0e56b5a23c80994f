#!/bin/sh
# --otlp: a receiver, a server of its own, is told of a run; and one that is not as it should
# be costs what it would have been told, not the run.
. "$(dirname "$0")/checks.sh"
tests=$(cd "$(dirname "$0")" && pwd)
unset OTEL_EXPORTER_OTLP_ENDPOINT OTEL_SERVICE_NAME http_proxy https_proxy all_proxy

command -v python3 >/dev/null || {
    echo 'python3 is missing'
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

ends 0 "$hamilton" run m.c -i x=4
"$hamilton" run m.c -i x=4 --otlp http://127.0.0.1:1 >out 2>err
if grep -q 'was built without' err; then
    echo 'hamilton was built without libcurl'
    exit 77
fi

# with STATUS COMMAND...: while a receiver answers so; what it is told is in received/.
with() {
    rm -rf received
    mkdir received
    mkfifo received/end
    python3 "$tests/otlp_receiver.py" received "$1" <received/end &
    receiver=$!
    exec 9>received/end
    shift
    until [ -e received/port ] || ! kill -0 $receiver; do
        sleep 0.05
    done
    url=http://127.0.0.1:$(cat received/port)
    "$@"
    exec 9>&-
    wait $receiver
}
# A Python expression about `spans` by their names, and all `metrics`.
holds() {
    python3 - "$1" <<'END' || fault "not so: $1"
import glob, json, sys
spans, metrics = {}, {}
for path in glob.glob("received/*.traces.json"):
    for resource in json.load(open(path))["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            spans.update((span["name"], span) for span in scope["spans"])
for path in glob.glob("received/*.metrics.json"):
    for resource in json.load(open(path))["resourceMetrics"]:
        for scope in resource["scopeMetrics"]:
            metrics.update((metric["name"], metric) for metric in scope["metrics"])
sys.exit(not eval(sys.argv[1]))
END
}

tells() { ends 0 "$hamilton" run m.c -i x=4 -o next --otlp "$url" "$@"; }
export OTEL_EXPORTER_OTLP_HEADERS=x-key=a%20b
with 200 tells --traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
same 'the run' '{"next": 3}' "$out"
same 'nothing was lost' '' "$err"
holds 'sorted(spans) == ["half", "next", "run"]'
holds 'spans["run"]["parentSpanId"] == "00f067aa0ba902b7"'
holds 'spans["half"]["parentSpanId"] == spans["run"]["spanId"]'
holds 'spans["half"]["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736"'
holds 'metrics["hamilton.runs"]["sum"]["dataPoints"][0]["asInt"] == "1"'
has 'a header' '^x-key: a b' "$(cat received/headers)"

fails() { ends 1 "$hamilton" run m.c -i x=5 -o next --otlp "$url"; }
with 200 fails
holds 'sorted(spans) == ["half", "run"]'
holds '"5 is odd" in spans["half"]["status"]["message"]'

with 500 tells
same 'the run' '{"next": 3}' "$out"
has 'what was lost' '^warning: 3 of 3 spans and [0-9]* of [0-9]* points of metrics were not told: http://127.*/v1/[a-z]* answered 500' "$err"

# Nobody is there any more.
tells
same 'the run' '{"next": 3}' "$out"
has 'nobody is there' 'were not told: .*cannot be reached' "$err"

# A run that was left at its deadline has not ended.
cat >stuck.c <<'END'
#include <unistd.h>
double stuck(double x) { pause(); return x; }
double quick(double x) { return x + 1; }
END
leaves() {
    ends 1 "$hamilton" run stuck.c -i x=1 -o quick,stuck -t 2 --deadline 200 --otlp "$url"
}
with 200 leaves
has 'a run that was left' 'warning: a node is still running.*its spans were not told' "$err"

# Where there is no URL the environment has one.
from_environment() { OTEL_EXPORTER_OTLP_ENDPOINT=$url ends 0 "$hamilton" run m.c -i x=4 --otlp ''; }
with 200 from_environment
holds 'sorted(spans) == ["half", "next", "run"]'

ends 2 "$hamilton" run m.c -i x=4 --traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
has 'a parent of nothing' 'give --otlp too' "$err"
ends 2 "$hamilton" run m.c -i x=4 --otlp nonsense
has 'no URL' 'is a URL as http://localhost:4318, but not `nonsense`' "$err"
ends 2 "$hamilton" run m.c -i x=4 --otlp http://127.0.0.1:1 --traceparent 17
has 'no parent' 'a traceparent is written as' "$err"

exit $failed
