#!/bin/sh
# check_runner.sh RUNNER SCRATCH HAMILTON: the runner of the flows notices each kind of
# difference, and writes expectations that it then accepts.
set -u

runner=$1
scratch=$2
hamilton=$3

rm -rf "$scratch"
flow=$scratch/flow
mkdir -p "$flow"
printf 'echo said; echo complained >&2; touch left_behind; exit 3\n' >"$flow/cmd"

fail() {
    echo "$1" >&2
    exit 1
}

run() {
    sh "$runner" "$flow" "$scratch/run" "$hamilton" >"$scratch/diff"
}

HM_FLOWS_UPDATE=1
export HM_FLOWS_UPDATE
run || fail "updating failed"
unset HM_FLOWS_UPDATE
run || fail "what was written is not accepted"
[ ! -e "$flow/left_behind" ] || fail "the flow ran in its own folder"

for part in out err exit; do
    cp "$flow/expected.$part" "$scratch/kept"
    echo 7 >"$flow/expected.$part"
    run && fail "another expected.$part passes"
    grep -q '^-7' "$scratch/diff" || fail "no diff is shown for expected.$part"
    rm "$flow/expected.$part"
    run && fail "a missing expected.$part passes"
    mv "$scratch/kept" "$flow/expected.$part"
done
run || fail "the flow does not pass any more"
