import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { BhorError } from '../core/errors.ts'
import { tryParseJson } from '../core/json.ts'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import { type Derivation, derivedBytes, isDerivation, newDerivation } from './passphrase-key.ts'

/**
 * The form of a backup: a line that says what it is and how its key is made of the passphrase, then pieces of at most
 * 64 KiB, each `length (4 bytes), ciphertext, tag`. AES-256-GCM under a key of this file's own, so that the nonce can be
 * the piece's number; its last byte says whether it is the last one, which shows a file that was cut off.
 */
const magic = 'bhor-backup '
/** Of the form; what stands in it has a version of its own. */
const formVersion = 1
const pieceBytes = 64 * 1024
const tagBytes = 16
const longestHeader = 4096
const saltBytes = 32

interface Header {
  readonly version: number
  readonly key: Derivation
  /** base64url; of this file alone. */
  readonly salt: string
  /** Proves the passphrase without telling it; base64url. */
  readonly check: string
}

interface Keys {
  readonly pieces: KeyObject
  readonly check: string
}

async function keysOf(passphrase: Secret, key: Derivation, salt: string): Promise<Keys> {
  const bytes = await derivedBytes(passphrase, key, 32)
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', bytes, Buffer.from(salt, 'base64url'), `bhor:backup:v1:${use}`, 32))
  const about = JSON.stringify([formVersion, key, salt])
  return {
    pieces: createSecretKey(derived('pieces')),
    check: createHmac('sha256', derived('check')).update(about).digest('base64url'),
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Seals a stream of bytes piece by piece. */
export class BackupSealer {
  /** The first bytes of the file. */
  readonly header: Buffer
  readonly #key: KeyObject
  #number = 0
  #waiting: Buffer[] = []
  #length = 0

  private constructor(header: Buffer, key: KeyObject) {
    this.header = header
    this.#key = key
  }

  static async begin(passphrase: Secret, random: Random): Promise<BackupSealer> {
    const key = newDerivation(random)
    const salt = Buffer.from(random.bytes(saltBytes)).toString('base64url')
    const { pieces, check } = await keysOf(passphrase, key, salt)
    const header: Header = { version: formVersion, key, salt, check }
    return new BackupSealer(Buffer.from(`${magic}${JSON.stringify(header)}\n`, 'utf8'), pieces)
  }

  /** What can be written of the file by now. */
  add(text: string): Buffer[] {
    const bytes = Buffer.from(text, 'utf8')
    this.#waiting.push(bytes)
    this.#length += bytes.length
    if (this.#length <= pieceBytes) return []
    let rest = Buffer.concat(this.#waiting)
    const sealed: Buffer[] = []
    // One byte stays at least: the last piece is not empty unless there is nothing at all.
    for (; rest.length > pieceBytes; rest = rest.subarray(pieceBytes))
      sealed.push(this.#piece(rest.subarray(0, pieceBytes), false))
    this.#waiting = [rest]
    this.#length = rest.length
    return sealed
  }
  /** The end of the file. */
  end(): Buffer {
    return this.#piece(Buffer.concat(this.#waiting), true)
  }

  #piece(plain: Buffer, isLast: boolean): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#number++, isLast), {
      authTagLength: tagBytes,
    })
    cipher.setAAD(this.header)
    const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    return Buffer.concat([length, body])
  }
}

/**
 * The lines of text in a backup. Each is authenticated before it is given; that the end is there is known when all were
 * read.
 *
 * @throws BhorError `backup_foreign`, `backup_newer`, `backup_passphrase_wrong`, `backup_truncated`, `backup_damaged`
 */
export async function* backupLines(
  chunks: AsyncIterable<Uint8Array>,
  passphrase: Secret,
): AsyncGenerator<string, void> {
  const input = new Input(chunks)
  const line = await input.line(longestHeader)
  const header = headerIn(line)
  const { pieces, check } = await keysOf(passphrase, header.key, header.salt)
  const [expected, given] = [Buffer.from(check), Buffer.from(header.check)]
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new BhorError('backup_passphrase_wrong')
  const bound = Buffer.from(`${line}\n`, 'utf8')
  let text = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let number = 0; ; number++) {
    const { plain, isLast } = openPiece(pieces, bound, number, await input.piece())
    text += decoder.decode(plain, { stream: !isLast })
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    yield* lines
    if (!isLast) continue
    if (text !== '' || !(await input.isAtEnd())) throw damaged()
    return
  }
}

function headerIn(line: string): Header {
  if (!line.startsWith(magic)) throw new BhorError('backup_foreign')
  const header = tryParseJson(line.slice(magic.length)) as Partial<Header> | null | undefined
  if (typeof header?.version === 'number' && header.version > formVersion) throw new BhorError('backup_newer')
  const { version, key, salt, check } = header ?? {}
  if (version !== formVersion || !isDerivation(key) || typeof salt !== 'string' || typeof check !== 'string')
    throw damaged()
  return { version, key, salt, check }
}

/** A piece whose end was not said before: whether it is the last one follows from which nonce opens it. */
function openPiece(
  key: KeyObject,
  bound: Buffer,
  number: number,
  body: Buffer,
): { plain: Buffer; isLast: boolean } {
  for (const isLast of [false, true]) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(bound)
    decipher.setAuthTag(body.subarray(-tagBytes))
    const plain = decipher.update(body.subarray(0, -tagBytes))
    try {
      decipher.final()
      return { plain, isLast }
    } catch {}
  }
  throw damaged()
}

function damaged(): BhorError {
  return new BhorError('backup_damaged')
}

/** Bytes as they are asked for, from chunks as they come. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async line(longest: number): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a)
      if (end >= 0)
        return this.#take(end + 1)
          .subarray(0, -1)
          .toString('latin1')
      const isOurs = magic.startsWith(this.#rest.subarray(0, magic.length).toString('latin1'))
      if (!isOurs || this.#rest.length > longest) throw new BhorError('backup_foreign')
      if (!(await this.#more()))
        throw new BhorError(this.#rest.length < magic.length ? 'backup_foreign' : 'backup_truncated')
    }
  }
  async piece(): Promise<Buffer> {
    const length = (await this.#exactly(4)).readUInt32BE()
    if (length < tagBytes || length > pieceBytes + tagBytes) throw damaged()
    return this.#exactly(length)
  }
  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more())
  }

  async #exactly(length: number): Promise<Buffer> {
    while (this.#rest.length < length) if (!(await this.#more())) throw new BhorError('backup_truncated')
    return this.#take(length)
  }
  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return taken
  }
  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (done) return false
    this.#rest = Buffer.concat([this.#rest, value])
    return value.length > 0 || this.#more()
  }
}
