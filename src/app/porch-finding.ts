import { istMoment } from '../core/ist.ts'
import type { Principal } from '../session/ground/rights.ts'
import { readCertificate } from './certificate.ts'
import { type Finding, finding, fine } from './doctor.ts'
import type { App } from './open.ts'

const dayMs = 24 * 60 * 60_000
/** Whatever renews certificates does so earlier. */
const soonMs = 14 * dayMs

/** How the porch stands, as far as this computer can see; whether it is reached from outside only somebody outside can. */
export async function porchFinding(app: App, principal: Principal): Promise<Finding> {
  const { config, clock, desk } = app
  const { url = '', local } = desk.context.porch?.() ?? {}
  const { tls, host, port } = config.porch!
  const where = `The porch is ${local === undefined && !tls ? 'configured' : 'open'} as ${url}, at ${host} port ${port}`
  const untested = `Whether it is reached from outside was not tested: open ${url}/callback/over on a phone.`
  const others = await elsewhere(app, principal)
  if (!tls) return fine(`${where}, behind a proxy that speaks TLS. ${untested}${others}`)
  const { endsAtMs, isFor } = readCertificate(tls)
  const ends = istMoment(endsAtMs)
  const { hostname } = new URL(url)
  if (!isFor(hostname)) {
    const hint = 'Get one for that name; phones refuse this one.'
    return finding('warning', `The certificate of the porch is not for ${hostname}.`, hint)
  }
  const leftMs = endsAtMs - clock.nowMs()
  const hint = 'Renew it; bhor takes the new files by itself.'
  if (leftMs <= 0) return finding('warning', `The certificate of the porch ended ${ends}.`, hint)
  if (leftMs < soonMs) return finding('warning', `The certificate of the porch ends ${ends}.`, hint)
  return fine(`${where}. Its certificate lasts until ${ends}. ${untested}${others}`)
}

/** The accounts of which a login does not come back to the porch, and what to register for them. */
async function elsewhere({ desk }: App, principal: Principal): Promise<string> {
  const { url = '' } = desk.context.porch?.() ?? {}
  const accounts = await desk.accounts.list(principal)
  const others = accounts.filter(
    ({ kind, broker, redirectUrl }) =>
      kind !== 'sandbox' && redirectUrl !== '' && redirectUrl !== `${url}/callback/${broker}`,
  )
  if (others.length === 0) return ''
  const lines = others.map(({ account, broker }) => `${account}: ${url}/callback/${broker}`)
  return ` These accounts come back elsewhere; for the phone register at the broker, and set with bhor accounts edit --redirect-url: ${lines.join(', ')}.`
}
