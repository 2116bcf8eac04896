import { readFileSync, writeFileSync } from 'node:fs'
import type { Finding } from './hunt.ts'

const page = new URL('../../../docs/robustness.md', import.meta.url)
const [begin, end] = [
  '<!-- planted bugs: written by npm run simulate -- --planted --table -->',
  '<!-- end -->',
]

/** Puts who has found what into the page that says so. */
export function writeTable(findings: readonly Finding[]): void {
  const text = readFileSync(page, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error('The page has no place for the table.')
  writeFileSync(page, `${before}${begin}\n\n${tableOf(findings)}\n\n${end}${after}`)
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ bug, by }) => {
    const who = by?.place.startsWith('seed')
      ? `simulation, ${by.place}: ${by.words.split(' ')[0]}`
      : `\`${by?.place}\`: ${by?.words}`
    return `| ${bug.name} | ${bug.what} | ${who} |`
  })
  return ['| bug | what bhor would do | who finds it |', '|---|---|---|', ...rows].join('\n')
}
