#!/usr/bin/env bash
# mutations.sh ROOT SCRATCH [PATTERN] — breaks the scheduler in one place at a time, as
# mutations.txt says, and has the explorer find it: a table of what noticed what. Fails if
# something was not noticed that should be, or no more applies. With a pattern, only those
# mutations that match it.
set -euo pipefail
root=$1
scratch=$2
pattern=${3-.}
explorer=$root/tests/scheduler/explorer
sources=(crew deque inbox job limit parker pool process worker)
flags=(-std=c11 -O2 -g -D_POSIX_C_SOURCE=200809L "-I$root/include")
compiler=${CC:-cc}
read -ra headers <<<"$(pkg-config --cflags libuv)"
flags+=("${headers[@]}")

# compile FILE OBJECT [FLAG...]
compile() {
    local file=$1 object=$2
    shift 2
    "$compiler" "${flags[@]}" "$@" -w -c "$file" -o "$object"
}

# The explorer, and the scheduler as it is.
prepare() {
    rm -rf "$scratch"
    mkdir -p "$scratch/whole"
    local file name
    for file in "$explorer"/*.c; do
        name=$(basename "$file" .c)
        case $name in
        flow | parts) compile "$file" "$scratch/whole/$name.o" "-I$root" -fsanitize=thread ;;
        *) compile "$file" "$scratch/whole/$name.o" "-I$root" -D_GNU_SOURCE ;;
        esac
    done
    for name in "${sources[@]}"; do
        compile "$root/scheduler/$name.c" "$scratch/whole/scheduler_$name.o" "-I$root" \
            -fsanitize=thread
    done
}

# replace FUNCTION OLD NEW: once, in the function of the file that is read.
replace() {
    in=$1 old=$2 new=$3 awk '
        BEGIN { name = ENVIRON["in"] "("; old = ENVIRON["old"]; new = ENVIRON["new"] }
        /^[a-z]/ && index($0, name) { inside = 1 }
        /^}/ { inside = 0 }
        inside && !done && (at = index($0, old)) {
            $0 = substr($0, 1, at - 1) new substr($0, at + length(old))
            done = 1
        }
        { print }
        END { exit !done }'
}

# explore PROGRAM: first what is quick, then what is thorough. Says what it found.
explore() {
    local program=$1 way said status words
    # The scenario at the end is the one in which most wake-ups can be lost.
    for way in random,300 random,3000 all,2000 random,10000 \
        'random,200000,pair after a pending task'; do
        IFS=, read -ra words <<<"$way"
        status=0
        said=$(timeout 900 "$program" "${words[@]}" 2>&1) || status=$?
        if [ $status -ne 0 ]; then
            [ $status -ne 124 ] || said='it hangs'
            [ $status -lt 128 ] || said='it crashes'
            echo "${words[0]}: $(grep -v ' states ' <<<"$said" | head -n 1)"
            return
        fi
    done
    echo nothing
}

trim() { sed 's/^ *//; s/ *$//' <<<"$1"; }

# attempt NUMBER LINE: one row of the table, in a file of its own.
attempt() {
    local folder=$scratch/$1 file in old new why found
    local bar=$'\1'
    IFS='|' read -r file in old new why <<<"${2//\\|/$bar}"
    file=$(trim "$file") in=$(trim "$in") why=$(trim "$why")
    old=$(trim "$old") new=$(trim "$new")
    old=${old//$bar/|} new=${new//$bar/|}
    mkdir -p "$folder"
    cp -r "$root/scheduler" "$folder/scheduler"
    if ! replace "$in" "$old" "$new" <"$root/scheduler/$file" >"$folder/scheduler/$file"; then
        found='it does not apply'
    elif ! compile "$folder/scheduler/$file" "$folder/mutant.o" "-I$folder" "-I$root" \
        -fsanitize=thread 2>"$folder/log"; then
        found='it does not compile'
    else
        local objects=("$scratch"/whole/*.o)
        objects=("${objects[@]/*scheduler_${file%.c}.o/$folder/mutant.o}")
        "$compiler" -no-pie "${objects[@]}" -o "$folder/explorer" \
            -Wl,--wrap=memset,--wrap=memcpy
        found=$(explore "$folder/explorer")
    fi
    printf '%s | %s | %s | %s | %s | %s\n' "$file" "$in" "$old" "$new" "$why" "$found" \
        >"$folder.row"
    rm -rf "$folder"
}

prepare
number=0
while IFS= read -r line; do
    number=$((number + 1))
    attempt "$number" "$line" &
    if [ "$number" -gt "$(nproc)" ]; then
        wait -n
    fi
done < <(grep -v '^#' "$explorer/mutations.txt" | grep -v '^$' | grep -e "$pattern")
wait

# The table of docs/scheduler-mutations.md, without what changes with every compiler.
for ((i = 1; i <= number; i++)); do
    cat "$scratch/$i.row"
done | awk -F ' [|] ' '
    function code(text) { gsub(/[|]/, "\\|", text); return "`" text "`" }
    {
        found = $NF
        sub(/ \((seed|after) .*/, "", found)
        sub(/: byte [0-9]+.*/, "", found)
        print "| " code($2) " | " code($3) " → " code($4) " | " $5 " | " found " |"
    }
    $NF ~ /^it does not/ { bad++ }
    $5 ~ /^(equal|unseen)/ { silent++; bad += $NF != "nothing"; next }
    $NF == "nothing" { bad++; next }
    { noticed++ }
    END {
        printf "%d mutations: %d noticed, %d not to be noticed, %d not as expected\n",
            NR, noticed, silent, bad
        exit bad > 0
    }'
