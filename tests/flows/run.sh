#!/bin/sh
# run.sh FLOW SCRATCH HAMILTON: runs one flow and compares what it says, to the byte.
#
# A flow is a folder with modules and data, and
#
#     cmd            shell lines that call `hamilton`; the last one's exit code counts
#     expected.out   what they print on standard output
#     expected.err   and on standard error; without the file, nothing
#     expected.exit  the exit code; without the file, 0
#
# The lines run in a copy of the folder, so that messages name files as the user typed them
# and what is written stays out of the tree. HM_FLOWS_UPDATE=1 writes the expectations anew.
set -u

flow=$1
scratch=$2
PATH=$(cd "$(dirname "$3")" && pwd):$PATH
export PATH LC_ALL=C.UTF-8

rm -rf "$scratch"
mkdir -p "$scratch/actual"
cp -R "$flow" "$scratch/work"
(cd "$scratch/work" && exec sh ./cmd) </dev/null \
    >"$scratch/actual/expected.out" 2>"$scratch/actual/expected.err"
echo $? >"$scratch/actual/expected.exit"

# What a file holds when the flow does not have it.
: >"$scratch/nothing"
echo 0 >"$scratch/zero"

result=0
for part in out err exit; do
    actual=$scratch/actual/expected.$part
    expected=$flow/expected.$part
    default=$scratch/nothing
    if [ $part = exit ]; then
        default=$scratch/zero
    fi
    if [ -n "${HM_FLOWS_UPDATE:-}" ]; then
        rm -f "$expected"
        cmp -s "$actual" "$default" || cp "$actual" "$expected"
        continue
    fi
    label=$expected
    if [ ! -e "$expected" ]; then
        expected=$default
    fi
    diff -u --label "$label" --label actual "$expected" "$actual" || result=1
done
exit $result
