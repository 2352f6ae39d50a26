hutch strip typescript.ts
echo 'const a: = 1' | hutch strip -
echo "status $?"
