import { parseArgs } from 'node:util'
import { repeats, simulateMany, summary } from './many.ts'
import { plantedBugs } from './planted/bugs.ts'
import { type Finding, hunt, lineOf } from './planted/hunt.ts'
import { writeTable } from './planted/table.ts'
import { simulate } from './simulate.ts'

const usage = `npm run simulate -- --seeds 500 --days 30   worlds from seed 1 on, on every core
npm run simulate -- --seed 7 --days 3      one world, every step of it
npm run simulate -- --planted              who finds which planted bug, in 24 worlds or by a named test`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    days: { type: 'string' },
    seed: { type: 'string' },
    planted: { type: 'boolean' },
    only: { type: 'string' },
    table: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const number = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isInteger(value) && value > 0) return value
  console.error(usage)
  process.exit(64)
}
const days = number(values.days, 3)

if (values.help) console.log(usage)
else if (values.planted) await huntAll(number(values.seeds, 24), values.only ?? '')
else if (values.seed !== undefined) await showOne(number(values.seed, 1))
else await runMany(number(values.from, 1), number(values.seeds, 20))

async function showOne(seed: number): Promise<void> {
  const { failure, ...counts } = await simulate({ seed, days, print: (line) => console.log(line) })
  console.log(JSON.stringify(counts))
  if (!failure) return
  console.log(failure.text)
  process.exitCode = 1
}

async function huntAll(seeds: number, part: string): Promise<void> {
  const findings: Finding[] = []
  for (const bug of plantedBugs.filter(({ name }) => name.includes(part))) {
    const finding = await hunt(bug, seeds)
    findings.push(finding)
    console.log(lineOf(finding))
    if (!finding.by) process.exitCode = 1
  }
  const found = findings.filter(({ by }) => by).length
  console.log(`${found} of ${findings.length} planted bugs were found`)
  if (values.table && part === '' && found === findings.length) writeTable(findings)
}

async function runMany(from: number, count: number): Promise<void> {
  const orders = Array.from({ length: count }, (_, at) => ({ seed: from + at, days }))
  const results = await simulateMany(orders, ({ failure, ...order }) => {
    if (failure) console.log(`${failure.text.split('\n')[0]}\n  again: ${repeats(order)}`)
  })
  console.log(summary(results))
  if (results.some(({ failure }) => failure)) process.exitCode = 1
}
