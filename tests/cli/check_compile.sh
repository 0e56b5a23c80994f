#!/bin/sh
# build, reflect, and what the compiler and the reflector complain about.
. "$(dirname "$0")/checks.sh"

# Broken C: what clang says, with file and line, and exit code 2.
printf 'double good(double x) { return x; }\ndouble bad(double x { return x; }\n' >broken.c
for command in run list validate; do
    ends 2 "$hamilton" $command --format table broken.c
    has "$command of broken C" 'broken.c:2:' "$err"
done
ends 2 "$hamilton" build broken.c
has "build of broken C" 'broken.c:2:' "$err"
[ ! -e broken.so ] || fault "build of broken C wrote a file"
ends 2 "$hamilton" reflect broken.c -o broken.hm.c
[ ! -e broken.hm.c ] || fault "reflect of broken C wrote a file"

# A function that nothing defines is found out when it is loaded, at the latest.
printf 'double missing(double);\ndouble calls(double x) { return missing(x); }\n' >undefined.c
ends 2 "$hamilton" run undefined.c -i x=1
has "an undefined function" 'missing' "$err"

# build writes one file, which needs no compiler later.
write_module m.c
ends 0 "$hamilton" build m.c -o "a b.so"
ends 0 env PATH=/nonexistent "$hamilton" run "a b.so" -i x=1
same "a built module" '{"doubled": 2}' "$out"
ends 0 "$hamilton" build m.c
ends 0 "$hamilton" run m.so -i x=2
same "in the working folder" '{"doubled": 4}' "$out"
ends 0 "$hamilton" build --march x86-64 -o base.so m.c
ends 0 "$hamilton" run base.so -i x=2
ends 2 "$hamilton" build m.c -o none/m.so
ends 2 "$hamilton" build m.so
has "build of no C file" 'is no .c file' "$err"
ends 2 "$hamilton" build m.c m.c
ends 0 "$hamilton" build m.c --cflags -O0 --ldflags -Wl,--build-id=none -o flags.so
ends 2 "$hamilton" build m.c --cflags --no-such-flag -o flags2.so
[ ! -e flags2.so ] || fault "a failed build wrote a file"
same "nothing else is left" "" "$(find . -name '*.tmp')"

# What is no module.
echo hello >no.so
ends 2 "$hamilton" run no.so
for size in 1 60 64 100 500 1000 4096 5000 10000; do
    head -c $size m.so >torn.so
    ends 2 "$hamilton" run torn.so
    has "a module of $size bytes" 'torn.so' "$err"
done
echo hello >no.txt
ends 2 "$hamilton" run no.txt
has "another suffix" '`no.txt` is no module' "$err"
ends 2 "$hamilton" run none.so
has "a missing .so" 'No such file' "$err"
ends 2 "$hamilton" run none.c
has "a missing .c" 'No such file' "$err"

# A module for other tables or another processor is told so, and none of it runs.
ends 0 "$hamilton" reflect m.c -o foreign.hm.c
headers=$3/include
foreign() { # foreign SED_SCRIPT: makes foreign.so of what reflect wrote, changed
    sed "$1" foreign.hm.c >changed.hm.c
    cc -std=gnu11 -fPIC -shared -fvisibility=hidden -DHM_SHARED_MODULE -I"$headers" -I. \
        changed.hm.c -o foreign.so
}
foreign 's/HM_MODULE_ABI/99/'
ends 2 "$hamilton" run foreign.so -i x=1
has "other tables" 'foreign.so was built for module tables of version 99' "$err"
foreign 's/hm_processor\[\] = ""/& "warp-drive "/'
ends 2 "$hamilton" run foreign.so -i x=1
has "another processor" 'foreign.so was built for a processor with warp-drive' "$err"
foreign ''
ends 0 "$hamilton" run foreign.so -i x=1

# reflect writes what compiles and links, and what make and the compiler must know.
mkdir out
ends 0 "$hamilton" reflect m.c -o out/m.hm.c --depfile out/m.d --flags-file out/m.flags
has "the rule" '^out/m.hm.c:' "$(cat out/m.d)"
has "its source" '/m.c' "$(cat out/m.d)"
same "the flags" -fno-builtin-doubled "$(cat out/m.flags)"
ends 0 cc -std=gnu11 -I"$3/include" -I. -c out/m.hm.c -o out/m.o @out/m.flags
ends 0 "$hamilton" reflect m.c
has "reflect to standard output" 'const hm_module m_module' "$out"

# What is written takes the place of a file, not of a link to it or of a device.
ln -s out/m.hm.c link.c
: >out/m.hm.c
ends 0 "$hamilton" reflect m.c -o link.c
[ -L link.c ] && [ -s out/m.hm.c ] || fault "the link was replaced"
has "reflect to a device" 'const hm_module m_module' \
    "$("$hamilton" reflect m.c -o /dev/stdout | cat)"
ends 2 "$hamilton" build m.c -o none/m.so
same "the folder is missed before anything is compiled" \
    'error: none/m.so: cannot write it: No such file or directory' "$err"

# A node may have a name of the C library's.
printf 'double time(double x) { return x + 1; }\ndouble index(double time) { return 2 * time; }\ndouble y1(double index) { return index; }\n' >names.c
ends 0 "$hamilton" run names.c -i x=1
same "time, index, y1" '{"y1": 4}' "$out"

exit $failed
