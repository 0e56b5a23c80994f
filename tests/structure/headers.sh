#!/bin/sh
# headers.sh ROOT SCRATCH CC... — each header compiles alone, without a warning: the public
# ones as strict C11 and as C++, ours as C11.
set -eu
root=$1 scratch=$2
shift 2
mkdir -p "$scratch"

strict='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only'
failed=0
compile() { # LANGUAGE HEADER COMPILER FLAGS...
    source=$scratch/alone.$1 header=$2
    shift 2
    # Twice, for the guard; and a declaration, since some headers have none.
    printf '#include %s\n#include %s\nextern int alone;\n' "$header" "$header" >"$source"
    # shellcheck disable=SC2086
    "$@" $strict "$source" || {
        echo "$header does not compile alone with $*"
        failed=1
    }
}

cd "$root"
for compiler; do
    command -v "$compiler" >/dev/null || continue
    for header in include/hamilton/*.h; do
        header="<hamilton/${header##*/}>"
        case $compiler in
        *++*) compile cpp "$header" "$compiler" -std=c++11 -Iinclude ;;
        *) compile c "$header" "$compiler" -std=c11 -Wstrict-prototypes -Iinclude ;;
        esac
    done
done
# What some of ours include need not be there.
can_include() {
    echo "#include <$1>" | "$compiler" -E -x c - >/dev/null 2>&1
}
compiler=$1
folders='base graph scheduler engine adapters cli'
can_include clang-c/Index.h && folders="$folders reflect"
no_duckdb= no_curl=
can_include duckdb.h || no_duckdb='adapters/duckdb/*'
can_include curl/curl.h || no_curl='adapters/otlp/*'
for header in $(find $folders -name '*.h' ! -path "$no_duckdb" ! -path "$no_curl"); do
    compile c "\"$header\"" "$compiler" -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude -I.
done
exit $failed
