esbuild app.mjs --bundle --platform=node --format=esm --external:@hutch/isolate --outfile=out/app.mjs
