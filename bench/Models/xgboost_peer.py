#!/usr/bin/python3
"""XGBoost on rows that the benchmark wrote, timed as the benchmark times itself. Arguments: the folder and what to do."""
import json
import os
import sys
import time

import numpy as np
import xgboost

folder, task = sys.argv[1:3]
spec = json.load(open(os.path.join(folder, "spec.json")))
x = np.fromfile(os.path.join(folder, "x.bin"), np.float32).reshape(-1, spec["features"])
y = np.fromfile(os.path.join(folder, "y.bin"), np.float32)
params = {
    "objective": "binary:logistic", "tree_method": "hist", "max_bin": 255, "max_depth": spec["depth"], "eta": spec["rate"],
    "subsample": spec["rowSample"], "colsample_bytree": spec["columnSample"], "nthread": spec["threads"], "seed": 42, "verbosity": 0,
}


def folds():
    fold = np.fromfile(os.path.join(folder, "fold.bin"), np.int32)
    margins, wall, processor = np.zeros(len(y), np.float32), 0.0, 0.0
    for held in range(5):
        data = xgboost.DMatrix(x[fold != held], label=y[fold != held])
        begun, used = time.perf_counter(), time.process_time()
        booster = xgboost.train(params, data, spec["trees"])
        wall += time.perf_counter() - begun
        processor += time.process_time() - used
        margins[fold == held] = booster.predict(xgboost.DMatrix(x[fold == held]), output_margin=True)
    margins.tofile(os.path.join(folder, "margins.bin"))
    return {"wall": wall, "processor": processor}


def best(work):
    times, until = [], time.perf_counter() + 3
    while time.perf_counter() < until:
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def score():
    booster = xgboost.train(params, xgboost.DMatrix(x, label=y), spec["trees"])
    booster.save_model(os.path.join(folder, "model.json"))
    data = xgboost.DMatrix(x)
    booster.predict(data, output_margin=True).tofile(os.path.join(folder, "margins.bin"))
    explained = xgboost.DMatrix(x[:spec["explained"]])
    booster.predict(explained, pred_contribs=True).tofile(os.path.join(folder, "contributions.bin"))

    few = xgboost.DMatrix(x[:16])
    # inplace_predict, because predict remembers the predictions of a matrix that it has seen.
    return {
        "batch": best(lambda: booster.inplace_predict(x[:256], predict_type="margin")) / 256,
        "row": best(lambda: booster.inplace_predict(x[:1], predict_type="margin")),
        "explain": best(lambda: booster.predict(few, pred_contribs=True)) / 16,
    }


json.dump({"folds": folds, "score": score}[task](), sys.stdout)
