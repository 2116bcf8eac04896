import type { OpenQuestion } from '../../contracts/broker.ts'

const of = (id: string, path: string, asks: string): OpenQuestion => ({ id, host: 'api', path, asks })

/** What Zerodha documents nowhere, or by an example only, and a read tells. `bhor doctor --learn` asks it. */
export const openQuestions: readonly OpenQuestion[] = [
  of('profile', '/user/profile', 'Which fields does the profile have, and of which type?'),
  {
    ...of('dead-token', '/user/profile', 'How is a token refused that is none: status and error_type?'),
    token: 'none',
  },
  // In gokiteconnect, and in no documentation.
  of('profile-full', '/user/profile/full', 'Is the full profile there for an individual’s app?'),
  of('margins', '/user/margins', 'Which fields do margins have where a segment is not enabled?'),
  of('holdings', '/portfolio/holdings', 'Which fields do holdings have, mtf and t1_quantity among them?'),
  of('holdings-summary', '/portfolio/holdings/summary', 'Is the summary there, and with which fields?'),
  of('holdings-compact', '/portfolio/holdings/compact', 'Is the compact list there, and with which fields?'),
  of('positions', '/portfolio/positions', 'Which fields do positions have?'),
  of('orders', '/orders', 'Which fields of an order are missing, and which are null?'),
  of('trades', '/trades', 'Is order_timestamp of a trade a time only?'),
  of('gtt', '/gtt/triggers', 'May triggers be read from any address?'),
  // By mock and documentation without `status`.
  of('sips', '/mf/sips', 'Does the list of SIPs come without a status?'),
]
