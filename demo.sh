#!/usr/bin/env bash
# Trains a DCGAN on Fashion-MNIST, or on the pictures of any folder, and shows what it makes. --help lists the options.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$here/samples/Demo

for argument in "$@"; do
    if [[ $argument == --help || $argument == -h ]]; then
        cat "$project/help.txt"
        exit
    fi
done

"$here/eng/setup.sh"
echo "demo.sh: building ..."
log=$(dotnet build "$project" -c Release -nologo -v quiet --disable-build-servers 2>&1) ||
    { echo "$log"; echo "demo.sh: the build failed." >&2; exit 1; }
exec dotnet "$project/bin/Release/net10.0/Demo.dll" "$@"
