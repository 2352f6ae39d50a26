rollup app.mjs --plugin node-resolve --plugin commonjs --external @hutch/isolate --file out/app.mjs
