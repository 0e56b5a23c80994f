#!/bin/sh
# run.sh DOCUMENT SCRATCH HAMILTON [PREFIX]: a document's modules compile, its commands run,
# and they print what it says. With HM_FLOWS_UPDATE=1 the document is written anew.
#
# Pictures that the commands draw, and which the folder named as the document has too, show
# the same texts there: where Graphviz puts them differs from version to version.
#
# PREFIX has an installed copy, for what the document compiles itself.
set -eu

document=$1
scratch=$2
PATH=$(cd "$(dirname "$3")" && pwd):$PATH
export PATH LC_ALL=C.UTF-8
if [ $# -gt 3 ]; then
    PKG_CONFIG_PATH=$(dirname "$(find "$4" -name hamilton.pc)")
    LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
    export PKG_CONFIG_PATH LD_LIBRARY_PATH
fi
runner=$(cd "$(dirname "$0")" && pwd)/run.awk

rm -rf "$scratch"
mkdir -p "$scratch/work"
cp "$document" "$scratch/document.md"
(cd "$scratch/work" && awk -f "$runner" ../document.md >../actual.md)
if [ -n "${HM_FLOWS_UPDATE:-}" ]; then
    cp "$scratch/actual.md" "$document"
fi
diff -u --label "$document" --label actual "$document" "$scratch/actual.md"

texts() {
    sed -n 's,.*<title>\(.*\)</title>.*,\1,p; s,.*<text[^>]*>\(.*\)</text>.*,\1,p' "$1"
}

pictures=${document%.md}
for drawn in "$scratch"/work/*.svg; do
    if [ ! -e "$drawn" ] || [ ! -d "$pictures" ]; then
        continue
    fi
    picture=$pictures/${drawn##*/}
    if [ -n "${HM_FLOWS_UPDATE:-}" ]; then
        cp "$drawn" "$picture"
    fi
    texts "$drawn" >"$scratch/drawn"
    texts "$picture" | diff -u --label "$picture" --label drawn - "$scratch/drawn"
done
