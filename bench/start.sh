#!/usr/bin/env bash
# Time from starting the emulator to its first answered request, five times, each in a fresh folder.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build functions --configuration Release --verbosity quiet
for _ in 1 2 3 4 5; do
    data=$(mktemp -d)
    begun=$(date +%s%N)
    CLM_DATA=$data CLM_PORT=7077 CLM_FUNCTION_KEY=bench dotnet functions/bin/Release/net10.0/ServerlessCLM.Functions.dll >/dev/null &
    until curl --silent --fail --output /dev/null http://127.0.0.1:7077/api/health; do :; done
    echo "$((($(date +%s%N) - begun) / 1000000)) ms"
    kill %% && wait %% || true
    rm -rf "$data"
done
