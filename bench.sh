#!/usr/bin/env bash
# Measures this library, most of it against PyTorch: ./bench.sh step | generate | files | precision | quality | features | realness | memory | metrics | distortions | all. --help lists the options.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$here/test/Microsoft.ML.Dcgan.Benchmarks

"$here/eng/setup.sh" --with-pytorch
echo "bench.sh: building ..."
log=$(dotnet build "$project" -c Release -nologo -v quiet --disable-build-servers 2>&1) ||
    { echo "$log"; echo "bench.sh: the build failed." >&2; exit 1; }

if (($#)); then
    set -- "$1" --scripts "$here/test/python" "${@:2}"
fi
exec dotnet "$project/bin/Release/net10.0/Microsoft.ML.Dcgan.Benchmarks.dll" "$@"
