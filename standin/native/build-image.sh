#!/bin/sh
# Builds libImageStandin.so, the C++ half of the Microsoft.ML.ImageAnalytics stand-in, unless it is up to date.
set -eu
cd "$(dirname "$0")"
out=bin/libImageStandin.so
stamp=bin/image-options

compiler=${CXX:-g++}
headers=$(pkg-config --cflags-only-I stb 2>/dev/null || echo "-I/usr/include/stb")
# stb's headers are taken as they are: -isystem silences their warnings.
flags="-O2 -std=c++17 -fPIC -fvisibility=hidden -Wall -Wextra $(echo "$headers" | sed 's/-I */-isystem /g')"

mkdir -p bin
if [ -e "$out" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$compiler $flags" ] &&
    [ -z "$(find image build-image.sh -newer "$out")" ]; then
    exit 0
fi

# Under another name until it is whole, so that a build that fails or runs beside this one leaves no half a file.
temporary=$out.$$
trap 'rm -f "$temporary"' EXIT
$compiler $flags -shared -o "$temporary" image/*.cpp
mv "$temporary" "$out"
echo "$compiler $flags" > "$stamp"
