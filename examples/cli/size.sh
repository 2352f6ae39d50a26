echo 'return await size("first.js")' | hutch run --tool size='xargs stat --format=%s' -
