esbuild app.mjs --bundle --platform=node --format=cjs --loader:.node=file --outfile=out/app.cjs
