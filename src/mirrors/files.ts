import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { MirrorContent, MirrorFiles, MirrorPlace } from '../contracts/mirrors.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { whyUnwritten } from '../core/system-words.ts'
import { formats, textWith } from './formats.ts'
import { checkPlace } from './place.ts'

/** Far more than any such file has. */
const largestBytes = 256 * 1024
/** Somebody else writes at the same moment: what he wrote is looked at again. */
const mostTries = 20
/** Larger than nearly every such file: of one that is written in place. */
const blockBytes = 4096
/** What a write that was cut off has left goes with a later one. */
const leftAfterMs = 60_000

export interface MirrorFilesOptions {
  /** The data folder, in which no mirror may be. */
  readonly home: string
  readonly random: Random
  /** Of this computer; for times that are written without a zone. */
  readonly timeZone: string
}

/** As any session: to see whether its token has a place in a file. */
const anySession = {
  ...{ account: 'account', broker: 'broker', kind: 'live', generation: 1, apiKey: 'key' },
  ...{ accessToken: 'token', refreshToken: '', extendedToken: '', userId: '', userName: '', email: '' },
  ...{ exchanges: [], products: [], orderTypes: [], baseUrl: '', issuedAtMs: 0, expiresAtMs: 0 },
  rateLimit: { requestsPerSecond: 1, burstSize: 1 },
} satisfies Omit<MirrorContent, 'variables'>

/** Mirrors as real files. */
export function mirrorFiles({ home, random, timeZone }: MirrorFilesOptions): MirrorFiles {
  const contextOf = ({ template }: MirrorPlace, variables: MirrorContent['variables']) => ({
    ...{ template, variables, timeZone },
  })
  return {
    async check(place, variables) {
      await checkPlace(place.path, home)
      const format = formats[place.format]
      format.check?.(place.template)
      const text = await inWords(place, async () => {
        const before = await readPlain(place.path)
        const content = { ...anySession, variables }
        return textWith(format, before || undefined, content, contextOf(place, variables))
      })
      if (text === undefined) throw noPlaceIn(place, 'mirror_invalid')
    },
    tokensIn: (place, variables) =>
      inWords(place, async () => {
        const text = await readPlain(place.path)
        const found = text && formats[place.format].tokens(text, contextOf(place, variables))
        if (!found) return undefined
        const { access, refresh } = found
        return { access: new Secret(access), ...(refresh ? { refresh: new Secret(refresh) } : {}) }
      }),
    write: (place, content, isOurs) =>
      inWords(place, async () => {
        await checkPlace(place.path, home)
        const format = formats[place.format]
        const context = contextOf(place, content.variables)
        for (let tries = 1; ; tries++) {
          const before = await readPlain(place.path)
          const found = before ? format.tokens(before, context) : undefined
          if (found && found.access !== content.accessToken && !isOurs(found.access))
            throw new BhorError('mirror_conflict')
          const text = textWith(format, before || undefined, content, context)
          if (text === undefined) throw noPlaceIn(place, 'mirror_unwritable')
          const isWritten = place.isInPlace
            ? await writeInPlace(place.path, before, text)
            : await replace(place.path, before, text, random)
          if (isWritten) return
          if (tries === mostTries)
            throw new BhorError('mirror_unwritable', 'Somebody else writes the file all the time.')
        }
      }),
  }
}

/** The text of a plain file; undefined where there is none. */
async function readPlain(path: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  await using opened = file
  const stats = await opened.stat()
  if (!stats.isFile())
    throw new BhorError('mirror_unwritable', `${printable(path, 400)} is not a plain file.`)
  if (stats.size > largestBytes)
    throw new BhorError(
      'mirror_unwritable',
      `${printable(path, 400)} is larger than 256 KiB; it was left as it is.`,
    )
  return utf8(path, await opened.readFile())
}

function utf8(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new BhorError('mirror_unwritable', `${printable(path, 400)} is not UTF-8; it was left as it is.`)
  }
}

/**
 * Puts a whole file in the place of the one that was read, at once: whoever reads finds the one or the other.
 *
 * @returns false where somebody else has written meanwhile
 */
async function replace(
  path: string,
  before: string | undefined,
  text: string,
  random: Random,
): Promise<boolean> {
  const part = `${path}.${Buffer.from(random.bytes(4)).toString('hex')}.part`
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW
  try {
    {
      await using file = await open(part, flags, 0o600)
      await file.writeFile(text)
      await file.sync()
    }
    await removeLeft(path, (await stat(part)).mtimeMs)
    if ((await readPlain(path)) !== before) return false
    await rename(part, path)
    await syncFolder(dirname(path))
    return true
  } finally {
    await rm(part, { force: true })
  }
}

/**
 * Over what stands there, in one go, with blank lines up to a whole block: so that every write covers all that was there
 * before, and nothing has to be cut off. A file never gets shorter by it.
 */
async function writeInPlace(path: string, before: string | undefined, text: string): Promise<boolean> {
  if ((await readPlain(path)) !== before) return false
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW
  await using file = await open(path, flags, 0o600)
  const { size, mode } = await file.stat()
  if ((mode & 0o077) !== 0) await file.chmod(0o600)
  const bytes = Buffer.from(`${text.trimEnd()}\n`)
  const whole = Math.max(size, Math.ceil(bytes.length / blockBytes) * blockBytes)
  const padded = Buffer.concat([bytes, Buffer.alloc(whole - bytes.length, '\n')])
  const { bytesWritten } = await file.write(padded, 0, padded.length, 0)
  if (bytesWritten !== padded.length)
    throw new BhorError('mirror_unwritable', 'The disk took only a part of it.')
  await file.sync()
  return true
}

/** By the clock of the file system alone. */
async function removeLeft(path: string, nowMs: number): Promise<void> {
  const folder = dirname(path)
  const name = basename(path)
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(`${name}.`) || !/^\.[0-9a-f]{8}\.part$/.test(entry.slice(name.length))) continue
    const left = await stat(join(folder, entry)).catch(() => undefined)
    if (left && nowMs - left.mtimeMs > leftAfterMs) await rm(join(folder, entry), { force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using opened = await open(folder, constants.O_RDONLY)
  await opened.sync()
}

/** What the system, or the text of the file, says against it. */
async function inWords<T>({ path, isInPlace }: MirrorPlace, work: () => Promise<T>): Promise<T> {
  const shown = printable(path, 400)
  try {
    return await work()
  } catch (error) {
    if (
      isBhorError(error, 'bad_json') ||
      isBhorError(error, 'duplicate_field') ||
      isBhorError(error, 'too_deep')
    )
      throw new BhorError('mirror_unwritable', `${shown} was left as it is. ${error.message}`, {
        hint: 'Correct the file, or take it away: then a new one is written.',
        cause: error,
      })
    if (isBhorError(error, 'mirror_invalid'))
      throw new BhorError('mirror_unwritable', error.message, { hint: error.hint, cause: error })
    if (isBhorError(error, 'mirror_conflict')) throw conflictAt(shown)
    if (isBhorError(error)) throw error
    const { code = '' } = error as NodeJS.ErrnoException
    if ((code === 'EBUSY' || code === 'EXDEV') && !isInPlace)
      throw new BhorError(
        'mirror_unwritable',
        `${shown} cannot be replaced (${code}): it is mounted by itself.`,
        {
          hint: 'Add the mirror with --in-place.',
          cause: error,
        },
      )
    throw new BhorError('mirror_unwritable', `${shown} could not be written: ${whyUnwritten(code)}.`, {
      cause: error,
    })
  }
}

function noPlaceIn({ path, format }: MirrorPlace, code: 'mirror_invalid' | 'mirror_unwritable'): BhorError {
  const text = `${printable(path, 400)} has no place where the format ${format} could put a token and find it again.`
  return new BhorError(code, text, {
    hint: 'Correct the file, or take it away; a file of another shape needs the format json with a template.',
    facts: { field: 'path' },
  })
}

function conflictAt(shown: string): BhorError {
  return new BhorError(
    'mirror_conflict',
    `${shown} holds a token that bhor did not write. It was left alone.`,
  )
}
