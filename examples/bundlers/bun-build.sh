bun build app.mjs --target=bun --outdir=out
