esbuild app.mjs --bundle --platform=node --format=esm --external:@hutch/isolate --outdir=out --out-extension:.js=.mjs
