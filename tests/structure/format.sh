#!/bin/sh
# format.sh ROOT — every C file is in the house format, of which other versions of
# clang-format have other ideas.
set -eu
for formatter in clang-format-14 clang-format; do
    case $("$formatter" --version 2>/dev/null) in
    *'version 14.'*) exec "$1/dev" format --check ;;
    esac
done
echo 'skipped: there is no clang-format 14'
exit 77
