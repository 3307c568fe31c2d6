#!/bin/sh
# Builds libTorchStandin.so, the C++ half of the TorchSharp stand-in, unless it is up to date.
# TORCH_HOME may name an unpacked libtorch (with include/ and lib/) to use instead of the system's.
set -eu
cd "$(dirname "$0")"
out=bin/libTorchStandin.so
stamp=bin/torch/options

compiler=${CXX:-g++}
flags="-O2 -std=c++17 -fPIC -fvisibility=hidden -DAT_PER_OPERATOR_HEADERS"
libraries="-ltorch -ltorch_cpu -lc10"
if [ -n "${TORCH_HOME:-}" ]; then
    flags="$flags -I$TORCH_HOME/include -I$TORCH_HOME/include/torch/csrc/api/include"
    libraries="-L$TORCH_HOME/lib -Wl,-rpath,$TORCH_HOME/lib $libraries"
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
for source in torch/*.cpp; do
    object=bin/torch/$(basename "$source" .cpp).o
    if [ ! -e "$object" ] || [ -n "$(find "$source" torch/shim.h -newer "$object")" ]; then
        stale="$stale $(basename "$source" .cpp)"
    fi
done

if [ -n "$stale" ]; then
    rm -f "$out"
    # Two at a time: each translation unit of libtorch's headers takes about a gigabyte.
    printf '%s\n' $stale | xargs -P 2 -I NAME sh -c "
        $compiler $flags -c torch/NAME.cpp -o bin/torch/NAME.o.tmp && mv bin/torch/NAME.o.tmp bin/torch/NAME.o"
fi

if [ ! -e "$out" ]; then
    $compiler -shared -o "$out.tmp" bin/torch/*.o $libraries
    mv "$out.tmp" "$out"
fi
