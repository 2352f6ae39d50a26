bun build app.mjs --compile --outfile=out/app
