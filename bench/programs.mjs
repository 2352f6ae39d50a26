/**
 * The guests' programs: the body of an async function in JavaScript, the same
 * in Python for Monty, and what both return. The tests run each in plain
 * JavaScript and compare; the bench compares after every single run.
 *
 * @typedef {object} Program
 * @property {string} code             the body of an async function; tools are global functions
 * @property {string} python           the same; tools are called with one dictionary
 * @property {() => unknown} expected  what it returns, compared as JSON
 */

/** @type {Program} */
export const sum = { code: 'return 1 + 1', python: '1 + 1', expected: () => 2 }

/** @param {number} calls @returns {Program} each waits for the one before */
export const callsInTurn = (calls) => ({
  code: `let sum = 0
for (let i = 0; i < ${calls}; i++) sum += await increment({ value: i })
return sum`,
  python: `total = 0
for i in range(${calls}):
    total += increment({'value': i})
total`,
  expected: () => (calls * (calls + 1)) / 2,
})

/** @param {number} entries @returns {Program} of a hundred characters each */
export const logInTurn = (entries) => ({
  code: `const text = 'x'.repeat(100)
for (let i = 0; i < ${entries}; i++) console.log(text)
return ${entries}`,
  python: `for i in range(${entries}):
    print('x' * 100)
${entries}`,
  expected: () => entries,
})

/** @param {number} calls @returns {Program} */
export const callsAtOnce = (calls) => ({
  code: `const inputs = Array.from({ length: ${calls} }, (_, value) => ({ value }))
const results = await Promise.all(inputs.map((input) => increment(input)))
return results.reduce((sum, value) => sum + value, 0)`,
  python: `sum([increment({'value': i}) for i in range(${calls})])`,
  expected: () => (calls * (calls + 1)) / 2,
})

const FIBONACCI = new Map([
  [20, 6765],
  [27, 196418],
])

/** @param {20 | 27} n @returns {Program} */
export const fibonacci = (n) => ({
  code: `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2))
return fib(${n})`,
  python: `def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib(${n})`,
  expected: () => FIBONACCI.get(n),
})

/** Builds 5,000 rows, sends them through JSON and back, and adds up some. @type {Program} */
export const rows = {
  code: `const rows = []
for (let id = 0; id < 5000; id++) {
  rows.push({ id, name: 'user ' + id, active: id % 3 === 0, score: id * 1.5 })
}
const again = JSON.parse(JSON.stringify(rows))
return again.filter((row) => row.active).reduce((sum, row) => sum + row.score, 0)`,
  python: `import json
rows = []
for id in range(5000):
    rows.append({'id': id, 'name': f'user {id}', 'active': id % 3 == 0, 'score': id * 1.5})
again = json.loads(json.dumps(rows))
sum([row['score'] for row in again if row['active']])`,
  expected: () => 6248749.5,
}

/** The host's tool returns so many bytes of JSON, of which the program keeps a few rows. */
export const filterRecords = (/** @type {number} */ bytes) =>
  /** @type {Program} */ ({
    code: `const found = await records({ bytes: ${bytes} })
const kept = found.filter((row) => row.active && row.score > 100)
return [found.length, kept.length, kept.reduce((sum, row) => sum + row.score, 0)]`,
    python: `found = records({'bytes': ${bytes}})
kept = [row for row in found if row['active'] and row['score'] > 100]
[len(found), len(kept), sum([row['score'] for row in kept])]`,
    expected: () => summaryOf(recordsOf(bytes)),
  })

/** The program hands a text of so many bytes to a tool. @param {number} bytes @returns {Program} */
export const passText = (bytes) => ({
  code: `return await measure({ text: 'x'.repeat(${bytes}) })`,
  python: `measure({'text': 'x' * ${bytes}})`,
  expected: () => bytes,
})

/** A row of a thousand empty objects, again and again: many values, few bytes. @param {number} rows */
const thousands = (rows) => Array(rows).fill(Array(1000).fill({}))

/** @param {number} rows @returns {Program} */
export const returnValues = (rows) => ({
  code: `return Array(${rows}).fill(Array(1000).fill({}))`,
  python: `[[{}] * 1000] * ${rows}`,
  expected: () => thousands(rows),
})

const MEMBERS = 1e6

/** One object, whose table the host's engine has to make larger again and again. @type {Program} */
export const members = {
  code: `const all = {}; for (let i = 0; i < ${MEMBERS}; i++) all['key' + i] = i; return all`,
  python: `{'key' + str(i): i for i in range(${MEMBERS})}`,
  expected: () => Object.fromEntries(Array.from({ length: MEMBERS }, (_, i) => [`key${i}`, i])),
}

/** @param {number} rows @returns {Program} */
export const passValues = (rows) => ({
  code: `return await length({ rows: Array(${rows}).fill(Array(1000).fill({})) })`,
  python: `length({'rows': [[{}] * 1000] * ${rows}})`,
  expected: () => rows,
})

/** @type {Program} */
export const buildText = {
  code: `let text = ''
for (let i = 0; i < 20000; i++) text += \`item \${i}, \`
const parts = text.split(', ').map((part) => part.trim().toUpperCase())
const padded = parts.map((part) => part.padEnd(12, '.'))
const joined = padded.join('|')
return [text.length, joined.length, joined.indexOf('ITEM 19999')]`,
  python: `text = ''
for i in range(20000):
    text += f'item {i}, '
parts = [part.strip().upper() for part in text.split(', ')]
padded = [part.ljust(12, '.') for part in parts]
joined = '|'.join(padded)
[len(text), len(joined), joined.find('ITEM 19999')]`,
  expected: () => [228890, 260012, 259987],
}

/** Sorts orders by two keys, groups them and takes the best groups. @type {Program} */
export const sortAndGroup = {
  code: `let seed = 42
const random = (below) => (seed = (seed * 16807) % 2147483647) % below
const orders = []
for (let id = 0; id < 5000; id++) {
  orders.push({ id, city: 'city ' + random(50), price: random(10000) })
}
orders.sort((a, b) => (a.city < b.city ? -1 : a.city > b.city ? 1 : a.price - b.price || a.id - b.id))
const totals = {}
for (const { city, price } of orders) totals[city] = (totals[city] ?? 0) + price
const best = Object.entries(totals).sort((a, b) => b[1] - a[1]).slice(0, 3)
return [orders[0].id, orders[4999].id, ...best]`,
  python: `state = [42]
def random(below):
    state[0] = state[0] * 16807 % 2147483647
    return state[0] % below
orders = []
for id in range(5000):
    orders.append({'id': id, 'city': 'city ' + str(random(50)), 'price': random(10000)})
orders.sort(key=lambda order: (order['city'], order['price'], order['id']))
totals = {}
for order in orders:
    totals[order['city']] = totals.get(order['city'], 0) + order['price']
best = sorted([[city, total] for city, total in totals.items()], key=lambda pair: -pair[1])[:3]
[orders[0]['id'], orders[4999]['id']] + best`,
  expected: () => [3038, 1540, ['city 18', 656930], ['city 13', 585326], ['city 35', 584773]],
}

/** Takes 2,000 log lines apart with regular expressions. @type {Program} */
export const parseLog = {
  code: `const levels = ['INFO', 'WARN', 'ERROR']
let log = ''
for (let i = 0; i < 2000; i++) {
  log += \`2026-11-\${10 + (i % 20)} \${levels[i % 3]} [service\${i % 7}] user\${i}@example.com  took \${i % 90}ms\\n\`
}
const line = /^(\\d{4})-(\\d{2})-(\\d{2}) (INFO|WARN|ERROR) \\[(\\w+)\\] (.*)$/
const counts = {}
let slowest = 0
for (const text of log.trim().split('\\n')) {
  const [, , , day, level, service, rest] = line.exec(text)
  if (level !== 'INFO') counts[service] = (counts[service] ?? 0) + 1
  slowest = Math.max(slowest, Number(/(\\d+)ms$/.exec(rest)[1]) + Number(day) / 100)
}
const addresses = log.match(/[\\w.]+@[\\w.]+\\.com/g)
const tidy = log.replace(/\\s+/g, ' ')
return [counts.service0, counts.service6, slowest, addresses.length, tidy.length]`,
  python: `import re
levels = ['INFO', 'WARN', 'ERROR']
log = ''
for i in range(2000):
    log += f'2026-11-{10 + i % 20} {levels[i % 3]} [service{i % 7}] user{i}@example.com  took {i % 90}ms\\n'
line = re.compile(r'^(\\d{4})-(\\d{2})-(\\d{2}) (INFO|WARN|ERROR) \\[(\\w+)\\] (.*)$')
took = re.compile(r'(\\d+)ms$')
counts = {}
slowest = 0
for text in log.strip().split('\\n'):
    found = line.match(text)
    if found.group(4) != 'INFO':
        counts[found.group(5)] = counts.get(found.group(5), 0) + 1
    slowest = max(slowest, int(took.search(found.group(6)).group(1)) + int(found.group(3)) / 100)
addresses = re.findall(r'[\\w.]+@[\\w.]+\\.com', log)
tidy = re.sub(r'\\s+', ' ', log)
[counts['service0'], counts['service6'], slowest, len(addresses), len(tidy)]`,
  expected: () => [190, 190, 89.29, 2000, 115326],
}

/** Does sums for some 100 ms in QuickJS. No clock: not every sandbox lets its own go on. @type {Program} */
export const spin = {
  code: `let x = 0
for (let i = 0; i < 2000000; i++) x = (x * 31 + i) % 1000003
return x`,
  python: `x = 0
for i in range(2000000):
    x = (x * 31 + i) % 1000003
x`,
  expected: () => 235197,
}

/** @typedef {{ id: number, name: string, email: string, active: boolean, score: number }} Row */

/** The rows of each size, made once: their making is no part of what is measured. */
const kept = /** @type {Map<number, Row[]>} */ (new Map())

/** @param {number} bytes of JSON, within a row of it @returns {Row[]} */
function recordsOf(bytes) {
  const known = kept.get(bytes)
  if (known !== undefined) return known
  const made = []
  for (let id = 0, size = 2; size < bytes; id += 1) {
    const row = {
      id,
      name: `user ${id}`,
      email: `user${id}@example.com`,
      active: id % 3 === 0,
      score: (id * 7) % 1000,
    }
    size += JSON.stringify(row).length + 1
    made.push(row)
  }
  kept.set(bytes, made)
  return made
}

/** @param {Row[]} found */
function summaryOf(found) {
  const matching = found.filter((row) => row.active && row.score > 100)
  return [found.length, matching.length, matching.reduce((total, row) => total + row.score, 0)]
}

/** The tools of every context. */
export const tools = {
  increment: async (/** @type {{ value: number }} */ { value }) => value + 1,
  records: async (/** @type {{ bytes: number }} */ { bytes }) => recordsOf(bytes),
  measure: async (/** @type {{ text: string }} */ { text }) => text.length,
  length: async (/** @type {{ rows: unknown[] }} */ { rows }) => rows.length,
}
