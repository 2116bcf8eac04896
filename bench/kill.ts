// Real servers, killed with SIGKILL at random moments under load. See README.md.
import { parseArgs } from 'node:util'
import { crashRun } from './support/crash-run.ts'
import { type Figure, printFigures, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '300' }, lanes: { type: 'string', default: '3' } },
})
const startedAt = performance.now()
const perSecond = (kills: number) => (kills / ((performance.now() - startedAt) / 1000)).toFixed(1)

const counts = await crashRun({
  kills: Number(values.kills),
  lanes: Number(values.lanes),
  onKill: ({ kills, logins, handOuts, lost }) =>
    showProgress(
      `${kills} kills (${perSecond(kills)}/s), ${logins} logins, ${handOuts} hand-outs, ${lost} lost`,
    ),
})
showProgress('')

printFigures('SIGKILL under login and hand-out load', [
  { name: 'kills, and per second', measured: `${counts.kills}, ${perSecond(counts.kills)}` },
  { name: 'logins acknowledged, and cut off', measured: `${counts.logins}, ${counts.cutLogins}` },
  { name: 'hand-outs acknowledged', measured: String(counts.handOuts) },
  none('acknowledged sessions lost', counts.lost),
  none('hand-outs without an audit record', counts.unrecorded),
  none('audit chains broken', counts.broken),
])

function none(name: string, count: number): Figure {
  return { name, measured: String(count), target: '0', isMet: count === 0 }
}
