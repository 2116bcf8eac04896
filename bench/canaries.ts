// A whole run with every secret known, and a search for each of them everywhere. See README.md.
import { canaryRun } from './support/canary-run.ts'
import { printFigures } from './support/figures.ts'

const { canaries, sinks, hits, seenWhereAllowed } = await canaryRun()
const bytes = sinks.reduce((sum, { content }) => sum + content.length, 0)

printFigures('Secrets outside of the sinks that are made for them', [
  { name: 'canaries × sinks', measured: `${canaries.length} × ${sinks.length}` },
  { name: 'MB searched', measured: (bytes / 1e6).toFixed(1) },
  { name: 'canaries that showed up where they may', measured: String(seenWhereAllowed) },
  { name: 'hits', measured: String(hits.length), target: '0', isMet: hits.length === 0 },
])
for (const { canary, form, sink } of hits) process.stdout.write(`  ${canary} (${form}) in ${sink}\n`)
