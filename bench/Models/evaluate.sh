#!/usr/bin/env bash
# Mean AUC over the folds of the reference sets by clm evaluate, beside the figures of XGBoost 1.7 and scikit-learn recorded in oracles/reference_auc.json.
# usage: bench/Models/evaluate.sh [gbdt|logistic]
set -euo pipefail
cd "$(dirname "$0")/../.."
data=../shared/data
model=${1:-gbdt}
column=$([ "$model" = gbdt ] && echo xgb_auc || echo lr_auc)
dotnet build cli --configuration Release --verbosity quiet -clp:NoSummary
printf '%-18s %8s %10s %10s %9s\n' set AUC reference difference seconds
for row in taiwan_default: bank_full: bank_full:duration heloc: mlc_churn: hillstrom:visit,conversion,spend; do
    set=${row%%:*} exclude=${row#*:}
    result=$(dotnet cli/bin/Release/net10.0/clm.dll evaluate --data "$data/$set.csv.gz" --target target --folds "$data/folds/$set.fold.csv.gz" \
        --model "$model" --trees 300 --depth 5 --rate 0.05 --rows 0.8 --columns 0.8 ${exclude:+--exclude $exclude} --json 2>/dev/null)
    reference=$(jq ".$set.$column" "$data/oracles/reference_auc.json")
    # Without the length of the call, which is known only afterwards: the figures of data/README.md.
    [ "$row" = bank_full:duration ] && reference=$([ "$model" = gbdt ] && echo 0.8034 || echo 0.7655)
    jq -r --arg set "${set}${exclude:+ *}" --argjson reference "$reference" '[$set, .meanAuc, $reference, .meanAuc - $reference, .seconds] | @tsv' <<<"$result" |
        awk -F'\t' '{ printf "%-18s %8.4f %10.4f %+10.4f %9.2f\n", $1, $2, $3, $4, $5 }'
done
