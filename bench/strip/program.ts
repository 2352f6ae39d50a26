// Which customers are at risk of leaving, and what would it cost to keep them?
interface Customer {
  id: string
  name: string
  plan: 'free' | 'team' | 'enterprise'
  seats: number
  renewsAt: string
}

type Usage = { customerId: string; week: number; activeSeats: number }
type Risk = Customer & { trend: number; score: number }

const DAY_MS: number = 24 * 60 * 60 * 1000
const PRICE: Record<Customer['plan'], number> = { free: 0, team: 12, enterprise: 29 }

async function withRetry<T>(action: () => Promise<T>, attempts = 3): Promise<T> {
  let last: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await action()
    } catch (error: unknown) {
      last = error
      console.warn(`attempt ${attempt} failed: ${(error as Error).message}`)
    }
  }
  throw last
}

const customers = (await external_listCustomers({ limit: 500 })) as Customer[]
const paying = customers.filter((customer): boolean => customer.plan !== 'free')
const usage = await Promise.all(
  paying.map(({ id }) => withRetry<Usage[]>(() => external_getUsage({ customerId: id, weeks: 8 }))),
)

function slope(points: readonly Usage[]): number {
  const n = points.length
  if (n < 2) return 0
  const meanX = points.reduce((sum, { week }) => sum + week, 0) / n
  const meanY = points.reduce((sum, { activeSeats }) => sum + activeSeats, 0) / n
  let above = 0
  let below = 0
  for (const { week, activeSeats } of points) {
    above += (week - meanX) * (activeSeats - meanY)
    below += (week - meanX) ** 2
  }
  return below > 0 ? above / below : 0
}

const risks: Risk[] = paying.map((customer, index) => {
  const trend = slope(usage[index]!)
  const days = (Date.parse(customer.renewsAt) - Date.now()) / DAY_MS
  const urgency = days < 30 ? 2 : days < 90 ? 1.5 : 1
  return { ...customer, trend, score: Math.max(0, -trend / customer.seats) * urgency }
})

const top = risks.filter((risk) => risk.score > 0.05).sort((a, b) => b.score - a.score).slice(0, 10)
console.log(`${top.length} of ${paying.length} customers are at risk`)
return {
  revenueAtRisk: top.reduce((sum, { plan, seats }) => sum + PRICE[plan] * seats, 0),
  customers: top.map(({ name, score }) => ({ name, score: Math.round(score * 100) / 100 })),
} satisfies { revenueAtRisk: number; customers: { name: string; score: number }[] }
