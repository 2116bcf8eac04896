import { BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { ConstraintFault } from '../faults.ts'

const lookAtDisk = 'Look at the disk of the data folder: the log of the system says more.'
const lookAtFolder = 'Look at the data folder, its files and their rights.'

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) in our words; the hint of the code where none stands here. */
const codes: Readonly<Record<number, readonly [code: ErrorCode, message: string, hint?: string]>> = {
  3: ['store_unavailable', 'The store’s file may not be opened.', lookAtFolder],
  5: ['store_busy', 'Another process holds the store.'],
  6: ['store_busy', 'Another process holds the store.'],
  7: [
    'store_unavailable',
    'There is no memory left for the store.',
    'End other programs, or give this computer more memory.',
  ],
  8: ['store_readonly', 'The store cannot be written.'],
  10: ['store_unavailable', 'The disk under the store reports an error.', lookAtDisk],
  11: ['store_damaged', 'Store is damaged.'],
  13: ['store_full', 'There is no space left for the store.'],
  14: ['store_unavailable', 'The store’s file cannot be opened.', lookAtFolder],
  15: ['store_busy', 'Another process holds the store.'],
  22: ['store_full', 'The disk takes no larger file.'],
  24: ['store_damaged', 'Store is damaged: its file is not a database any more.'],
  26: ['store_damaged', 'Store is damaged: its file is not a database any more.'],
}
/** Where the primary code says too little. */
const extendedCodes: typeof codes = {
  1032: ['store_unavailable', 'The store’s file was moved or deleted.', lookAtFolder],
  4874: ['store_full', 'There is no space left for the store.'],
}
/** What the operating system says of a file beside the database. */
const systemCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['store_full', 'There is no space left in the data folder.'],
  EDQUOT: ['store_full', 'There is no space left for you in the data folder.'],
  EROFS: ['store_readonly', 'The data folder is on a disk that takes no writes.'],
  EACCES: ['store_readonly', 'The data folder cannot be written.'],
  EPERM: ['store_readonly', 'The data folder cannot be written.'],
}
const uniqueCodes: readonly number[] = [1555, 2067, 2579]
const referenceCode = 787
const constraintCode = 19

function errcodeOf(error: unknown): number | undefined {
  const errcode = (error as { errcode?: unknown } | null)?.errcode
  return typeof errcode === 'number' ? errcode : undefined
}

/** An error of the file system in our words; undefined for anything else. */
function systemFault(error: unknown): BhorError | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return undefined
  const facts = { errno: code }
  const known = systemCodes[code]
  return known
    ? new BhorError(known[0], known[1], { cause: error, facts })
    : new BhorError('store_unavailable', 'The data folder cannot be used.', {
        hint: lookAtDisk,
        cause: error,
        facts,
      })
}

/** An error of `node:sqlite` or of the file system in our words. SQLite's own texts name tables and columns, never values; they stay in `cause`. */
export function sqliteFault(error: unknown): unknown {
  const errcode = errcodeOf(error)
  if (isBhorError(error)) return error
  if (errcode === undefined) return systemFault(error) ?? error
  if ((errcode & 0xff) === constraintCode) {
    const kind = uniqueCodes.includes(errcode) ? 'unique' : errcode === referenceCode ? 'reference' : 'other'
    return new ConstraintFault(kind, error)
  }
  const known = extendedCodes[errcode] ?? codes[errcode & 0xff]
  if (!known)
    return new BhorError('internal', 'The store refused a statement.', { cause: error, facts: { errcode } })
  const [code, message, hint] = known
  return new BhorError(code, message, { cause: error, facts: { errcode }, ...(hint ? { hint } : {}) })
}

/** Runs one call to the database and tells its errors in our words. */
export function inOurWords<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw sqliteFault(error)
  }
}
