#!/usr/bin/env bash
# The emulator in a fresh folder under load from another process: latency, lag and losses at twice and ten times 4 billion transactions a year.
# RATES="254 1270" and SECONDS_EACH=20 say otherwise. Needs the .NET 10 SDK and Node 20.
set -euo pipefail
cd "$(dirname "$0")"
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
dotnet build ../../functions --configuration Release --verbosity quiet
data=$(mktemp -d)
export CLM_FUNCTION_KEY=bench
CLM_DATA=$data CLM_PORT=7078 Logging__LogLevel__Default=Warning dotnet ../../functions/bin/Release/net10.0/ServerlessCLM.Functions.dll &
host=$!
trap 'kill $host 2>/dev/null; wait $host 2>/dev/null || true; rm -rf "$data"' EXIT
until curl --silent --fail --output /dev/null http://127.0.0.1:7078/api/health; do kill -0 $host; done
node load.mjs
