#!/bin/sh
# Compiled modules are found again without libclang, and only while nothing has changed.
. "$(dirname "$0")/checks.sh"

maps() { # whether libclang is among the libraries that a call opened
    LD_DEBUG=files LD_DEBUG_OUTPUT="$scratch/libraries" "$@" >/dev/null 2>&1
    cat "$scratch"/libraries.* | grep -c 'libclang.*opencount\|file=.*libclang'
    rm -f "$scratch"/libraries.*
}
entries() { find "$cache" -name "$1" | wc -l; }

write_module m.c
[ "$(maps "$hamilton" run m.c -i x=1)" -gt 0 ] || fault "the first run reflects"
same "the second run loads no libclang" 0 "$(maps "$hamilton" run m.c -i x=1)"
same "nothing but the module and its manifest is kept" 2 "$(find "$cache" -type f | wc -l)"
same "the folder is the user's only" 700 "$(stat -c %a "$cache")"

# What is included counts, at any depth, and so do flags.
cat >h.h <<'END'
#include "deep.h"
END
echo '#define FACTOR 3' >deep.h
printf '#include "h.h"\ndouble times(double x) { return FACTOR * x; }\n' >t.c
ends 0 "$hamilton" run t.c -i x=2
same "with the header" '{"times": 6}' "$out"
echo '#define FACTOR 5' >deep.h
ends 0 "$hamilton" run t.c -i x=2
same "a changed header is seen" '{"times": 10}' "$out"
ends 0 "$hamilton" run t.c -i x=2
same "and its result is kept" '{"times": 10}' "$out"

printf 'double times(double x) { return FACTOR * x; }\n' >d.c
ends 0 "$hamilton" run d.c -DFACTOR=2 -i x=1
same "-D" '{"times": 2}' "$out"
ends 0 "$hamilton" run d.c -D FACTOR=7 -i x=1
same "another -D" '{"times": 7}' "$out"
ends 0 "$hamilton" run d.c --cflags '-DFACTOR="(1 + 1)"' -i x=1
same "--cflags" '{"times": 2}' "$out"

mkdir one two
echo '#define FACTOR 1' >one/f.h
echo '#define FACTOR 2' >two/f.h
printf '#include "f.h"\ndouble times(double x) { return FACTOR * x; }\n' >i.c
ends 0 "$hamilton" run i.c -I one -i x=1
same "-I" '{"times": 1}' "$out"
ends 0 "$hamilton" run i.c -Itwo -i x=1
same "another -I" '{"times": 2}' "$out"

# A header that appears where it would be found first is seen, and when it goes again.
ends 0 "$hamilton" run i.c -I two -I one -i x=1
same "found in the first folder" '{"times": 2}' "$out"
mv two/f.h two/g.h
ends 0 "$hamilton" run i.c -I two --cflags '-I one' -i x=1
same "found in the second folder" '{"times": 1}' "$out"
mv two/g.h two/f.h
ends 0 "$hamilton" run i.c -I two --cflags '-I one' -i x=1
same "found in the first folder again" '{"times": 2}' "$out"
echo '#define FACTOR 9' >f.h
ends 0 "$hamilton" run i.c -I two --cflags '-I one' -i x=1
same "found beside the module" '{"times": 9}' "$out"
rm f.h
ends 0 "$hamilton" run i.c -I two --cflags '-I one' -i x=1
same "and no more" '{"times": 2}' "$out"

# The same text elsewhere is another module: its headers are others.
mkdir one/sub two/sub
cp i.c one/m.c
cp i.c two/m.c
ends 0 sh -c "cd one && '$hamilton' run m.c -i x=1"
same "in one folder" '{"times": 1}' "$out"
ends 0 sh -c "cd two && '$hamilton' run m.c -i x=1"
same "in another" '{"times": 2}' "$out"

# What is torn is made anew.
for object in "$cache"/*.so; do
    : >"$object"
done
ends 0 "$hamilton" run m.c -i x=4
same "a torn object" '{"doubled": 8}' "$out"

# What cannot be kept is used all the same.
for manifest in "$cache"/*.manifest; do
    rm "$manifest"
    mkdir "$manifest"
done
ends 0 "$hamilton" run m.c -i x=5
same "a manifest that cannot be written" '{"doubled": 10}' "$out"
has "a warning" 'warning: compiled modules cannot be kept' "$err"
rm -r "$cache"

# A compiler that changes is another one.
mkdir bin
printf '#!/bin/sh\necho called >>"%s/called"\nexec cc "$@"\n' "$scratch" >bin/mycc
chmod +x bin/mycc
CC="$scratch/work/bin/mycc" ends 0 "$hamilton" run m.c -i x=1
CC="$scratch/work/bin/mycc" ends 0 "$hamilton" run m.c -i x=1
same "compiled once" 1 "$(wc -l <"$scratch/called")"
echo '# another version' >>bin/mycc
CC="$scratch/work/bin/mycc" ends 0 "$hamilton" run m.c -i x=1
same "compiled again by a new compiler" 2 "$(wc -l <"$scratch/called")"
CC="$scratch/none" ends 2 "$hamilton" run m.c -i x=1
has "a missing compiler" 'which CC names, is not there' "$err"

# Any number of processes may make one module at once.
write_module p.c
for i in 1 2 3 4; do
    "$hamilton" run p.c -i x=$i >"$scratch/p$i" 2>&1 &
done
wait
same "four at once" '{"doubled": 2}{"doubled": 4}{"doubled": 6}{"doubled": 8}' \
    "$(cat "$scratch/p1" "$scratch/p2" "$scratch/p3" "$scratch/p4" | tr -d '\n')"
same "nothing half-made is left" 0 "$(entries 'build.*')"

# A folder that is not safe is refused; one that cannot be had is gone without.
chmod 770 "$cache"
ends 2 "$hamilton" run m.c -i x=1
has "a folder of many" 'holds code, but others can write it (mode 770)' "$err"
chmod 700 "$cache"
XDG_CACHE_HOME=/dev/null ends 0 "$hamilton" run m.c -i x=3
same "without a cache" '{"doubled": 6}' "$out"
has "a warning" 'warning: compiled modules cannot be kept' "$err"

# Spaces and read-only folders are no matter.
mkdir "with a space"
write_module "with a space/a module.c"
chmod 555 "with a space"
ends 0 "$hamilton" run "with a space/a module.c" -i x=1
same "spaces" '{"doubled": 2}' "$out"
chmod 755 "with a space"

exit $failed
