#!/bin/sh
# On a terminal results are tables no wider than it, in colour unless NO_COLOR is set.
. "$(dirname "$0")/checks.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77 # no terminals here

cat >m.c <<'END'
#include <stddef.h>
/** A description that is much longer than what is left of the line, so that it is cut. */
double doubled(double x) { return 2 * x; }
double quite_a_long_name_of_a_node(double x) { return x / 3; }
double another_long_name_of_a_node(double x) { return x / 7; }
END
ends 0 "$hamilton" list m.c # compiled

# on COLUMNS COMMAND: what it prints on a terminal so wide, without carriage returns.
on() {
    TERM=xterm script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}
bold=$(printf '\033\[1m')
widest() { sed 's/\x1b\[[0-9;]*m//g' | wc -L; }

text=$(on 80 "'$hamilton' run m.c -i x=[1,2] -o doubled")
has "a table is the default" '^  1 *2$' "$text"
has "in colour" "$bold" "$text"
text=$(on 80 "NO_COLOR=1 '$hamilton' run m.c -i x=[1,2] -o doubled")
same "without colour" 'row  doubled
  1        2
  2        4' "$text"
text=$(on 80 "'$hamilton' run m.c -i x=[1] | cat")
has "JSON into a pipe" '^{"doubled": \[2\]' "$text"

many=$(seq -s, 1 100)
text=$(on 80 "NO_COLOR= '$hamilton' run m.c -i x=[$many] -o doubled")
same "the middle of long ones is left out" 22 "$(printf '%s\n' "$text" | wc -l)"
has "the first" '^  1 *2$' "$text"
has "the last" '^100 *200$' "$text"
text=$("$hamilton" run m.c -i "x=[$many]" -o doubled --format table)
same "but not in a file" 101 "$(printf '%s\n' "$text" | wc -l)"

for columns in 40 60 80; do
    text=$(on $columns "'$hamilton' run m.c -i x=[1,2]; '$hamilton' list m.c
        '$hamilton' explain m.c -i x=1")
    [ "$(printf '%s\n' "$text" | widest)" -le $columns ] ||
        fault "wider than $columns columns: $text"
done

text=$(on 80 "NO_COLOR=1 '$hamilton' explain m.c -i x=1 -o doubled --analyze")
has "plans are for the eye" '^   0  \* doubled  *[0-9.]* .s  100 %$' "$text"
text=$(on 80 "'$hamilton' run m.c")
has "errors are in colour" "$(printf '\033\[1;31merror:')" "$text"
ends 2 "$hamilton" run m.c
has "but not in a file" '^error: 1 input is missing' "$err"

exit $failed
