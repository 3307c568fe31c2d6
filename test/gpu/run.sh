#!/usr/bin/env bash
# Runs the benchmarks against this machine's PyTorch, with the native half built on that PyTorch's own libtorch.
#   ./run.sh step --device cuda        (any command and options of the benchmarks; PYTHON chooses the Python)
# It needs g++ 10 or newer, as PyTorch from 2.13 is C++20, and a Python with torch; no .NET.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}

torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))')
abi=$("$python" -c 'import torch; print(int(torch.compiled_with_cxx11_abi()))')
# Debian's PyTorch has no headers of its own: they are where the compiler looks anyway.
[[ -d $torch/include ]] && export TORCH_HOME=$torch
export CXXFLAGS="-D_GLIBCXX_USE_CXX11_ABI=$abi ${CXXFLAGS:-}"
sh "$here/native/build-torch.sh"
cp "$here/native/bin/libTorchStandin.so" "$here/bench/"

exec "$here/bench/Microsoft.ML.Dcgan.Benchmarks" "$1" --python "$(command -v "$python")" --scripts "$here/python" "${@:2}"
