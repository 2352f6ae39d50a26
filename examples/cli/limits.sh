echo 'while (true) {}' | hutch run --timeout 200ms -
echo "status $?"
