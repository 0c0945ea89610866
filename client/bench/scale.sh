#!/usr/bin/env bash
# 1,000 partitions against 12: fsync, acks=all, 1 KiB flat out, three storage nodes, in turn; medians and their ratio.
#
#   client/bench/scale.sh [ROUNDS]      3 rounds; RECORDS=1500000 a run, so that each node makes checkpoints meanwhile
#
# Takes the settings of measure.sh, which it runs, and needs what that needs.
set -euo pipefail
few=all:fsync:1024:12:0 many=all:fsync:1024:1000:0
RECORDS=${RECORDS:-1500000} CASES="$few $many" "$(dirname "${BASH_SOURCE[0]}")/measure.sh" nodes "${1:-3}" | tee /dev/stderr |
  awk -F'\t' -v few="$few" -v many="$many" '
    function median(of, n,   i, j, t) {
      for (i = 2; i <= n; i++) for (j = i; j > 1 && of[j] < of[j - 1]; j--) { t = of[j]; of[j] = of[j - 1]; of[j - 1] = t }
      return n % 2 ? of[(n + 1) / 2] : (of[n / 2] + of[n / 2 + 1]) / 2
    }
    $2 == few {fewRate[++a] = $5; fewP99[a] = $8}
    $2 == many {manyRate[++b] = $5; manyP99[b] = $8}
    END {
      r = median(manyRate, b) / median(fewRate, a); p = median(manyP99, b) / median(fewP99, a)
      printf "medians of %d: 12 partitions %.0f records/s, p99 %.1f ms; 1,000 partitions %.0f, %.1f\n", a,
        median(fewRate, a), median(fewP99, a), median(manyRate, b), median(manyP99, b)
      printf "ratio of throughput %.2f (bar: 0.8 or more), of p99 %.2f (bar: 2 or less)\n", r, p
    }'
