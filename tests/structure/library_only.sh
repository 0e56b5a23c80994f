#!/bin/sh
# library_only.sh ROOT SCRATCH — who wants the library alone needs no libclang, and can still
# use find_package and tables that were filled by hand.
set -eu
root=$1 scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"
{
    cmake -S "$root" -B library -G Ninja -DCMAKE_BUILD_TYPE=Release \
            -DHM_CLI=OFF -DHM_TESTS=OFF -DHM_BENCH=OFF
    cmake --build library
    cmake --install library --prefix "$scratch/installed"
    cmake -S "$root/examples/by_hand" -B by_hand -G Ninja "-DCMAKE_PREFIX_PATH=$scratch/installed"
    cmake --build by_hand
    ctest --test-dir by_hand --output-on-failure
} >log 2>&1 || {
    cat log
    exit 1
}
if [ -e installed/bin ]; then
    echo 'a command was installed'
    exit 1
fi
