rollup app.mjs --plugin node-resolve --plugin commonjs --external @hutch/isolate --dir out --entryFileNames '[name].mjs'
