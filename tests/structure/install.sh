#!/bin/sh
# install.sh ROOT BUILD SCRATCH EXAMPLE... — an installed copy, moved away from where it was
# installed, is all that a project outside of this tree needs, be it built with CMake or by
# hand. The examples are such projects.
set -eu
root=$1 build=$2 scratch=$3
shift 3
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

step() { # WHAT COMMAND...: quiet unless it fails
    what=$1
    shift
    "$@" >log 2>&1 || {
        cat log
        echo "failed: $what"
        exit 1
    }
}
project() { # SOURCE NAME: configures and builds a copy of it with CMake
    cp -R "$root/$1" "$2"
    step "configure $1" cmake -S "$2" -B "$2/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
            "-DCMAKE_PREFIX_PATH=$scratch/moved" ${options-}
    step "build $1" cmake --build "$2/build"
}
says() { # EXPECTED PROGRAM
    "$2" >said || { echo "failed: $2"; exit 1; }
    diff -u "$1" said
}

step 'install' cmake --install "$build" --prefix "$scratch/first"
mv first moved
if grep -rlE "$scratch/first|$root" moved --include='*.cmake' --include='*.pc' --include='*.h'; then
    echo 'these name the place where libhamilton was built or first installed'
    exit 1
fi

# The command finds what belongs to it, wherever it is.
for file in share/man/man1/hamilton.1 share/bash-completion/completions/hamilton; do
    [ -s "moved/$file" ] || { echo "not installed: $file"; exit 1; }
done
XDG_CACHE_HOME=$scratch/cache moved/bin/hamilton run "$root/examples/marketing/marketing.c" \
        -i spend=10 -i signups=4 -o spend_per_signup --format json >said
echo '{"spend_per_signup": 2.5}' | diff -u - said

# With CMake: as a shared and as a static library.
project tests/structure/consumer consumer
says consumer/expected.out consumer/build/shared
says consumer/expected.out consumer/build/static

# An edit of a header that the modules include reaches both of them.
sed -i 's/RATE 2/RATE 4/' consumer/rate.h
step 'build again' cmake --build consumer/build
printf 'north: 1021\nsouth: 2205\n' >edited
says edited consumer/build/shared
step 'build once more' cmake --build consumer/build --verbose
grep -q 'no work to do' log || { cat log; echo 'a build without an edit does something'; exit 1; }

# Without CMake. Of a module that make has closed only its tables can be seen.
PKG_CONFIG_PATH=$(dirname "$(find "$PWD/moved" -name hamilton.pc)")
export PKG_CONFIG_PATH
cp -R "$root/examples/embed" plain
step 'make' make -C plain check
nm --defined-only --extern-only plain/delivery.module.o | awk '{ print $3 }' >visible
echo delivery_module | diff -u - visible

for example; do
    # Too large to be in the tree; without it the example tests nothing.
    [ "$example" != flights ] || options=-DFLIGHTS=$FLIGHTS
    project "examples/$example" "example_$example"
    step "examples/$example" ctest --test-dir "example_$example/build" --output-on-failure
    options=
done
