#!/usr/bin/env bash
# compare.sh BASE [--only NAME] [--rounds N] [--quick] — measures what is in this folder
# beside the commit BASE. Both are built; then each program of one and of the other runs in
# turns, N times, so that what disturbs the machine disturbs both. Printed are the medians
# of either side, and the median, least and greatest of the ratios of each turn.

set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    sed -n '2s/^# //p' "$0" >&2
    exit 2
}

[ $# -gt 0 ] || usage
commit=$(git rev-parse --verify --quiet "$1^{commit}") || {
    echo "compare.sh: $1 is no commit" >&2
    exit 2
}
shift
only='' rounds=5 quick=()
while [ $# -gt 0 ]; do
    case $1 in
    --only) only=${2?--only takes a name} && shift ;;
    --rounds) rounds=${2?--rounds takes a number} && shift ;;
    --quick) quick=(--quick) ;;
    *) usage ;;
    esac
    shift
done

base=$PWD/build/compare # a tree of its own, kept for the next time
if [ -e "$base/.git" ]; then
    git -C "$base" checkout --quiet --detach "$commit"
else
    git worktree prune
    git worktree add --quiet --detach "$base" "$commit"
fi

# build TREE [cmake's arguments]
build() {
    local tree=$1
    shift
    echo "building $tree" >&2
    (cd "$tree" && cmake --preset release "$@" && cmake --build --preset release) \
            >"$results/log" 2>&1 || {
        cat "$results/log" >&2
        exit 1
    }
}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
build "$base" -DHM_TESTS=OFF
build "$PWD"

# measure TREE PROGRAM SIDE
measure() {
    HAMILTON=$1/build/release/cli/hamilton "$1/build/release/bench/$2" "${quick[@]}" |
            sed "s/^/$3\t/" >>"$results/lines"
}
for program in build/release/bench/bench_*; do
    program=${program##*/}
    if [ -n "$only" ] && [ "$program" != "bench_$only" ]; then
        continue
    fi
    if [ ! -x "$base/build/release/bench/$program" ]; then
        echo "$program is new: there is nothing to compare it with" >&2
        continue
    fi
    echo "$program" >&2
    for ((round = 0; round < rounds; round++)); do
        measure "$base" "$program" base
        measure "$PWD" "$program" here
    done
done

[ -e "$results/lines" ] || { echo "nothing was measured" >&2 && exit 1; }
awk -f bench/compare.awk "$results/lines"
