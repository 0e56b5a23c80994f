# checks.sh — sourced by the check_*.sh: their arguments are HAMILTON SCRATCH SOURCE; they
# begin in an empty folder with an empty cache.
set -u

hamilton=$1
scratch=$2
failed=0
rm -rf "$scratch"
mkdir -p "$scratch/work"
cd "$scratch/work" || exit 1
export XDG_CACHE_HOME="$scratch/cache" LC_ALL=C.UTF-8
cache=$XDG_CACHE_HOME/hamilton

fault() {
    echo "FAULT: $*"
    failed=1
}

# same WHAT EXPECTED ACTUAL
same() {
    [ "$2" = "$3" ] || fault "$1: expected
$2
but found
$3"
}

# has WHAT PATTERN TEXT: whether a line of the text has the pattern.
has() {
    printf '%s\n' "$3" | grep -q -e "$2" || fault "$1: no \"$2\" in
$3"
}

# ends WITH COMMAND...: runs it; its output is in $out and $err.
ends() {
    wanted_code=$1
    shift
    "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
    [ $code = "$wanted_code" ] || fault "exit code $code instead of $wanted_code: $*
$out
$err"
}

# A module with one node, doubled, of the input x.
write_module() {
    cat >"$1" <<'END'
double doubled(double x) { return 2 * x; }
END
}
