#!/bin/sh
# gdb.sh MODULE SCRATCH HAMILTON: gdb stops in the node that failed, at its line, with its
# arguments. Skipped where there is no gdb, or it may not trace.
set -u

module=$1
scratch=$2
hamilton=$3

command -v gdb >/dev/null || exit 77
gdb -q -batch -ex run --args true 2>&1 | grep -q 'exited normally' || exit 77

rm -rf "$scratch"
mkdir -p "$scratch"
cp "$module" "$scratch/module.c"
cd "$scratch" || exit 1
"$hamilton" run module.c -i a=1.5 -i b=0 --bundle failures 2>/dev/null
printf 'info args\nbacktrace 1\ncontinue\nquit\n' |
    "$hamilton" replay failures/ratio-1 --gdb >said 2>&1

for words in '^Breakpoint 1, ratio (a=1.5, b=0,' 'module.c:4' '^(gdb) a = 1.5' \
    'it fails as it did' 'exited with code 01'; do
    grep -q -e "$words" said || {
        echo "gdb did not say: $words"
        cat said
        exit 1
    }
done
