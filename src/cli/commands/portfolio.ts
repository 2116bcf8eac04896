import { Command } from 'commander'
import type {
  AccountPortfolio,
  PortfolioAmounts,
  PortfolioSums,
  PortfolioTotal,
  PortfolioView,
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
        terminal.say(`As of ${istText(view.asOf)} IST.`)
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
  const head = ['ACCOUNT', 'BROKER', 'INVESTED', 'VALUE', 'P&L', 'TODAY', 'POSITIONS', 'FUNDS']
  const rows = own.map(({ account, broker, sums }) => [account, broker, ...sumCells(sums)])
  const members = total.groups.length > 1 || total.groups[0]?.group ? total.groups : []
  const named = members.map((sums) => sumsRow(sums.group ?? 'no group', sums))
  const together = own.length > 1 ? [sumsRow('together', total)] : []
  return table([head, ...rows, ...named, ...together], [2, 3, 4, 5, 6, 7])
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
    pnl(sums.holdingsDayPnl),
    pnl(sums.positionsPnl),
    rupees(sums.available),
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
      account,
    ]),
  )
  if (rows.length === 0) return ''
  const head = ['POSITION', 'PRODUCT', 'QUANTITY', 'AVERAGE', 'LAST', 'P&L', 'IN']
  return table([head, ...rows], [2, 3, 4, 5])
}

/** Amounts as they are, without signs of money: for a spreadsheet. */
function* csvRows({ accounts }: PortfolioView): Generator<(string | null)[]> {
  const columns = [
    'exchange',
    'symbol',
    'isin',
    'product',
    'quantity',
    'averagePrice',
    'lastPrice',
    'invested',
    'value',
    'pnl',
    'dayPnl',
    'available',
    'used',
  ] as const
  yield ['kind', 'account', 'broker', 'group', 'asOf', 'part', 'segment', ...columns, 'error']
  for (const account of accounts) {
    const about = [account.kind, account.account, account.broker, account.group, account.asOf]
    const row = (
      part: string,
      fields: Readonly<Record<string, string | null>>,
      segment: string | null = null,
    ) => [...about, part, segment, ...columns.map((column) => fields[column] ?? null), null]
    for (const holding of account.holdings ?? []) yield row('holding', { ...holding })
    for (const position of account.positions ?? []) yield row('position', { ...position })
    for (const { segment, available, used } of account.funds ?? [])
      yield row('funds', { available, used }, segment)
    const { error } = account
    if (error)
      yield [
        ...about,
        error.missing.join(' '),
        null,
        ...columns.map(() => null),
        `${error.code}: ${error.text}`,
      ]
  }
}
