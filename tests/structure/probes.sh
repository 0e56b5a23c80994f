#!/bin/sh
# probes.sh LIBRARY — the notes of all static probes are in the library, with the arguments
# that docs/adapters/probes.md tells, and where there are some at all each has a semaphore.
set -eu
library=$1
command -v readelf >/dev/null || {
    echo 'readelf is missing: the Debian package binutils has it'
    exit 77
}

# A line for each probe: its name and how many arguments it has.
readelf --notes --wide "$library" | awk '
    /Provider:/ { provider = $NF }
    $1 == "Name:" { name = $2 }
    /Semaphore: 0x0+$/ { print name " has no semaphore" }
    $1 == "Arguments:" && provider == "hamilton" { print name, NF - 1 }
' | sort -u >probes
cat >expected <<'END'
node__begin 2
node__end 3
run__begin 2
run__end 2
task__begin 2
task__end 2
worker__sleep 1
worker__wake 1
END
diff -u expected probes
