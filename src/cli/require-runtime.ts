import { errorTable } from '../core/errors.ts'

const oldestNode = '26.5.1'
/** Node can be built with the system's SQLite. */
const oldestSqlite = '3.51.3'

function fault({ node, sqlite }: NodeJS.ProcessVersions): string | undefined {
  if (isOlder(node, oldestNode)) return `bhor needs Node ${oldestNode} or newer; this is ${node}.`
  return sqlite !== undefined && isOlder(sqlite, oldestSqlite)
    ? `bhor needs SQLite ${oldestSqlite} or newer; this is ${sqlite}.`
    : undefined
}

function isOlder(version: string, oldest: string): boolean {
  const [ours, theirs] = [oldest, version].map((text) => text.split('.').map(Number))
  const at = [0, 1, 2].find((i) => ours?.[i] !== theirs?.[i])
  return at !== undefined && (theirs?.[at] ?? 0) < (ours?.[at] ?? 0)
}

// The entry's first import: runs before any module that an old Node knows too little for.
const found = fault(process.versions)
if (found !== undefined) {
  const { exit, hint } = errorTable.runtime_too_old
  process.stderr.write(`bhor: ${found}\n      Try: ${hint}\n`)
  process.exit(exit)
}
