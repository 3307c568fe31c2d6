#!/usr/bin/env bash
# Installs what some tests use besides the .NET SDK, on Debian and Ubuntu: without it those tests are skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packages=(
    chromium        # looks at reports and pages
    mpich           # starts programs as several that train together
    openmpi-bin     # another one that does
    python3-torch   # reads what is exported, and writes what is imported
    zsh             # completes command lines
)

command -v npm >/dev/null || packages+=(npm)   # fetches what samples/BrowserPage runs

# It comes while all else is installed.
fetch_node_modules() {
    cd samples/BrowserPage
    [[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --no-audit --no-fund --loglevel=error ||
        echo "install-debian.sh: npm fetched nothing; the tests of samples/BrowserPage are skipped" >&2
}
fetching=
if command -v npm >/dev/null; then
    fetch_node_modules &
    fetching=$!
fi

# The kernel of the notebooks, for the user who calls this.
dotnet tool restore

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == "install ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    wait $fetching
    exit 0
fi

if ((EUID != 0)); then
    echo "install-debian.sh: these are for root to install: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
options=(-q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
apt-get "${options[@]}" update
served=()
for package in "${missing[@]}"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
        served+=("$package")
    else
        echo "install-debian.sh: this system has no package $package; the tests that use it are skipped" >&2
    fi
done
((${#served[@]} == 0)) || apt-get "${options[@]}" install -y --no-install-recommends "${served[@]}"
if [[ -n $fetching ]]; then
    wait "$fetching"
elif command -v npm >/dev/null; then
    fetch_node_modules
fi
