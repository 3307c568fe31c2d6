#!/usr/bin/env bash
# Sets up, builds and tests; the last line says how many tests passed and failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case ${1:-} in
    -h | --help)
        echo "Usage: ./test.sh [arguments for dotnet test, such as --filter NAME]"
        exit
        ;;
esac

solution=Microsoft.ML.Dcgan.sln
results=out/test-results

./eng/setup.sh --with-browser --with-runtimes || { echo "test.sh: the set-up failed; no test was run." >&2; exit 1; }

echo "test.sh: building ..."
log=$(dotnet build "$solution" -c Release -nologo -v quiet --disable-build-servers 2>&1) ||
    { echo "$log"; echo "test.sh: the build failed; no test was run." >&2; exit 1; }

echo "test.sh: testing ..."
rm -rf "$results"
# One project after the other, for the same reason as within each: libtorch uses every core by itself.
dotnet test "$solution" -c Release --no-build -m:1 -nologo --results-directory "$results" \
    --logger "console;verbosity=normal" --logger trx "$@"
status=$?

# Sums one attribute of the counters in every result file.
count() {
    grep -ho '<Counters [^>]*' "$results"/*.trx | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' |
        awk '{ sum += $1 } END { print sum + 0 }'
}

compgen -G "$results/*.trx" >/dev/null || { echo "test.sh: the test run left no results." >&2; exit 1; }
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$(($(count total) - passed - failed))

if ((status != 0 && failed == 0)); then
    echo "test.sh: the test run ended early (exit code $status); the counts below are of what ran." >&2
elif ((status == 0 && (failed > 0 || passed == 0))); then
    status=1
fi

line="$passed passed, $failed failed"
((skipped > 0)) && line+=", $skipped skipped"
echo "$line"
exit $status
