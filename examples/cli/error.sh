hutch run error.js
echo "status $?"
