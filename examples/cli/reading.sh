# {"room":"cellar"} on standard input, a reading on standard output.
case $(cat) in
    *kitchen*) echo '{"room": "kitchen", "celsius": 21}' ;;
    *cellar*) echo '{"room": "cellar", "celsius": 12}' ;;
    *) echo "no such room" >&2; exit 1 ;;
esac
