hutch run --tool 'reading=sh reading.sh' --tool 'notify=echo "no network" >&2; exit 7' tools.js
