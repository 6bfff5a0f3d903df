#!/usr/bin/env bash
# Berka's 354 loans of 1997-98, bad (B and D) against good, from the streaming features as they stood on the loan's date: mean AUC over five
# stratified folds, for five seeds of folds and samples. The settings were fixed before the first run: few shallow trees, held to the
# directions of docs/features.md. XGBoost on the same rows, folds and settings, where python3-xgboost is installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=../shared/data/berka
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clm() { dotnet cli/bin/Release/net10.0/clm.dll "$@" 2>/dev/null; }
directions() { awk -F'|' -v to="$1" '$5 ~ to { gsub(/[ `]/, "", $2); print $2 }' docs/features.md | paste -sd,; }
dotnet build cli --configuration Release --verbosity quiet -clp:NoSummary
clm features --format berka --directory "$data" --as-of "$data/loan.csv.gz" --keep status |
    awk -F, -v OFS=, 'NR == 1 { $3 = "bad"; print; next } $2 >= 970101 { $3 = ($3 == "B" || $3 == "D") ? 1 : 0; print }' >"$work/loans.csv"
for seed in 1 2 3 4 5; do
    awk -F, -v seed="$seed" 'BEGIN { srand(seed); print "fold" } NR > 1 { row[NR] = $3; order[NR] = rand() }
        END { for (outcome = 0; outcome < 2; outcome++) { n = 0
                for (i = 2; i <= NR; i++) if (row[i] == outcome) { rank = 0
                    for (j = 2; j <= NR; j++) if (row[j] == outcome && order[j] < order[i]) rank++
                    fold[i] = (rank + 3 * outcome) % 5 } }
              for (i = 2; i <= NR; i++) print fold[i] }' "$work/loans.csv" >"$work/folds$seed.csv"
    clm evaluate --data "$work/loans.csv" --target bad --exclude account_id,date --folds "$work/folds$seed.csv" --seed "$seed" --trees 200 --depth 3 \
        --rate 0.05 --rows 0.8 --columns 0.5 --rising "$(directions rises)" --falling "$(directions falls)" --json |
        jq -r '"clm      \(.meanAuc * 1e4 | round / 1e4) (deviation over folds \(.aucDeviation * 1e4 | round / 1e4))"'
done
/usr/bin/python3 - "$work" "$(directions rises)" "$(directions falls)" <<'P' || echo "XGBoost is missing: apt-get install python3-xgboost"
import csv, sys
import numpy, xgboost
work, rising, falling = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
rows = list(csv.DictReader(open(f"{work}/loans.csv")))
names = [name for name in rows[0] if name not in ("account_id", "date", "bad")]
x = numpy.array([[float(row[name] or "nan") for name in names] for row in rows])
y = numpy.array([int(row["bad"]) for row in rows])
monotone = tuple((name in rising) - (name in falling) for name in names)
def auc(scores, hits):
    pairs = scores[hits == 1][:, None] - scores[hits == 0][None, :]
    return ((pairs > 0) + 0.5 * (pairs == 0)).mean()
for seed in range(1, 6):
    fold = numpy.array([int(line) for line in open(f"{work}/folds{seed}.csv").read().split()[1:]])
    aucs = []
    for held in range(5):
        model = xgboost.train(dict(objective="binary:logistic", tree_method="hist", max_depth=3, eta=0.05, subsample=0.8, colsample_bytree=0.5,
            monotone_constraints=monotone, seed=seed, nthread=1), xgboost.DMatrix(x[fold != held], y[fold != held]), 200)
        aucs.append(auc(model.predict(xgboost.DMatrix(x[fold == held])), y[fold == held]))
    print(f"XGBoost  {numpy.mean(aucs):.4f} (deviation over folds {numpy.std(aucs, ddof=1):.4f})")
P
