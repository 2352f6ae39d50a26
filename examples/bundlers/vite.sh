vite build --ssr app.mjs --outDir out
