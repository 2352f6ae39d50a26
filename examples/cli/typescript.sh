hutch run --tool 'reading=sh reading.sh' typescript.ts
hutch run typescript.ts
echo "status $?"
