# Starts a gateway, alone or with three storage nodes, for a script of this folder, which sources it. bash.
#
#   start standalone|nodes   starts the processes and waits until they are ready; data in a new directory, $work
#   cpu NAME                 prints the CPU seconds that a process has used: gateway, node-1, node-2 or node-3
#   node N                   starts storage node N, again if it was killed
#   room MEBIBYTES           ends the script if $work has not as much space, and 4 GiB beside for journals
#   cold                     has the machine forget what it has read of any file; needs root
#
# Ports 18080 to 18096. HEAP (512m) is the heap of each process. GATEWAY and NODE name other quarkus-run.jar files to
# measure, of an older version for instance, or native executables (see src-native), to which JAVA_OPTS are not given.
# What was started is ended, and $work removed, when the script ends.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/.mvn/jdk25.sh"; jdk25_find
java=$JAVA_HOME/bin/java
heap=${HEAP:-512m} hz=$(getconf CLK_TCK)
gateway_app=$(realpath -m "${GATEWAY:-$root/gateway/app/target/quarkus-app/quarkus-run.jar}")
node_app=$(realpath -m "${NODE:-$root/storage-node/app/target/quarkus-app/quarkus-run.jar}")
work=$(mktemp -d)
declare -A pid
stop() {
  # Their exit statuses are those of a signal, and must not end this before the data is removed.
  [ ${#pid[@]} -gt 0 ] && kill "${pid[@]}" 2>/dev/null && { wait "${pid[@]}" 2>/dev/null || true; }
  rm -rf "$work"
}
trap stop EXIT

ready() {
  for _ in $(seq 1200); do curl -sf "http://127.0.0.1:$1/q/health/ready" >/dev/null && return; sleep 0.1; done
  echo "nothing is ready on port $1" >&2; tail -n 20 "$work"/*.log >&2; exit 1
}
# Becomes the process of a jar or of a native executable, so that its number is that of the job.
become() {
  case $1 in
    *.jar) exec "$java" "-Xmx$heap" -XX:+ExitOnOutOfMemoryError ${JAVA_OPTS-} -jar "$1" ;;
    *) exec "$1" "-Xmx$heap" ;;
  esac
}
node() {
  ACKGATE_NODE_ID=$1 ACKGATE_LISTEN_PORT=1808$1 ACKGATE_NODE_DATA_DIR=$work/node-$1 QUARKUS_HTTP_PORT=1809$1 \
    become "$node_app" >>"$work/node-$1.log" 2>&1 &
  pid[node-$1]=$!
}
start() {
  cd "$work"
  if [ "$1" = nodes ]; then
    for n in 1 2 3; do node "$n"; done
    for n in 1 2 3; do ready "1809$n"; done
    export ACKGATE_STORAGE_NODES=127.0.0.1:18081,127.0.0.1:18082,127.0.0.1:18083
  fi
  ACKGATE_DATA_DIR=$work/gateway QUARKUS_HTTP_PORT=18080 \
    become "$gateway_app" >"$work/gateway.log" 2>&1 &
  pid[gateway]=$!
  ready 18080
}
room() {
  local free; free=$(df -Pm "$work" | awk 'NR == 2 {print $4}')
  [ "$free" -gt $(($1 + 4096)) ] || { echo "$work has $free MiB free, and $(($1 + 4096)) are needed: take less, or another TMPDIR" >&2; exit 2; }
}
cold() { sync; echo 3 >/proc/sys/vm/drop_caches || { echo "caches can be dropped by root only" >&2; exit 2; }; }
ticks() { sed 's/.*) //' "/proc/${pid[$1]}/stat" | awk '{print $12 + $13}'; }
cpu() { awk -v t="$(ticks "$1")" -v hz="$hz" 'BEGIN {print t / hz}'; }
resident() { awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/${pid[$1]}/status"; }
