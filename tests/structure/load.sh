#!/bin/sh
# load.sh LIBRARY — a program that knows nothing of the library, as Python does, can load it:
# with and without jemalloc in the process.
set -eu
if ! command -v python3 >/dev/null; then
    echo 'skipped: there is no python3'
    exit 77
fi
load='
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.hm_version.restype = ctypes.c_char_p
library.hm_allocator_default.restype = ctypes.c_void_p
assert library.hm_version() and library.hm_allocator_default()
'
python3 -c "$load" "$1"
LD_PRELOAD=libjemalloc.so.2 python3 -c "$load" "$1"
