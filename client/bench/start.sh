#!/usr/bin/env bash
# How long a storage node takes to start, after kill -9 unless said otherwise, and how much memory: until it is ready,
# until it has acknowledged an append, and until it has acknowledged one to every partition.
#
#   client/bench/start.sh partitions [PARTITIONS] [EACH]     10,000 partitions with 10 batches each
#   client/bench/start.sh batches [BATCHES] [PARTITIONS]     1,500,000 batches of one record since the last checkpoint,
#                                                            on 100 partitions; started again with 256 MiB of heap
#   client/bench/start.sh cold [PARTITIONS] [MEBIBYTES]      1,000 partitions of 30 MiB each, which are not written any
#                                                            more, stopped in good order, and nothing of them in the
#                                                            page cache: root only. The bar: 1 s to the first append
#   ROUNDS=3                                                 kills and starts it so often; each start makes a checkpoint,
#                                                            so that the first of `batches` alone has all to read
#
# Needs what `./mvnw -Dquick -DskipTests package` builds. See processes.sh for the settings; AGAIN (the heap, and 256m
# for batches) is the heap of the start that is measured, and JAVA_OPTS are for both.
set -euo pipefail
mode=${1:?partitions or batches}
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
case $mode in
  partitions) partitions=${2:-10000} batches=$((${2:-10000} * ${3:-10})) again=${AGAIN:-$heap} ;;
  batches)
    batches=${2:-1500000} partitions=${3:-100} again=${AGAIN:-256m}
    export ACKGATE_NODE_JOURNAL_CHECKPOINT_SIZE=64G ACKGATE_NODE_JOURNAL_CHECKPOINT_BATCHES=10000000
    export ACKGATE_NODE_JOURNAL_CHECKPOINT_INTERVAL=1h ;;
  cold) partitions=${2:-1000} batches=$((${2:-1000} * ${3:-30})) bytes=1048576 again=${AGAIN:-$heap}; room "$batches" ;;
  *) echo "'$mode' is not a mode: partitions, batches or cold" >&2; exit 2 ;;
esac
load() {
  "$java" -Xmx1g -cp "$root/gateway/app/target/quarkus-app/lib/main/*" "$root/client/bench/NodeStart.java" "$@" \
    2>>"$work/load.log" || { tail -n 20 "$work/load.log" >&2; return 1; }
}
peak() { awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/${pid[node-1]}/status"; }

cd "$work"
mkfifo started
node 1; ready 18091
printf 'filled: '; load fill "$partitions" "$batches" "${bytes:-100}"
for round in $(seq "${ROUNDS:-1}"); do
  [ "$mode" = cold ] && how=-TERM || how=-KILL
  kill "$how" "${pid[node-1]}"; wait "${pid[node-1]}" 2>/dev/null || true
  load first "$partitions" <started >first.log &
  loading=$!
  exec 3>started
  until grep -q waits first.log; do sleep 0.1; done
  [ "$mode" != cold ] || cold
  echo "start $round, -Xmx$again, load of the machine $(cut -d' ' -f1 /proc/loadavg):"
  date +%s%3N >&3; exec 3>&-
  heap=$again node 1
  wait "$loading"
  grep -v waits first.log
  echo "peak of resident memory $(peak) MiB"
done
