import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { KeyFrame, ReturnFinished, ReturnOffered, ReturnStarted } from '../../src/contracts/api.ts'
import type { Answer, Doors } from './doors.ts'

/** A page at its address, with the cookie of its browser; `half` as long as it is signed in. */
export interface KeptPage {
  readonly host: string
  readonly cookie: string
  readonly half: string
  readonly id: string
}

/** A browser that stays signed in, without the browser: its keys by the address at which they are. */
export class KeyKeeper {
  readonly keys = new Map<string, KeyObject>()

  /** As the frame at this address makes its key. */
  make(frame: string): string {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.keys.set(new URL(frame).host, privateKey)
    return publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  }
  /** As the frame at this address signs for the page that shows it. */
  sign(
    frame: string,
    { challenge, origin, nextKey }: Record<'challenge' | 'origin' | 'nextKey', string>,
  ): string {
    const key = this.keys.get(new URL(frame).host)
    if (!key) throw new Error(`There is no key at ${frame}.`)
    const text = ['bhor return', challenge, origin, nextKey].join('\n')
    return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')
  }

  /** Follows a new link, and gets a key. */
  async signIn(doors: Doors): Promise<KeptPage> {
    const headers = await doors.signIn()
    const page = {
      host: headers.host!,
      cookie: headers.cookie!,
      half: headers['x-bhor-session']!,
      id: headers.cookie!.slice('bhor_'.length, headers.cookie!.indexOf('=')),
    }
    const { frame } = (await ask(doors, page, 'POST', '/v1/desk/key', {})).json as KeyFrame
    if (frame !== null) await ask(doors, page, 'PUT', '/v1/desk/key', { publicKey: this.make(frame) })
    return page
  }

  /** Another tab, or the same one after its server was started again. */
  async comeBack(doors: Doors, page: Pick<KeptPage, 'host' | 'cookie'>): Promise<KeptPage> {
    const { host, ticket, started } = await startReturn(doors, page)
    return (await this.finish(doors, { host, ticket, started })).page!
  }
  async finish(
    doors: Doors,
    { host, ticket, started }: { host: string; ticket: string; started: ReturnStarted },
  ): Promise<{ answer: Answer; page: KeptPage | undefined }> {
    const { frame, nextFrame, challenge } = started
    const publicKey = this.make(nextFrame)
    const signature = this.sign(frame, { challenge, origin: `http://${host}`, nextKey: publicKey })
    const body = { ticket, publicKey, signature }
    const answer = await ask(doors, { host }, 'POST', '/v1/desk/return/finish', body)
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    const { id, csrf, forget = [] } = (answer.json ?? {}) as Partial<ReturnFinished>
    for (const each of forget) this.keys.delete(new URL(each).host)
    if (id === undefined || csrf === undefined) return { answer, page: undefined }
    return { answer, page: { host, cookie: cookie.split(';')[0]!, half: csrf, id } }
  }
}

export function ask(
  doors: Doors,
  { host, cookie, half }: Partial<KeptPage>,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const headers = {
    ...(host === undefined ? {} : { host }),
    'sec-fetch-site': 'same-origin',
    ...(cookie === undefined ? {} : { cookie }),
    ...(half === undefined ? {} : { 'x-bhor-session': half }),
  }
  return doors.ask(method, path, { headers, ...(body ? { body } : {}) })
}

export const offerReturn = (doors: Doors, page: Pick<KeptPage, 'host' | 'cookie'>): Promise<Answer> =>
  ask(doors, page, 'POST', '/v1/desk/return', { nonce: createHash('sha256').update(page.host).digest('hex') })

/** What whoever has the cookie gets to hear. */
export async function startReturn(doors: Doors, page: Pick<KeptPage, 'host' | 'cookie'>) {
  const { url } = (await offerReturn(doors, page)).json as ReturnOffered
  const { host, hash } = new URL(url)
  const ticket = hash.replace('#return=', '')
  const started = await ask(doors, { host }, 'POST', '/v1/desk/return/start', { ticket })
  return { host, ticket, started: started.json as ReturnStarted, answer: started }
}
