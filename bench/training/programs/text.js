// Splitting, matching, replacing and building text.
const words = 'the quick brown fox jumps over the lazy dog while seven wizards box'.split(' ')
const lines = []
for (let i = 0; i < 300; i++) {
  const word = words[i % words.length]
  lines.push(`${i}: ${word.toUpperCase()} ${word.slice(1)} <${word}@example.org> 2024-0${(i % 9) + 1}-1${i % 10}`)
}
const page = lines.join('\n')
const mails = [...page.matchAll(/<([\w.]+)@([\w.]+)>/g)].map(([, user, host]) => ({ user, host }))
const dates = page.match(/\d{4}-\d{2}-\d{2}/g) ?? []
const counts = {}
for (const word of page.toLowerCase().replace(/[^a-z\s]/g, ' ').split(/\s+/)) {
  if (word.length > 2) counts[word] = (counts[word] ?? 0) + 1
}
let built = ''
for (let i = 0; i < 2000; i++) built += String.fromCharCode(97 + (i % 26))
const title = page.replace(/\b([a-z])/g, (letter) => letter.toUpperCase())
const top = Object.entries(counts).sort(([, a], [, b]) => b - a).slice(0, 5)
return (
  mails.length === 300 &&
  dates.length === 300 &&
  built.length === 2000 &&
  title.includes('Quick') &&
  top.length === 5 &&
  built.includes('xyz') &&
  page.indexOf('wizards') > 0 &&
  ' a '.trim().padStart(4, '.') === '...a'
)
