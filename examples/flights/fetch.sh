#!/bin/sh
# fetch.sh FILE — gets flights-3m.parquet, three million flights within the United States of
# 2001, from the package vega-datasets of npm. FILE appears whole or not at all; if it is there
# nothing is done.
set -eu
file=$1
package=vega-datasets@3.2.1
sha512=9534b0640eb2abaa925366199bee9ba882e222f4cf3f19f88ad8abee33c61661c874fbd47d0f690b3cdcae4958cb030980b51b68879291941d88977ac01c4fba
[ ! -e "$file" ] || exit 0

mkdir -p "$(dirname "$file")"
scratch=$(mktemp -d "$file.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --loglevel=error --ignore-scripts "$package" >/dev/null)
archive=$(echo "$scratch"/*.tgz)
echo "$sha512  $archive" | sha512sum --check --status || {
    echo "fetch.sh: $package is not what it was: its SHA-512 differs" >&2
    exit 1
}
tar -xzf "$archive" -C "$scratch" package/data/flights-3m.parquet
mv "$scratch/package/data/flights-3m.parquet" "$file"
