#!/usr/bin/env bash
# What a reader of old records that are in no cache does to those who write: one partition is read from its beginning
# while 2,000 records/s of 1 KiB go to 12 other partitions with acks=all.
#
#   client/bench/cold-reader.sh [MEBIBYTES] [ROUNDS]     10,240 and 3 when not given; three replicas of it are stored
#
# One gateway, three storage-node processes. Prints p50, p99 and p99.9 in ms of runs of 10 s, in turn without and beside
# a reader, how fast that reader was meanwhile, and the ratio of the medians of p99; the bar is 1.2. What it has not read
# by the end of a run is left. Root only, since caches are dropped before each reader. Needs what
# `./mvnw -Dquick -DskipTests package` builds, and jq. See processes.sh for the settings.
set -euo pipefail
mebibytes=${1:-10240} rounds=${2:-3}
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
room $((3 * mebibytes))
start nodes

load() { # TOPIC PARTITIONS RECORDS RATE
  "$root/client/ackgate" perf --bootstrap 127.0.0.1:18080 --topic "$1" --partitions "$2" --topic-config min.insync.replicas=2 \
    --acks all --idempotent --record-size 1024 --records "$3" --rate "$4" --warmup "$([ "$4" = 0 ] && echo 0s || echo 2s)" \
    --linger "$([ "$4" = 0 ] && echo 5ms || echo 0ms)" --window 20000 -o json
}
probe() { # STATE
  load probe 12 20000 2000 | jq -r --arg state "$1" \
    '.runs[0].latencyMs | "\($state)\tp50 \(.p50)\tp99 \(.p99)\tp99.9 \(."p99.9")"' | tee -a "$work/runs"
}
# Bytes that all nodes have had read from the disk.
fetched() { for n in 1 2 3; do awk '/^read_bytes/ {print $2}' "/proc/${pid[node-$n]}/io"; done | awk '{b += $1} END {print b}'; }

load old 1 $((mebibytes * 1024)) 0 | jq -r '.runs[0] | "filled: \(.recordsPerSecond) records/s, \(.failed) failed"'
load probe 12 80000 2000 >/dev/null
for _ in $(seq "$rounds"); do
  probe alone
  cold
  before=$(fetched) began=$SECONDS
  "$root/client/ackgate" consume --bootstrap 127.0.0.1:18080 --from earliest old >/dev/null 2>"$work/reader.log" &
  pid[reader]=$!
  probe "beside a reader"
  if kill "${pid[reader]}" 2>/dev/null; then ended="read on to the end of the run"; else ended="was through before the run was"; fi
  wait "${pid[reader]}" 2>/dev/null || true
  unset 'pid[reader]'
  awk -v b=$(($(fetched) - before)) -v s=$((SECONDS - began)) -v ended="$ended" \
    'BEGIN {printf "the reader %s; %.0f MiB came from the disk, %.0f MiB/s\n", ended, b / 1048576, b / 1048576 / (s > 0 ? s : 1)}'
done
awk -F'\t' '
  function median(of, n,   i, j, t) {
    for (i = 2; i <= n; i++) for (j = i; j > 1 && of[j] < of[j - 1]; j--) { t = of[j]; of[j] = of[j - 1]; of[j - 1] = t }
    return n % 2 ? of[(n + 1) / 2] : (of[n / 2] + of[n / 2 + 1]) / 2
  }
  {split($3, p99, " ")}
  $1 == "alone" {alone[++a] = p99[2] + 0}
  $1 == "beside a reader" {beside[++b] = p99[2] + 0}
  END {printf "medians of p99: alone %.2f ms, beside a reader %.2f ms; ratio %.2f (bar: 1.2 or less)\n",
    median(alone, a), median(beside, b), median(beside, b) / median(alone, a)}' "$work/runs"
