#!/bin/sh
# fetch.sh FOLDER — DuckDB's library and header, of one version, from npm into FOLDER/lib and
# FOLDER/include. FOLDER appears whole or not at all; if it is there nothing is done.
set -eu
folder=$1
version=1.4.4
[ ! -e "$folder" ] || exit 0

case $(uname -s)-$(uname -m) in
Linux-x86_64)
    bindings=@duckdb/node-bindings-linux-x64@$version-r.1
    bindings_sha512=7e360d73eb78fd3ee6873679ee8268210696bdb615bf186275c34d6a7b101625a777afc930b0942dde2a9edf172374edd81ad9b2b687ebdd0a481212dd03edd3
    ;;
Linux-aarch64)
    bindings=@duckdb/node-bindings-linux-arm64@$version-r.1
    bindings_sha512=c2af76fc471388e4d15b54520cec2378bc8c3175b0355370536d5341d7eedec812f3af88877ada68aebc95e0e063971681fef659edc9d96ec7633f06c3170c63
    ;;
*)
    echo "fetch.sh: npm has no libduckdb that is known here for $(uname -s) on $(uname -m)" >&2
    exit 1
    ;;
esac
sources_sha512=844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2

mkdir -p "$(dirname "$folder")"
scratch=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# unpack PACKAGE SHA512 FILE...: fetches what npm calls PACKAGE and takes these files out of it.
# Nothing of it is run.
unpack() {
    (cd "$scratch" && npm pack --loglevel=error --ignore-scripts "$1" >/dev/null)
    archive=$(echo "$scratch"/*.tgz)
    echo "$2  $archive" | sha512sum --check --status || {
        echo "fetch.sh: $1 is not what it was: its SHA-512 differs" >&2
        exit 1
    }
    shift 2
    tar -xzf "$archive" -C "$scratch" "$@"
    rm "$archive"
}
unpack "$bindings" "$bindings_sha512" package/libduckdb.so package/LICENSE
unpack "duckdb@$version" "$sources_sha512" package/src/duckdb/src/include/duckdb.h

mkdir "$scratch/whole" "$scratch/whole/lib" "$scratch/whole/include"
mv "$scratch/package/libduckdb.so" "$scratch/whole/lib/"
mv "$scratch/package/src/duckdb/src/include/duckdb.h" "$scratch/whole/include/"
mv "$scratch/package/LICENSE" "$scratch/whole/"
mv "$scratch/whole" "$folder"
