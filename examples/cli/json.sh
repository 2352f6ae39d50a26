echo 'console.warn("careful"); return { ok: true }' | hutch run --json - | sed 's/"ms":[0-9.]*/"ms":1.234/'
