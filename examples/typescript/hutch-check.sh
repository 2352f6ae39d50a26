hutch check weather.ts --tools tools.d.ts
echo "status $?"
