#!/bin/sh
# check_cache.sh HAMILTON FLIGHTS [ROWS] — with a cache a second run computes what was edited
# and what depends on its changed result, and of two processes at once one computes each node.
set -eu
hamilton=$1 flights=$2 rows=${3-3000000}
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -e "$flights" ]; then
    echo "skipped: there is no $flights; fetch.sh gets it"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cp "$here/flights.c" .
wanted=delay_z,rolling_delay,is_late,speed,lateness_per_100_km

run() { # CACHE OUTPUT: what is computed, in order
    "$hamilton" run flights.c -d "duckdb:SELECT * FROM read_parquet('$flights') LIMIT $rows" \
        -o $wanted --save "$2.parquet" --cache "$1" --cache-why 2>"$2.why" >/dev/null
    grep -v ': [a-z_0-9]*  *found$' "$2.why" | grep -v '  computed: ' && exit 1
    sed -nE 's/^cache: ([a-z_0-9]+) +computed: .*/\1/p' "$2.why" | sort >"$2.computed"
}
expect() { # OUTPUT NODE...: these were computed and no others
    output=$1
    shift
    printf '%s\n' "$@" | diff - "$output.computed"
}

run cache first
run cache second
[ ! -s second.computed ]
cmp first.parquet second.parquet

# Other code, equal results: nothing else is computed.
sed -i 's/return delay > 0 ? delay : 0;/return (delay > 0 ? delay : 0) * 1;/' flights.c
run cache third
expect third lateness
cmp first.parquet third.parquet

# Other results: what is made of them follows.
sed -i 's/return (delay > 0 ? delay : 0) \* 1;/return delay > 5 ? delay : 0;/' flights.c
run cache fourth
expect fourth lateness lateness_per_100_km

# Two processes, eight runs each.
eight() { # NAME
    for i in 1 2 3 4 5 6 7 8; do
        run shared "$1$i"
    done
}
eight left &
eight right
wait $!
cat left?.computed right?.computed | sort >all
sort first.computed | diff - all
echo "flights: what is edited is computed, and nothing twice"
