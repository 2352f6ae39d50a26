// attack: dates at the edges of their range
// expect: done "contained"
for (const x of [8.64e15, -8.64e15, 8.64e15 + 1, NaN, Infinity, 1e300, -0]) {
  const d = new Date(x)
  try { void d.toString(), d.toLocaleString(), d.getTimezoneOffset(), d.toISOString() } catch {}
}
void Date.parse('9'.repeat(100000))
return 'contained'
