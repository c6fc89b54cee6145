#!/bin/sh
# idle-heap.sh [CLIENTS]: what an idle connection keeps alive, by kind of object: two heap snapshots, without connections and with them.
set -e
clients="${1:-8000}"
here="$(cd "$(dirname "$0")" && pwd)"
folder="$(mktemp -d)"
export PORT=$((20000 + $$ % 10000)) TOKENS="$folder/tokens-1"
node "$here/prepare.mjs" pairs
. "$TOKENS.env"
cd "$folder"
taskset -c 0 node --heapsnapshot-signal=SIGUSR2 --diagnostic-dir="$folder" "$here/../../out/servers/relay/index.js" > ready &
relay=$!
snapshot() {
  kill -USR2 $relay
  until [ "$(ls ./*.heapsnapshot 2> /dev/null | wc -l)" = "$1" ] && tail -c 2 "$(ls -t ./*.heapsnapshot | head -1)" | grep -q '}'; do sleep 0.2; done
  grep VmRSS /proc/$relay/status
}
until grep -q ready ready; do sleep 0.1; done
sleep 1
snapshot 1
mv ./*.heapsnapshot before.json
taskset -c 1 "$ANCHORS_BUILD/bin/loadgen" idle --profile "$here/pairs/profile" --port "$PORT" --tokens "$TOKENS" --pid $relay --clients "$clients" --settle 2 --watch 25 --concurrency 512 &
loadgen=$!
sleep 12
grep VmRSS /proc/$relay/status
snapshot 1
kill $loadgen 2> /dev/null || true
kill -TERM $relay
node "$here/heap-kinds.mjs" before.json "$(ls ./*.heapsnapshot)" "$clients"
cd / && rm -rf "$folder"
