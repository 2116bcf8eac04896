import { createHash } from 'node:crypto'
import { BhorError } from '../core/errors.ts'
import { base32, decodeBase32 } from './totp.ts'

/** A person who can log in at a simulated broker. Nothing about it is secret: the login page shows all of it. */
export interface SimulatedUser {
  readonly broker: string
  readonly userId: string
  readonly password: string
  /** Asked beside the TOTP when given. */
  readonly pin?: string | undefined
  /** Base32. */
  readonly totpSeed: string
  readonly name: string
  readonly email: string
}

const idPattern = /^[A-Z0-9]{2,12}$/

export class Users {
  readonly #byId = new Map<string, SimulatedUser>()
  readonly #personOf = new Map<string, string>()
  readonly #demo: SimulatedUser
  /** Whom the fault `wrong_user` logs in where the broker has no second user. Shown on no page. */
  readonly #stranger: SimulatedUser

  constructor(demo: SimulatedUser) {
    this.#demo = demo
    const userId = demo.userId.replace(/..$/, '99')
    this.#stranger = { ...demo, userId, name: 'Another User', email: 'stranger@example.com' }
    this.add(demo)
    this.add(this.#stranger)
  }
  /** Adds a user, or replaces the one with this id. Throws `bad_field`, `bad_secret`. */
  add(user: SimulatedUser): void {
    if (!idPattern.test(user.userId)) {
      throw new BhorError('bad_field', 'A simulated user id is 2 to 12 capital letters and digits.')
    }
    decodeBase32(user.totpSeed)
    this.#byId.set(user.userId, user)
  }
  get(userId: string): SimulatedUser | undefined {
    return this.#byId.get(userId)
  }
  all(): SimulatedUser[] {
    return [...this.#byId.values()].filter((user) => user !== this.#stranger)
  }
  /** Somebody else than `userId`. */
  otherThan(userId: string): SimulatedUser {
    return this.all().find((user) => user.userId !== userId) ?? this.#stranger
  }
  /**
   * The person of an app: the one with this id, who is made where nobody has it, else one of the app's own. Made
   * from the API key, so that a restart makes the same person again.
   */
  personOf(apiKey: string, userId?: string): SimulatedUser {
    const wanted = userId && idPattern.test(userId) ? userId : undefined
    const known = this.#byId.get(wanted ?? this.#personOf.get(apiKey) ?? '')
    if (known) return known
    for (let attempt = 0; ; attempt++) {
      const person = makePerson(this.#demo, `${apiKey} ${attempt}`, wanted)
      if (this.#byId.has(person.userId)) continue
      this.add(person)
      if (wanted === undefined) this.#personOf.set(apiKey, person.userId)
      return person
    }
  }
}

/** A person like `demo`: an id of the same shape, a PIN of the same length where there is one. */
function makePerson(demo: SimulatedUser, from: string, wanted: string | undefined): SimulatedUser {
  const bytesOf = (text: string) => createHash('sha256').update(`${demo.broker} ${text}`).digest()
  const shapedAs = (text: string, bytes: Buffer) =>
    text
      .replaceAll(/\d/g, (_, at: number) => String(bytes[at]! % 10))
      .replaceAll(/[A-Z]/g, (_, at: number) => base32[bytes[at]! % 26]!)
  const userId = wanted ?? shapedAs(demo.userId, bytesOf(from))
  // What a person has is made from the id alone: after a restart it may be all that is left.
  const bytes = bytesOf(userId)
  return {
    broker: demo.broker,
    userId,
    password: `demo-${userId.toLowerCase()}`,
    ...(demo.pin && { pin: shapedAs(demo.pin, bytes) }),
    totpSeed: Array.from(bytes, (byte) => base32[byte % 32]).join(''),
    name: `Demo User ${Number(userId.replaceAll(/\D/g, ''))}`,
    email: `${userId.toLowerCase()}@example.com`,
  }
}
