#!/bin/sh
# diff compares modules, also of git revisions, with the headers that they had then.
. "$(dirname "$0")/checks.sh"
command -v git >/dev/null || exit 77
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_CONFIG_GLOBAL=/dev/null

git init -q repository
cd repository || exit 1
mkdir sub
echo '#define FACTOR 2' >sub/factor.h
cat >sub/m.c <<'END'
#include "factor.h"
double kept(double x) { return x; }
double scaled(double x) { return FACTOR * x; }
double gone(double x) { return x; }
END
git add . && git commit -qm one
echo '#define FACTOR 3' >sub/factor.h
cat >sub/m.c <<'END'
#include "factor.h"
// Another place, and a comment.
double scaled(double x) { return FACTOR * x; }
double   kept(double x) { return x; /* here too */ }
double fresh(double x) { return x; }
END
git commit -qam two

expected='{"added": ["fresh"], "removed": ["gone"], "edited": ["scaled"]}'
ends 0 "$hamilton" diff HEAD~1:sub/m.c HEAD:sub/m.c
same "two revisions" "$expected" "$out"
ends 0 "$hamilton" diff HEAD~1:sub/m.c sub/m.c
same "a revision and a file" "$expected" "$out"
ends 0 sh -c "cd sub && '$hamilton' diff HEAD~1:./m.c m.c"
same "a path that begins here" "$expected" "$out"
ends 0 "$hamilton" diff HEAD:sub/m.c sub/m.c
same "no difference" '{"added": [], "removed": [], "edited": []}' "$out"
ends 0 "$hamilton" diff --format table HEAD~1:sub/m.c sub/m.c
same "for the eye" 'added    fresh
removed  gone
edited   scaled' "$out"
same "the repository is as it was" "" "$(git status --porcelain)"

ends 2 "$hamilton" diff nothing:sub/m.c sub/m.c
has "an unknown revision" 'git knows no revision `nothing` here' "$err"
ends 2 "$hamilton" diff HEAD:m.c sub/m.c
has "an unknown path" 'there is no C file `m.c` in revision `HEAD`' "$err"
ends 2 "$hamilton" diff sub/m.c
cd ..
ends 2 env GIT_CEILING_DIRECTORIES="$scratch" "$hamilton" diff HEAD:m.c repository/sub/m.c
has "no repository" 'git knows no revision' "$err"

exit $failed
