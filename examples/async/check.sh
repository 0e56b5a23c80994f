#!/bin/sh
# check.sh QUOTES — all offers are right, and asking a hundred times took less than a second.
set -eu
said=$(mktemp)
trap 'rm -f "$said"' EXIT
"$1" >"$said"
sed 's/in [0-9]* ms/in N ms/' "$said" | diff -u expected.out -
awk '/ ms$/ && $(NF - 1) >= 1000 { print "too slow: " $0; slow = 1 } END { exit slow }' "$said"
