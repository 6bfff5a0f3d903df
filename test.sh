#!/usr/bin/env bash
# Builds everything and runs every test. Needs the .NET 10 SDK and Node 20; installs the rest itself.
# Arguments go to the test runner, for example: ./test.sh -class '*KillTests'
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Azurite and the storage SDKs, anew when the lock file has changed since they were installed.
storage=tests/storage
[ "$storage/node_modules/.package-lock.json" -nt "$storage/package-lock.json" ] ||
    npm ci --prefix "$storage" --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error

# The console's packages come with its build (dashboard/Console.targets); its browser tests have their own, and need a Chromium.
browser=tests/browser
[ "$browser/node_modules/.package-lock.json" -nt "$browser/package-lock.json" ] ||
    npm ci --prefix "$browser" --ignore-scripts --no-audit --no-fund --loglevel=error
(cd "$browser" && { node chromium.mjs || npx playwright-core install --with-deps chromium; })

dotnet build ServerlessCLM.sln --configuration Release --verbosity quiet

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet run --project tests --configuration Release --no-build -- -noColor "$@" 2>&1 | tee "$log" || status=$?

summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
if [ -z "$summary" ]; then
    echo "the test runner gave no summary" >&2
    exit 1
fi

read -r total errors failed skipped < <(tr -dc '0-9,\n' <<<"$summary" | tr ',' ' ')
[ "$skipped" -eq 0 ] || echo "$skipped tests were left out; the runner's lines above say why"
echo "$((total - errors - failed - skipped)) passed, $((errors + failed)) failed"
exit "$status"
