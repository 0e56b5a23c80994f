#!/bin/sh
# tree.sh ROOT — who includes whom, as the table of docs/architecture.md allows, and what
# else holds for every source file: a size that can be read, a name that says something.
set -eu
cd "$1"

find . \( -name build -o -name .git \) -prune -o -name '*.[ch]' -print | sed 's|^\./||' |
        LC_ALL=C sort | xargs awk '
function fault(text) { print file ":" FNR ": " text; faults++ }

# "public" stands for <hamilton/...>; a folder may always include itself.
BEGIN {
    allowed["include"] = "public"
    allowed["base"] = "public"
    allowed["reflect"] = "public base"
    allowed["graph"] = "public base"
    allowed["scheduler"] = "public base uv"
    allowed["engine"] = "public base graph scheduler uv"
    allowed["adapters"] = "public base uv"
    allowed["cli"] = "public base reflect uv"
    allowed["bench"] = "public uv" # which one of the peers is
    allowed["examples"] = "public uv"
    allowed["tests"] = "public base reflect graph scheduler engine adapters cli uv"
    for (folder in allowed) {
        split(allowed[folder], names, " ")
        for (i in names) may[folder, names[i]] = 1
        may[folder, folder] = 1
    }
}

FNR == 1 {
    end_file()
    file = FILENAME
    folder = file
    sub(/\/.*/, "", folder)
    if (!(folder in allowed)) fault("is in a folder that docs/architecture.md does not know")
    if (file ~ /(^|[\/_])(util|utils|helper|helpers|common|misc)[._]/) {
        fault("has a name that says nothing")
    }
}
{ lines = FNR }

/^[ \t]*#[ \t]*include/ {
    # What a program wrote in a literal, as the reflector does, is no include of ours.
    target = $0
    sub(/^[^<"]*/, "", target)
    quoted = substr(target, 1, 1) == "\""
    target = substr(target, 2)
    sub(/[>"].*/, "", target)
    if (target ~ /^uv\.h$|^uv\//) check("uv", "<" target ">")
    else if (target ~ /^clang-c\// && folder != "reflect" && folder != "tests") {
        fault("includes <" target ">: only reflect may know libclang")
    } else if (target == "duckdb.h" && file !~ /^(adapters\/duckdb|tests\/adapters|bench)\//) {
        fault("includes <duckdb.h>: only adapters/duckdb may know DuckDB")
    } else if (target == "zstd.h" && file !~ /^(adapters\/cache|tests\/(adapters|fuzz))\//) {
        fault("includes <zstd.h>: only adapters/cache may know it")
    } else if (target == "sqlite3.h" && file !~ /^(adapters\/(cache|sqlite)|tests\/adapters)\//) {
        fault("includes <sqlite3.h>: only adapters/cache and adapters/sqlite may know it")
    } else if (target ~ /^hiredis\// && file !~ /^(adapters\/redis|tests\/|bench)/) {
        fault("includes <" target ">: only adapters/redis may know hiredis")
    } else if (target == "lmdb.h" && file !~ /^(adapters\/lmdb|tests\/adapters)\//) {
        fault("includes <" target ">: only adapters/lmdb may know LMDB")
    } else if (target ~ /^curl\// && file !~ /^(adapters\/otlp|tests\/adapters|examples)\//) {
        fault("includes <" target ">: only adapters/otlp may know it")
    } else if (target ~ /^hamilton\//) {
        if (quoted) fault("includes \"" target "\": the public headers go into < >")
        check("public", "<" target ">")
    } else if (quoted && may_be_relative()) {
        next
    } else if (quoted && target !~ /^[a-z]+\/[a-z_0-9\/]+\.h$/) {
        fault("includes \"" target "\": name the full path from the root")
    } else if (quoted) {
        split(target, parts, "/")
        check(parts[1], "\"" target "\"")
    }
}

# Modules of tests and examples are whole projects of a user: their headers are their own.
function may_be_relative() { return folder == "examples" || file ~ /^tests\/(flows|reflect\/modules|structure\/consumer)\// }

function check(what, spelled) {
    if (!((folder, what) in may)) fault(folder " may not include " spelled)
}
function end_file() {
    if (file != "" && lines > 600) fault("has " lines " lines, more than 600")
}
END { end_file(); exit faults > 0 }
'
