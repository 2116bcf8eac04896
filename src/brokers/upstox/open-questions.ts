import type { OpenQuestion } from '../../contracts/broker.ts'

const of = (id: string, path: string, asks: string): OpenQuestion => ({ id, host: 'api', path, asks })
/** The list of what this token may do is documented nowhere. */
const extended = (question: OpenQuestion): OpenQuestion => ({
  ...question,
  id: `${question.id}-extended`,
  asks: 'May the extended token read this?',
  token: 'extended',
})

const profile = of(
  'profile',
  '/v2/user/profile',
  'Which fields does the profile have, and does it answer at night?',
)
const holdings = of('holdings', '/v2/portfolio/long-term-holdings', 'Which fields do holdings have?')
const positions = of('positions', '/v2/portfolio/short-term-positions', 'Which fields do positions have?')
const funds = of(
  'funds',
  '/v3/user/get-funds-and-margin',
  'Which fields do funds have, and when are they closed?',
)
const orders = of(
  'orders',
  '/v2/order/retrieve-all',
  'Which fields does an order have, and when is the book closed?',
)

/** What Upstox documents nowhere, or by an example only, and a read tells. `bhor doctor --learn` asks it. */
export const openQuestions: readonly OpenQuestion[] = [
  profile,
  {
    ...of('dead-token', profile.path, 'How is a token refused that is none: status and code?'),
    token: 'none',
  },
  funds,
  of('funds-v2', '/v2/user/get-funds-and-margin', 'Which fields do funds have in v2?'),
  holdings,
  positions,
  orders,
  of('trades', '/v2/order/trades/get-trades-for-day', 'Which fields does a trade have?'),
  of('addresses', '/v2/user/ip', 'Which fields do the registered addresses have?'),
  of('kill-switch', '/v2/user/kill-switch', 'Which fields does the kill switch have?'),
  ...[profile, funds, holdings, positions, orders].map(extended),
]
