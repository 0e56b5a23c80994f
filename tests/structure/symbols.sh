#!/bin/sh
# symbols.sh ROOT LIBRARY CC [COMPONENT] — what the shared library, or that of a component, exports
# is what the public headers declare with HM_API, and what it uses is nothing that a library may
# not do to its program.
set -eu
root=$1 library=$2 compiler=$3 component=${4-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# HM_API is one attribute to the preprocessor's eye, and no system header has it. The name of
# what is declared stands before the first parenthesis or, for a variable, at the end.
for header in "$root"/include/hamilton/*.h; do
    echo "#include \"$header\""
done | "$compiler" -E -P -I"$root/include" -x c - | tr '\n' ' ' | tr ';{}' '[\n*]' |
        grep -F 'visibility("default")' |
        sed -E 's/__attribute__ *\(\([a-z_]+(\([^()]*\))?\)\)//g; s/[[(].*//; s/ *$//; s/.*[ *]//' |
        LC_ALL=C sort -u >"$scratch/all"
if [ -n "$component" ]; then
    grep "^hm_${component}_" "$scratch/all" >"$scratch/declared"
else
    grep -vE '^hm_(cache|duckdb|redis|lmdb|sqlite|otlp)_' "$scratch/all" >"$scratch/declared"
fi
nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort -u >"$scratch/exported"
if ! diff "$scratch/declared" "$scratch/exported" >"$scratch/difference"; then
    sed -n 's/^< /declared in a public header, but not in the library: /p
            s/^> /exported by the library, but in no public header: /p' "$scratch/difference"
    exit 1
fi

# Ending the process, its signals, its environment, its standard output.
nm -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $2); print $2 }' >"$scratch/used"
if grep -xE '(abort|_?exit|_Exit|quick_exit|atexit|on_exit|__cxa_atexit|raise|kill|signal|sigaction|sigprocmask|pthread_sigmask|setenv|putenv|unsetenv|clearenv|chdir|fchdir|umask|setlocale|fork|system|popen|stdout|v?printf|__v?printf_chk|puts|putchar|perror)' \
        "$scratch/used" >"$scratch/forbidden"; then
    sed 's/^/the library may not use /' "$scratch/forbidden"
    exit 1
fi
