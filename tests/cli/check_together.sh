#!/bin/sh
# All adapters of a run at once: it prints what it prints without, and each leaves what it
# should. A new one is a line in options(), and one in shows() if it leaves a file.
. "$(dirname "$0")/checks.sh"

cp "$3/tests/adapters/together/module.c" .

otlp='--otlp http://127.0.0.1:9' # where nobody is
# shellcheck disable=SC2086
"$hamilton" run module.c -i x=1 -o price $otlp 2>&1 | grep -q 'was built without' && otlp=

options() {
    [ -z "$otlp" ] || echo "$otlp"
    cat <<'END'
--log debug
--timings
--report report.json
--metrics metrics.txt
--trace trace.json
--bundle bundles
--cache kept
--retry tagged
--retry failing_rows=1
--timeout tagged
--timeout base=60000
--check-values *=finite
--fault *=delay:0
--break base
--break scaled:after
--costs costs.json
END
}

is_json() { ! command -v python3 >/dev/null || python3 -m json.tool "$1" >/dev/null; }

shows() {
    is_json report.json && grep -q '"calls": 3' report.json || fault "the report"
    is_json trace.json && grep -q '"traceEvents"' trace.json || fault "the trace"
    grep -q '^hamilton_' metrics.txt || fault "the metrics"
    [ -d kept ] || fault "the cache"
    for bundle in bundles/*; do
        ends 1 "$hamilton" replay "$bundle"
    done
    grep -q '^total  *' "$scratch/told" || fault "the timings"
    [ -z "$otlp" ] || grep -q 'spans and .* were not told: ' "$scratch/told" ||
         fault "OTLP, with nobody there"
    grep -q 'nobody sells at 4' "$scratch/told" || fault "the log"
}

ask() { # OPTION...: what is printed is in $out; what is told in the file told
    ends 1 "$hamilton" run module.c -i x=1 -i amount=[1,2,3,4,5] --keep-going \
        -o price,offer,shifted,total,behind,last,kind,failing_rows "$@"
    cp "$scratch/err" "$scratch/told"
}

ask
expected=$out
same "without adapters" '{"price": 32, "offer": [0, 1, 2, 3, 4], "shifted": [0, 2, 4, 6, 8], "total": 30, "kind": "dear"}' "$out"
for turn in first again; do
    # shellcheck disable=SC2046 # words, as they stand there
    ask $(options)
    same "with all, $turn" "$expected" "$out"
    shows
done
options | while read -r one; do
    # shellcheck disable=SC2086
    ask $one
    same "with $one" "$expected" "$out"
    [ $failed = 0 ] || exit 1
done || failed=1

# A run that succeeds is recorded too, with all of them.
# shellcheck disable=SC2046
ends 0 "$hamilton" run module.c -i x=1 -i amount=[1,2] -o price,offer $(options) --record record
ends 0 "$hamilton" replay record

exit $failed
