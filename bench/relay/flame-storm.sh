#!/bin/sh
# flame-storm.sh FILE.svg [CLIENTS]: draws where the relay's processor time goes while everybody comes back after its kill -9. Wants what flame.sh wants.
set -e
svg="$(realpath "$1")" clients="${2:-5000}"
here="$(cd "$(dirname "$0")" && pwd)"
folder="$(mktemp -d)"
chmod 755 "$folder"
export PORT=$((20000 + $$ % 10000)) TOKENS="$folder/tokens-1" FOLDER="$folder"
node "$here/prepare.mjs" pairs
# The first start is the one that is killed; the second is the one that is looked at.
cat > "$folder/start.sh" <<'START'
. "$TOKENS.env"
if [ -e "$FOLDER/killed" ]; then setsid perf record -q -F 999 -g -o "$FOLDER/data" -p $$ -- sleep 5 & fi
touch "$FOLDER/killed"
exec taskset -c 0 node --perf-basic-prof --interpreted-frames-native-stack "$RELAY"
START
export RELAY="$here/../../out/servers/relay/index.js"
taskset -c 1 "$ANCHORS_BUILD/bin/loadgen" storm --profile "$here/pairs/profile" --clients "$clients" --port "$PORT" --tokens "$TOKENS" --start-cmd "sh $folder/start.sh"
for _ in $(seq 100); do [ -z "$(fuser "$folder/data" 2> /dev/null)" ] && break; sleep 0.1; done
perf script -i "$folder/data" --no-inline -F comm,pid,tid,ip,sym,dso 2> /dev/null | node "$here/fold.mjs" > "$folder/folded"
"${FLAMEGRAPH:-/usr/share/perl5/Devel/NYTProf/flamegraph.pl}" --title "storm of $clients" --width 1600 --minwidth 2.5 --countname samples "$folder/folded" > "$svg"
cp "$folder/folded" "${svg%.svg}.folded"
rm -rf "$folder"
