import { Command } from 'commander'
import type {
  AccountPortfolio,
  FundsView,
  Holding,
  PortfolioAmounts,
  PortfolioSums,
  PortfolioTotal,
  PortfolioView,
  Position,
} from '../../contracts/portfolio.ts'
import { csvOf } from '../../core/csv.ts'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { pnl, quantity, rupees } from '../money.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

const noAccounts = 'No accounts yet. Add one: bhor accounts add'

export function portfolioCommand(): Command {
  return new Command('portfolio')
    .description('Holdings, positions and funds of all accounts. What is missing is said; exit 1 then.')
    .option('--json', 'print JSON')
    .option('--csv', 'print one line for each holding, position and segment of funds')
    .action(async ({ json, csv }: { json?: boolean; csv?: boolean }) => {
      if (json && csv) throw new BhorError('usage', 'Give --json or --csv.')
      await using desk = await openDesk()
      const view = await call(desk, 'GET /v1/portfolio')
      if (json) terminal.json(view)
      else if (csv) terminal.data(csvOf(csvRows(view)))
      else if (view.accounts.length === 0) return terminal.say(noAccounts)
      else terminal.data(view.totals.map((total) => textOf(total, view)).join('\n\n'))
      for (const { account, error } of view.accounts)
        if (error) terminal.say(`${account}: no ${error.missing.join(', no ')}. ${error.text} ${error.hint}`)
      if (!json && !csv) {
        for (const text of view.totals.flatMap(unknownTexts)) terminal.say(text)
        if (view.asOf !== null) terminal.say(`As of ${istText(view.asOf)} IST.`)
      }
      if (view.partial) process.exitCode = 1
    })
}

const titles = {
  live: 'LIVE',
  sandbox: 'SANDBOX (simulated, no money)',
  'broker-sandbox': 'THE BROKER’S SANDBOX (no money)',
} as const satisfies Record<PortfolioTotal['kind'], string>

/** What the sums leave out, although no account is missing. */
function unknownTexts({ kind, unknown }: PortfolioTotal): string[] {
  const of = (count: number, what: string, sums: string) =>
    count === 0 ? [] : [`${kind}: ${count} without ${what}, not in ${sums}.`]
  return [
    ...of(unknown.invested, 'an average price', 'INVESTED and P&L'),
    ...of(unknown.value, 'a last price', 'VALUE and P&L'),
    ...of(unknown.dayPnl, 'a P&L of the day', 'TODAY'),
  ]
}

/** All that there is of one kind of accounts. */
function textOf(total: PortfolioTotal, { accounts }: PortfolioView): string {
  const own = accounts.filter(({ kind }) => kind === total.kind)
  return [
    terminal.bold(titles[total.kind]),
    accountsTable(total, own),
    holdingsTable(total),
    positionsTable(own),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function accountsTable(total: PortfolioTotal, own: readonly AccountPortfolio[]): string {
  const head = ['ACCOUNT', 'BROKER', 'INVESTED', 'VALUE', 'P&L', 'TODAY', 'POSITIONS', 'FUNDS', 'USED']
  const rows = own.map(({ account, broker, sums }) => [account, broker, ...sumCells(sums)])
  const members = total.groups.length > 1 || total.groups[0]?.group ? total.groups : []
  const named = members.map((sums) => sumsRow(sums.group ?? 'no group', sums))
  const together = own.length > 1 ? [sumsRow('together', total)] : []
  return table([head, ...rows, ...named, ...together], [2, 3, 4, 5, 6, 7, 8])
}

function sumsRow(name: string, sums: PortfolioSums): string[] {
  const part = sums.missing.length > 0 ? ` (without ${sums.missing.join(', ')})` : ''
  return [terminal.bold(`= ${name}${part}`), '', ...sumCells(sums)]
}

function sumCells(sums: PortfolioAmounts): string[] {
  return [
    rupees(sums.invested),
    rupees(sums.value),
    pnl(sums.holdingsPnl),
    pnl(sums.dayPnl),
    pnl(sums.positionsPnl),
    rupees(sums.available),
    rupees(sums.used),
  ]
}

function holdingsTable({ instruments }: PortfolioTotal): string {
  if (instruments.length === 0) return ''
  const rows = instruments.map((sum) => [
    sum.symbol,
    quantity(sum.quantity),
    rupees(sum.invested),
    rupees(sum.value),
    pnl(sum.pnl),
    pnl(sum.dayPnl),
    sum.accounts.join(', '),
  ])
  return table([['HOLDING', 'QUANTITY', 'INVESTED', 'VALUE', 'P&L', 'TODAY', 'IN'], ...rows], [1, 2, 3, 4, 5])
}

function positionsTable(own: readonly AccountPortfolio[]): string {
  const rows = own.flatMap(({ account, positions }) =>
    (positions ?? []).map((position) => [
      position.symbol,
      position.product,
      quantity(position.quantity),
      rupees(position.averagePrice),
      rupees(position.lastPrice),
      pnl(position.pnl),
      pnl(position.dayPnl),
      account,
    ]),
  )
  if (rows.length === 0) return ''
  const head = ['POSITION', 'PRODUCT', 'QUANTITY', 'AVERAGE', 'LAST', 'P&L', 'TODAY', 'IN']
  return table([head, ...rows], [2, 3, 4, 5, 6])
}

type Row = Holding | Position | FundsView
type FieldOf<Each> = Each extends unknown ? keyof Each : never

/** Every field of every row that the API gives. */
const columns = Object.keys({
  segment: true,
  exchange: true,
  symbol: true,
  isin: true,
  instrument: true,
  product: true,
  quantity: true,
  t1Quantity: true,
  pledgedQuantity: true,
  overnightQuantity: true,
  multiplier: true,
  averagePrice: true,
  lastPrice: true,
  closePrice: true,
  invested: true,
  value: true,
  pnl: true,
  realised: true,
  unrealised: true,
  dayPnl: true,
  available: true,
  used: true,
  cash: true,
  collateral: true,
} satisfies Record<FieldOf<Row>, true>)

/** Amounts as they are, without signs of money: for a spreadsheet. */
function* csvRows({ accounts }: PortfolioView): Generator<(string | null)[]> {
  yield ['kind', 'account', 'broker', 'group', 'asOf', 'part', ...columns, 'error']
  for (const { holdings, positions, funds, error, ...account } of accounts) {
    const about = [account.kind, account.account, account.broker, account.group, account.asOf]
    const row = (part: string, fields: Readonly<Record<string, string | null>>) => [
      ...about,
      part,
      ...columns.map((column) => fields[column] ?? null),
    ]
    for (const each of holdings ?? []) yield [...row('holding', { ...each }), null]
    for (const each of positions ?? []) yield [...row('position', { ...each }), null]
    for (const each of funds ?? []) yield [...row('funds', { ...each }), null]
    if (error) yield [...row(error.missing.join(' '), {}), `${error.code}: ${error.text}`]
  }
}
