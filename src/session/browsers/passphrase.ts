import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../contracts/audit.ts'
import { type PassphraseRecord, thePassphrase } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { places, proven, stamped } from '../ground/records.ts'

const shortest = 8
const longest = 1024

/** RFC 9106, second recommendation (64 MiB, three passes), with one lane: some 0.4 s on a small server. */
const cost = { memoryKiB: 65_536, passes: 3, parallelism: 1 } as const

interface Kept extends Readonly<Record<keyof typeof cost, number>> {
  /** Both base64url. */
  readonly salt: string
  readonly hash: string
}

/** @throws BhorError `store_damaged`: a passphrase that cannot be read is not none */
export async function hasPassphrase(context: SessionContext): Promise<boolean> {
  return (await recordOf(context)) !== undefined
}

/** @throws BhorError `bad_secret` for one that is too short or too long */
export async function keepPassphrase(
  context: SessionContext,
  actor: Actor,
  passphrase: string | null,
): Promise<void> {
  const detail = { set: passphrase !== null }
  const event = { actor, action: 'desk.passphrase', result: 'ok', detail } as const
  if (passphrase === null) return change(context, (c) => c.tell(event).passphrases.delete())
  const length = [...passphrase].length
  if (length < shortest || length > longest) {
    throw new BhorError('bad_secret', `The passphrase has ${length} characters.`, {
      hint: `Take ${shortest} to ${longest}; four or five random words are good.`,
    })
  }
  const salt = Buffer.from(context.random.bytes(16)).toString('base64url')
  const hash = await hashOf(passphrase, { ...cost, salt })
  const kept: Kept = { ...cost, salt, hash: hash.toString('base64url') }
  const record = stamped(context.vault, 'passphrases', {
    id: thePassphrase,
    sealedHash: context.vault.seal(JSON.stringify(kept), places.deskPassphrase()),
    changedAtMs: context.clock.nowMs(),
  })
  await change(context, (c) => c.tell(event).passphrases.set(record))
}

/** False also where none is set. @throws BhorError `store_damaged`, `seal_broken` */
export async function isPassphrase(context: SessionContext, given: string): Promise<boolean> {
  const record = await recordOf(context)
  if (!record || given.length > longest * 4) return false
  const kept = JSON.parse(context.vault.open(record.sealedHash, places.deskPassphrase()).reveal()) as Kept
  return timingSafeEqual(await hashOf(given, kept), Buffer.from(kept.hash, 'base64url'))
}

async function recordOf({ store, vault }: SessionContext): Promise<PassphraseRecord | undefined> {
  const record = await store.passphrases.get()
  return record && proven(vault, 'passphrases', record)
}

function hashOf(
  passphrase: string,
  { memoryKiB, passes, parallelism, salt }: Omit<Kept, 'hash'>,
): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    // The same passphrase typed on another keyboard may come in other code points.
    message: Buffer.from(passphrase.normalize('NFC'), 'utf8'),
    nonce: Buffer.from(salt, 'base64url'),
    memory: memoryKiB,
    passes,
    parallelism,
    tagLength: 32,
  }
  return new Promise((resolve, reject) =>
    argon2('argon2id', parameters, (error, hash) => (error ? reject(error) : resolve(hash))),
  )
}
