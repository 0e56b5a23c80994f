#!/bin/sh
# --break asks on a terminal what to do.
. "$(dirname "$0")/checks.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77 # no terminals here

cp "$3/tests/flows/breakpoints/module.c" .
run="'$hamilton' run module.c -i number=2 -i price=2.5 -i quantity=[1,2] -o total --format json"
ends 0 "$hamilton" list module.c # compiled

# talk WORDS OPTIONS: what it prints when that is said to it, and its exit status.
talk() {
    printf "$1" | script -qec "$run $2; echo exit \$?" /dev/null | tr -d '\r'
}

text=$(talk 'print quantity\nprint cost\nhelp\nn\nprint cost\nc\n' '--break cost')
has "it stops before the node" 'break: before `cost`' "$text"
has "arguments are printed" '\[1, 2\]$' "$text"
has "there is no result yet" '`cost` is nothing here' "$text"
has "commands are explained" 'continue (or nothing), next' "$text"
has "next stops after the node" 'break: after `cost`' "$text"
has "results are printed" '\[5, 10\]$' "$text"
has "the run goes on" '{"total": \[5, 10\]}' "$text"
has "to its end" '^exit 0' "$text"

text=$(talk 'quit\n' '--break cost:after --break total')
has "it stops after the node" 'break: after `cost`' "$text"
has "quit cancels the run" '^exit 130' "$text"
same "so that nothing follows" "" "$(printf '%s\n' "$text" | grep 'before `total`')"

text=$(talk '\004' '--break cost --break total')
has "who goes away is told of what follows" 'break: before `total`' "$text"
has "but not waited for" '^exit 0' "$text"
exit $failed
