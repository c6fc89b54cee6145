#!/bin/sh
# flame.sh pairs|fanout FILE.svg LOADGEN-ARGUMENTS: draws where the relay's processor time goes. Wants perf, and flamegraph.pl (Debian: linux-perf, libdevel-nytprof-perl).
set -e
kind="$1" svg="$(realpath "$2")"
shift 2
here="$(cd "$(dirname "$0")" && pwd)"
folder="$(mktemp -d)"
export PORT=$((20000 + $$ % 10000)) TOKENS="$folder/tokens-1"
node "$here/prepare.mjs" "$kind"
. "$TOKENS.env"
cd "$folder"
taskset -c 0 node --perf-basic-prof --interpreted-frames-native-stack "$here/../../out/servers/relay/index.js" > ready &
relay=$!
until grep -q ready ready; do sleep 0.1; done
(sleep 2.5; exec perf record -q -F 999 -g -p $relay -o data -- sleep 3) &
taskset -c 1 "$ANCHORS_BUILD/bin/loadgen" "$@" --profile "$here/$kind/profile" --port "$PORT" --tokens "$TOKENS" --pid $relay --duration 6
wait $!
kill -TERM $relay
perf script -i data --no-inline -F comm,pid,tid,ip,sym,dso 2> /dev/null | node "$here/fold.mjs" > folded
"${FLAMEGRAPH:-/usr/share/perl5/Devel/NYTProf/flamegraph.pl}" --title "$*" --width 1600 --minwidth 2.5 --countname samples folded > "$svg"
cp folded "${svg%.svg}.folded"
rm -rf "$folder"
