// Numbers: calls, loops, typed arrays, a sieve, a matrix.
const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2))
function sieve(limit) {
  const composite = new Uint8Array(limit + 1)
  const primes = []
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue
    primes.push(n)
    for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1
  }
  return primes
}
function multiply(a, b) {
  return a.map((row) => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)))
}
let matrix = [[1, 1], [1, 0]]
for (let i = 0; i < 20; i++) matrix = multiply(matrix, [[1, 1], [1, 0]]).map((row) => row.map((v) => v % 1000007))
let hash = 0
for (let i = 0; i < 20000; i++) hash = ((hash << 5) - hash + i) | 0
const mean = Array.from({ length: 1000 }, (_, i) => Math.sqrt(i)).reduce((a, b) => a + b, 0) / 1000
const numbers = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000)
numbers.sort((a, b) => a - b)
return fib(16) === 987 && sieve(5000).length === 669 && numbers[999] === 999 && mean > 21 && Number.isInteger(hash) && matrix[0][0] > 0
