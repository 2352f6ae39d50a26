// Classes, closures, generators, destructuring, errors, dates, promises.
class Account {
  #balance = 0
  static created = 0
  constructor(owner, opening = 0) {
    this.owner = owner
    this.#balance = opening
    Account.created++
  }
  get balance() {
    return this.#balance
  }
  deposit(amount) {
    if (!(amount > 0)) throw new RangeError(`cannot deposit ${amount}`)
    this.#balance += amount
    return this
  }
}
class Savings extends Account {
  constructor(owner, opening, rate) {
    super(owner, opening)
    this.rate = rate
  }
  interest() {
    return this.balance * this.rate
  }
}
function* pages(items, size) {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size)
}
const accounts = Array.from({ length: 200 }, (_, i) => (i % 2 ? new Savings(`s${i}`, i, 0.02) : new Account(`a${i}`)))
const failures = []
for (const account of accounts) {
  try {
    account.deposit(account.owner.length - 2).deposit(5)
  } catch ({ name, message }) {
    failures.push(`${name}: ${message}`)
  }
}
const listing = Object.fromEntries(accounts.map(({ owner, balance }) => [owner, { balance, owner }]))
const { a0, ...others } = listing
const paged = [...pages(Object.keys(others), 30)]
const seen = new Set(paged.flat())
const delay = async (value) => value
const settled = await Promise.allSettled(accounts.slice(0, 20).map((account, i) => (i % 5 ? delay(account.balance) : Promise.reject(new Error('no')))))
const day = new Date(Date.UTC(2024, 1, 28))
day.setUTCDate(day.getUTCDate() + 2)
console.log(settled.length, day.toISOString(), { a0, seen: seen.size })
return (
  failures.length === 10 &&
  seen.size === 199 &&
  settled.filter(({ status }) => status === 'rejected').length === 4 &&
  day.toISOString().startsWith('2024-03-01') &&
  accounts[1].interest?.() > 0 &&
  Account.created === 200
)
