#!/bin/sh
# The completion for bash knows commands, options, their values and files, in any bash.
. "$(dirname "$0")/checks.sh"
command -v bash >/dev/null || exit 77

"$hamilton" --completion >"$scratch/completion"
cat >"$scratch/complete" <<'END'
source "$1"
shift
COMP_WORDS=(hamilton "$@")
COMP_CWORD=$#
_hamilton
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
END
completes() { # completes EXPECTED WORD...: the last word is the one to complete
    expected=$1
    shift
    same "hamilton $*" "$expected" \
        "$(bash --norc "$scratch/complete" "$scratch/completion" "$@" | tr '\n' ' ')"
}

mkdir folder
touch a.c a.so a.txt 'a b.c'
completes 'validate version view ' v
completes '--man ' --m
completes '--config --config-file ' run --con
completes 'csv json table ' run --format ''
completes 'json ' run --format j
completes 'json ' run --format = j
completes 'csv json table ' run --format =
completes 'a b.c a.c a.so ' run a
completes 'a b.c a.c a.so a.txt ' run -d a
completes 'folder ' run f
completes 'folder ' run -I ''
completes '' no-such-command ''

exit $failed
