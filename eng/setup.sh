#!/usr/bin/env bash
# Makes this checkout ready to build. Safe to run again; quick when nothing is left to do.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: eng/setup.sh [--mode nuget|standin] [--with-browser] [--with-runtimes] [--with-pytorch]

Finds out, once, whether the package feed has Microsoft.ML and TorchSharp, and remembers the answer
in eng/dependencies.local.props. Where it has not, installs the Debian packages that the stand-ins
under standin/ run on, and builds their native parts.

  --mode nuget|standin   don't ask the feed: use the real packages, or the stand-ins
  --with-browser         install Debian's Chromium too, where that can be done: some tests look at pages
  --with-runtimes        with the stand-ins, install Debian's OpenCV, ONNX and PyTorch too, where that can be done: some
                         tests run exported models in them
  --with-pytorch         install Debian's PyTorch, scikit-learn and emoji too (benchmarks and reference scripts)
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
remembered=$root/eng/dependencies.local.props
standin_packages=(g++ libtorch-dev libopenblas0-openmp libstb-dev dataset-fashion-mnist)
runtime_packages=(python3-opencv python3-onnx python3-torch)

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

check_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET SDK is missing ('dotnet' is not on the PATH). Install .NET 10: https://dotnet.microsoft.com/download"
    dotnet --list-sdks | grep -Eq '^[1-9][0-9]+\.' || fail "this needs the .NET SDK 10 or later; found: $(dotnet --list-sdks | tr '\n' ';')"
}

remembered_mode() {
    # An answer that was a guess, because the feed could not be reached, is asked for again.
    if [[ -f $remembered ]] && ! grep -q 'could not be reached' "$remembered"; then
        sed -n 's:.*<DcganDependencies>\(.*\)</DcganDependencies>.*:\1:p' "$remembered"
    fi
}

remember() { # mode, why
    cat > "$remembered" <<TEXT
<Project>
  <!-- Written by eng/setup.sh: $2. -->
  <PropertyGroup>
    <DcganDependencies>$1</DcganDependencies>
  </PropertyGroup>
</Project>
TEXT
}

ask_feed() {
    local answer
    say "asking the package feed for Microsoft.ML and TorchSharp ..."
    if answer=$(dotnet restore "$root/eng/FeedProbe" -p:DcganDependencies=nuget --disable-build-servers 2>&1); then
        mode=nuget
        remember nuget "the package feed has Microsoft.ML and TorchSharp"
        say "the feed has them"
    elif grep -Eq 'NU110[123]' <<<"$answer"; then
        mode=standin
        remember standin "the package feed lacks Microsoft.ML or TorchSharp"
        say "the feed lacks them: building with the stand-ins (see standin/README.md)"
    else
        mode=standin
        remember standin "the package feed could not be reached"
        say "the feed could not be reached: building with the stand-ins this time (see standin/README.md)"
        grep -m 3 'error' <<<"$answer" | sed 's/^/setup:   /' || true
    fi
}

installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == "install ok installed" ]]; }

install_debian_packages() {
    local missing=() package
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    if [[ $EUID -ne 0 ]]; then
        echo "setup: these Debian packages are missing; install them and start again:" >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi

    say "installing ${missing[*]} ..."
    export DEBIAN_FRONTEND=noninteractive
    local log options=(-q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
    log=$(mktemp)
    # Lists that could not be updated may still do.
    apt-get "${options[@]}" update >"$log" 2>&1 || true
    if ! apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        grep -E '^(E|W|Err)' "$log" | tail -n 5 >&2 || tail -n 5 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}. Is there a network, and a Debian mirror in /etc/apt?"
    fi
    rm -f "$log"
}

check_debian() {
    local id= version= name="an unknown system"
    if [[ -r /etc/os-release ]]; then
        id=$(. /etc/os-release && echo "${ID:-}")
        version=$(. /etc/os-release && echo "${VERSION_ID:-}")
        name=$(. /etc/os-release && echo "${PRETTY_NAME:-$ID}")
    fi
    [[ $id == debian && $version == 12 ]] ||
        fail "the stand-ins run on Debian 12's libtorch, and this is $name. With a feed that has Microsoft.ML and TorchSharp, use: eng/setup.sh --mode nuget"
}

mode=
with_browser=false
with_runtimes=false
with_pytorch=false
while (($#)); do
    case $1 in
        --mode)
            [[ ${2:-} == nuget || ${2:-} == standin ]] || fail "--mode takes nuget or standin"
            mode=$2
            shift 2
            ;;
        --with-browser) with_browser=true; shift ;;
        --with-runtimes) with_runtimes=true; shift ;;
        --with-pytorch) with_pytorch=true; shift ;;
        -h | --help) usage; exit ;;
        *) usage >&2; fail "unknown option '$1'" ;;
    esac
done

check_dotnet

if [[ -n $mode ]]; then
    remember "$mode" "chosen with --mode"
else
    mode=$(remembered_mode)
    [[ -n $mode ]] || ask_feed
fi

packages=()
if $with_browser && ! command -v chromium >/dev/null; then
    if [[ $EUID -eq 0 && -x /usr/bin/apt-get ]]; then
        packages+=(chromium)
    else
        say "there is no Chromium: the tests that look at pages will be inconclusive"
    fi
fi
[[ $mode == standin ]] && packages+=("${standin_packages[@]}")
if [[ $mode == standin ]] && $with_runtimes; then
    if [[ $EUID -eq 0 ]]; then
        packages+=("${runtime_packages[@]}")
    else
        say "tests that run exported models elsewhere are inconclusive where ${runtime_packages[*]} are missing"
    fi
fi
$with_pytorch && packages+=(python3-torch python3-pil python3-sklearn fonts-noto-color-emoji unicode-data)
if ((${#packages[@]})); then
    check_debian
    install_debian_packages "${packages[@]}"
fi

if [[ $mode == standin ]]; then
    "$root/standin/native/build-torch.sh"
    "$root/standin/native/build-image.sh"
fi

say "ready ($mode)"
