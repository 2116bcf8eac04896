const shortest = 6
const masked = '***'

/** Takes secrets out of a stream, also where one is cut in two: what may be the beginning of one waits for the rest. */
export class Mask {
  readonly #secrets: Iterable<string>
  #held = ''

  /** @param secrets read anew with each piece: there may be more of them by then */
  constructor(secrets: Iterable<string>) {
    this.#secrets = secrets
  }

  /** @param piece one character a byte */
  pass(piece: string): string {
    const secrets = [...this.#secrets].filter((secret) => secret.length >= shortest)
    // The longer first: one may be a part of another.
    const clean = secrets
      .sort((a, b) => b.length - a.length)
      .reduce((text, secret) => text.replaceAll(secret, masked), this.#held + piece)
    const held = Math.max(0, ...secrets.map((secret) => begun(clean, secret)))
    this.#held = clean.slice(clean.length - held)
    return clean.slice(0, clean.length - held)
  }

  /** What waited, when nothing comes any more: it was none. */
  end(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }
}

/** How many of the last characters are the first of a secret. */
function begun(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (text.endsWith(secret.slice(0, length))) return length
  return 0
}
