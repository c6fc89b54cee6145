#!/bin/sh
# Contestant of ../../anchors/run.py: prepares users and conversations, then becomes the relay on $PORT.
set -e
here="$(cd "$(dirname "$0")" && pwd)"
# A restart (storm) is the restart of a relay and nothing else.
[ -f "$TOKENS" ] || node "$here/../prepare.mjs" fanout
. "$TOKENS.env"
exec node "$here/../../../out/servers/relay/index.js"
