#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Whether a result file of cuda_bandwidth is in the suite's format and complete. Argument: the file."""
import itertools
import json
import sys

with open(sys.argv[1]) as f:
    results = json.load(f)
assert "gpu" in results["context"], "the device is not named"
medians = {"/".join(b["run_name"].split("/")[1:3]): b
           for b in results["benchmarks"] if b.get("aggregate_name") == "median"}
for workload, element in itertools.product(("copy", "mul", "add", "triad", "dot"), ("I8", "F16", "F32", "F64")):
    median = medians[workload + "/" + element]
    rivals = ["parloop", "cudaMemcpyAsync"] if workload == "copy" else ["parloop", "thrust"]
    if workload in ("mul", "add", "triad"):
        rivals.append("cub")
    for rival in rivals:
        assert median[rival] > 0, (workload, element, rival)
print("%d workloads" % len(medians))
