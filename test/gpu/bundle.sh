#!/usr/bin/env bash
# Packs the benchmarks for a machine that has PyTorch, a GPU perhaps, and no .NET: test/gpu/bundle.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[[ $# == 1 && $1 != -* ]] || { echo "Usage: test/gpu/bundle.sh FOLDER" >&2; exit 2; }

"$root/eng/setup.sh"
mkdir -p "$1/native/torch"
dotnet publish "$root/test/Microsoft.ML.Dcgan.Benchmarks" -c Release -r linux-x64 --self-contained -o "$1/bench" -nologo -v quiet --disable-build-servers
rm -f "$1/bench/libTorchStandin.so"
cp -r "$root/test/python" "$1/"
cp "$root/standin/native/build-torch.sh" "$1/native/"
cp "$root"/standin/native/torch/* "$1/native/torch/"
cp "$root/test/gpu/run.sh" "$1/"
echo "bundle.sh: copy $1 to the machine and call its run.sh"
