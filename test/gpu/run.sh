#!/usr/bin/env bash
# The tests and benchmarks that need an NVIDIA GPU, on Linux.
#   test/gpu/run.sh                 in a checkout: with the package TorchSharp-cuda-linux from the feed
#   test/gpu/run.sh bundle FOLDER   in a checkout: publishes both, for a machine that has no .NET but a Python with PyTorch
#   FOLDER/run.sh                   on that machine: with the libtorch of that PyTorch (2.10 or 2.11; PYTHON names the Python)
# What follows the first form and the last goes to the benchmarks instead of: step --device cuda
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
tests=Microsoft.ML.Dcgan.Tests benchmarks=Microsoft.ML.Dcgan.Benchmarks

if [[ ${1:-} == bundle ]]; then
    [[ $# == 2 ]] || { echo "run.sh: bundle takes the folder to write to" >&2; exit 2; }
    mkdir -p "$2"
    # The tests as a program of their own: on the other machine there is no dotnet test.
    dotnet publish "$root/test/$tests" -c Release -r linux-x64 --self-contained -o "$2/tests" -p:EnableMSTestRunner=true -p:UseAppHost=true -p:DcganOldLibstdcxx=true -p:PlaywrightPlatform=none
    dotnet publish "$root/benchmarks" -c Release -r linux-x64 --self-contained -o "$2/bench" -p:DcganOldLibstdcxx=true
    cp "$here/run.sh" "$2/"
    cp -r "$root/benchmarks/python" "$2/"
    echo "run.sh: copy $2 to the machine with the GPU and call its run.sh"
    exit
fi
(($#)) || set -- step --device cuda

if [[ -f $root/Microsoft.ML.Dcgan.sln ]]; then
    dotnet test "$root/test/$tests" -c Release -p:TorchRuntime=cuda-linux --filter TestCategory=Cuda
    exec dotnet run -c Release --project "$root/benchmarks" -p:TorchRuntime=cuda-linux -- "$@"
fi

python=${PYTHON:-python3}
torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))') || { echo "run.sh: $python has no PyTorch; PYTHON names another" >&2; exit 1; }
for program in "$here/tests" "$here/bench"; do
    for library in "$torch"/lib/*.so*; do
        ln -sf "$library" "$program/"
    done
done
# PyTorch's own packages of CUDA's libraries lie beside it.
export LD_LIBRARY_PATH=$torch/lib:$(find "$torch/../nvidia" -maxdepth 2 -name lib -printf '%p:' 2>/dev/null)${LD_LIBRARY_PATH:-}
if undefined=$(ldd -r "$here/bench/libLibTorchSharp.so" 2>&1 | grep -E 'undefined symbol|=> not found'); then
    echo "run.sh: this PyTorch's libtorch is not the one TorchSharp was built for:" >&2
    c++filt <<<"$undefined" 2>/dev/null | head -n 10 >&2
    exit 1
fi
"$here/tests/$tests" --filter TestCategory=Cuda
# Not all of them have a side in Python.
if "$here/bench/$benchmarks" "$1" --help | grep -q -e --scripts; then
    set -- "$@" --python "$(command -v "$python")" --scripts "$here/python"
fi
exec "$here/bench/$benchmarks" "$@"
