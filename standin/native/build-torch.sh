#!/bin/sh
# Builds libTorchStandin.so, the C++ half of the TorchSharp stand-in, unless it is up to date.
# TORCH_HOME may name an unpacked libtorch (with include/ and lib/) to use instead of the system's.
set -eu
cd "$(dirname "$0")"
out=bin/libTorchStandin.so
stamp=bin/torch/options

compiler=${CXX:-g++}
# C++20: libtorch from 2.13 takes no less, and 1.13 takes it too.
flags="-O2 -std=c++20 -fPIC -fvisibility=hidden -Wall -Wextra -DAT_PER_OPERATOR_HEADERS ${CXXFLAGS:-}"
libraries="-ltorch -ltorch_cpu -lc10"
if [ -n "${TORCH_HOME:-}" ]; then
    flags="$flags -isystem $TORCH_HOME/include -isystem $TORCH_HOME/include/torch/csrc/api/include"
    libraries="-L$TORCH_HOME/lib -Wl,-rpath,$TORCH_HOME/lib $libraries"
    # Nothing calls it by name, but without it there is no CUDA.
    if [ -e "$TORCH_HOME/lib/libtorch_cuda.so" ]; then
        libraries="$libraries -Wl,--no-as-needed -ltorch_cuda"
    fi
else
    flags="$flags -isystem /usr/include/torch/csrc/api/include"
fi

mkdir -p bin/torch
exec 9> bin/torch/lock
flock 9
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$compiler $flags $libraries" ]; then
    rm -f bin/torch/*.o "$out"
    echo "$compiler $flags $libraries" > "$stamp"
fi

stale=
objects=
for source in torch/*.cpp; do
    object=bin/$source.o
    objects="$objects $object"
    if [ ! -e "$object" ] || [ -n "$(find "$source" torch/shim.h -newer "$object")" ]; then
        stale="$stale $source"
    fi
done

# What is half built has another name until it is whole.
if [ -n "$stale" ]; then
    rm -f "$out"
    # Two at a time: the headers of libtorch take a compiler a gigabyte.
    printf '%s\n' $stale | xargs -P 2 -I SOURCE sh -c "$compiler $flags -c SOURCE -o bin/SOURCE.o.tmp && mv bin/SOURCE.o.tmp bin/SOURCE.o"
fi
if [ ! -e "$out" ]; then
    $compiler -shared -o "$out.tmp" $objects $libraries
    mv "$out.tmp" "$out"
fi
